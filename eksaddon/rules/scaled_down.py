"""scaled-down: replicas that `eksdns prove --scale-to` has not restored.

As long as the Deployment has the replicas of the proof, no plan writes: an update with `preserve` would keep
them as if they were wanted, one with `none` fails on the field manager of the proof, one with `overwrite`
sets those of the configuration, which need not be those of before; and a rollout of no pods proves nothing.
"""

from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.kube.scaled import ScaledDown
from eksaddon.domain.workload import Workload

RULE = "scaled-down"
RESTORE = "`eksdns prove --cluster NAME --restore`"
"""The cluster's name is filled in where it is known."""


def left_down(live: Workload) -> ScaledDown | None:
    """A scaling that is not restored; None if there is none, or another value was set since then."""
    record = live.scaled_down
    return record if record is not None and live.replicas == record.to else None


def scaled_down(live: Workload) -> Diagnostic | None:
    record = live.scaled_down
    if record is None:
        return None
    if left_down(live):
        return Diagnostic(Severity.ERROR, RULE, not_restored(record), how_to_restore(record))
    severity = Severity.WARNING if live.replicas < record.before else Severity.INFO
    return Diagnostic(severity, RULE, changed_since(record, live.replicas), f"{RESTORE} removes the record")


def not_restored(record: ScaledDown) -> str:
    off = "" if record.to else ": cluster DNS is off"
    return f"`eksdns prove` {record} and has not restored them{off}"


def how_to_restore(record: ScaledDown) -> str:
    """Also where `eksdns prove` is denied. It may still be running, and then restores them itself."""
    return f"unless it is still running, {RESTORE} restores them, and so does: {record.by_hand}"


def changed_since(record: ScaledDown, replicas: int) -> str:
    return f"an interrupted `eksdns prove` {record}; they were set to {replicas} since then"
