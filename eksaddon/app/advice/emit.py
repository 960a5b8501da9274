"""The values of one cluster's add-on for another tool: the planned ones, or else the stored ones."""

from collections.abc import Iterator

from eksaddon.app.fleet.fleet import Fleet
from eksaddon.app.fleet.plan import Seen, make_plan
from eksaddon.app.session import Session
from eksaddon.domain.desired import DesiredState
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.observed import Managed, Unreachable
from eksaddon.domain.plan import Action
from eksaddon.report.emit.emission import Emission
from eksaddon.values import Unreadable, parse_values

_MOST_NAMES = 5


def emission(fleet: Fleet, session: Session, seen: Seen) -> Emission:
    """Plan the cluster if something is desired, and return the document that EKS would store.

    Raises:
        EksdnsError: Not exactly one cluster is selected, it could not be read or has no add-on, or its plan
            is blocked.
    """
    observed = _only(seen)
    desired = fleet.resolver(session.clock.now()).resolve(seen.targets[0])
    text, version = observed.text or "", observed.version
    if not desired.is_empty:
        (plan,) = make_plan(fleet, session, seen, strict=False).clusters
        if plan.action is Action.BLOCKED:
            raise EksdnsError(
                f"the plan is blocked: {plan.reason}",
                hint="see `eksdns plan`; without a fleet file, emit prints the stored values",
                exit_code=ExitCode.REFUSED,
            )
        text, version = plan.write.text if plan.write else text, plan.planned_version
    values = parse_values(text or None)
    if isinstance(values, Unreadable):
        raise EksdnsError(
            f"the stored configuration cannot be read: {values.reason}", hint="store a valid one"
        )
    return Emission(
        observed.ref, version, text, values.tree, desired.resolve_conflicts, tuple(_left_out(desired))
    )


def _only(seen: Seen) -> Managed:
    names = [str(target) for target in seen.targets]
    if len(names) != 1:
        listed = ", ".join(names[:_MOST_NAMES]) + (", ..." if len(names) > _MOST_NAMES else "")
        raise EksdnsError(
            f"{len(names)} clusters match ({listed}), emit prints one" if names else "no cluster matches",
            hint="use --cluster NAME with an exact name, and --account or --region if it is not unique",
            exit_code=ExitCode.USAGE,
        )
    observed = seen.observations[0].observed
    match observed:
        case Managed():
            return observed
        case Unreachable(trouble=trouble):
            raise EksdnsError(f"{names[0]}: {trouble}", hint=trouble.hint)
        case _:
            raise EksdnsError(
                f"{names[0]} has no managed CoreDNS add-on", hint="`eksdns status` shows what it has"
            )


def _left_out(desired: DesiredState) -> Iterator[str]:
    if desired.grace_seconds is not None:
        yield f"terminationGracePeriodSeconds {desired.grace_seconds}"
    if desired.pre_stop_seconds is not None:
        yield f"preStop {desired.pre_stop_seconds}s"
    yield from (f"{path} {value}" for path, value in desired.readiness.items)
