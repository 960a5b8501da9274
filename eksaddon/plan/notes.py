"""Findings about the observed state, regardless of what the plan writes; pure."""

from collections.abc import Iterator

from eksaddon.domain.desired import DesiredState
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.json import canonical
from eksaddon.domain.observed import Managed
from eksaddon.plan.inputs import Situation
from eksaddon.rules.version.choice import Keep, Refuse
from eksaddon.rules.version.way_back import way_back

HELD = frozenset({"CREATING", "UPDATING"})
"""States of an add-on while EKS works on it."""


def of_version(case: Situation) -> Iterator[Diagnostic]:
    """Findings about the choice of the version that a saved plan cannot derive again."""
    match case.choice:
        case Refuse(finding=finding):
            yield finding
        case Keep(finding=finding):
            if finding is not None:
                yield finding
        case move:
            yield from way_back(move, case.versions)


def waived(desired: DesiredState) -> Iterator[Diagnostic]:
    """Findings for waived fields, so that they are not mistaken for in sync."""
    for path, value in desired.waived.items():
        waiver = next(each for each in desired.waivers if each.covers(path))
        yield Diagnostic(
            Severity.INFO,
            "waived",
            f"{path} {canonical(value)} is waived until {waiver.until}",
            f"{waiver.owner}: {waiver.reason}",
            waiver.location,
        )


def of_status(observed: Managed) -> tuple[Diagnostic, ...]:
    if observed.status in HELD:
        summary = f"the add-on is {observed.status}: another update is in progress"
        return (Diagnostic(Severity.WARNING, "addon-busy", summary, "apply waits for it to finish"),)
    if observed.status == "ACTIVE" and not observed.issues:
        return ()
    issues = "; ".join(map(str, observed.issues))
    summary = f"the add-on is {observed.status}" + (f" ({issues})" if issues else "")
    detail = "the update may fix it; otherwise, apply reports the cluster as failed"
    return (Diagnostic(Severity.WARNING, "addon-unhealthy", summary, detail),)
