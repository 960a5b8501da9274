"""Findings on live settings that differ from EKS's configuration, with the effects of updates."""

from collections.abc import Iterator
from datetime import UTC, datetime

from eksaddon.corefile.diff.difference import Difference, compare
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.workload import PAUSED, PAUSED_HINT, Owner, Workload
from eksaddon.plan.corefile_lint import live_failures
from eksaddon.plan.inputs import Situation
from eksaddon.rules.scaled_down import left_down, scaled_down
from eksaddon.schema import parse_version
from eksaddon.values import Unreadable, Values, parse_values

EKS = "eks"
"""EKS's field manager for add-ons."""


ROLLOUT_UNFINISHED = "rollout-unfinished"
"""The rule about pods that do not have the newest template."""

ROLLOUT_PAUSED = "rollout-paused"
"""The rule about a Deployment whose next change would reach no pod."""


def live_findings(case: Situation) -> Iterator[Diagnostic]:
    """Findings on live edits that the add-on does not contain."""
    stored = parse_values(case.observed.text)
    if isinstance(case.workload, Workload):
        yield from _rollout(case.workload)
        yield from filter(None, (scaled_down(case.workload),))
    if not isinstance(case.workload, Workload) or isinstance(stored, Unreadable):
        return
    yield from _corefile(case.observed.version, case.workload, stored)
    yield from _replicas(case.workload, stored)


def _rollout(workload: Workload) -> Iterator[Diagnostic]:
    if workload.unfinished:
        detail = "`kubectl -n kube-system rollout status deployment/coredns` follows it"
        yield Diagnostic(Severity.WARNING, ROLLOUT_UNFINISHED, workload.unfinished, detail)
    elif workload.is_paused:
        yield Diagnostic(Severity.WARNING, ROLLOUT_PAUSED, PAUSED, PAUSED_HINT)


def _corefile(version: str, workload: Workload, stored: Values) -> Iterator[Diagnostic]:
    held, live = stored.tree.get("corefile"), workload.corefile
    if live is None or held == live:
        return
    if isinstance(held, str) and held.strip():
        if _is_same(held, live):
            return
        summary = f"the live Corefile differs from EKS's configuration{_by(workload.corefile_owner)}"
        yield Diagnostic(Severity.WARNING, "live-corefile", summary, _preview(workload.corefile_owner))
    parsed = parse_version(version)
    if parsed is not None:
        yield from live_failures(live, parsed.coredns)


def _is_same(held: str, live: str) -> bool:
    difference = compare(held, live)
    return isinstance(difference, Difference) and difference.is_empty


def _replicas(workload: Workload, stored: Values) -> Iterator[Diagnostic]:
    held = stored.tree.get("replicaCount")
    scaling = stored.tree.get("autoScaling")
    is_scaled = isinstance(scaling, dict) and scaling.get("enabled") is True
    if not isinstance(held, int) or held == workload.replicas or is_scaled or left_down(workload):
        return
    summary = f"the Deployment has {workload.replicas} replicas, but replicaCount in EKS is {held}"
    yield Diagnostic(Severity.WARNING, "live-replicas", summary, _preview(workload.replicas_owner))


def _by(owner: Owner | None) -> str:
    if owner is None or owner.manager == EKS:
        return ""
    at = f" on {datetime.fromtimestamp(owner.at, UTC):%Y-%m-%d %H:%M} UTC" if owner.at else ""
    return f": last written by {owner.manager}{at}"


def _preview(owner: Owner | None) -> str:
    """Effect of an add-on update, by resolveConflicts mode."""
    if owner is not None and owner.manager == EKS:
        return "any add-on update restores EKS's configuration"
    return "an add-on update with none fails, with preserve keeps the live value, with overwrite replaces it"
