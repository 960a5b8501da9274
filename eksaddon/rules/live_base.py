"""Whether the live objects are still what a plan was made from; pure.

Asked right before every write: by a fresh run, by the run of a saved plan, and on resume.
"""

from collections.abc import Collection, Mapping
from typing import assert_never

from eksaddon.domain.basis import LiveBase, PodsState
from eksaddon.domain.json import JsonObject, digest
from eksaddon.domain.kube.pods import own_running
from eksaddon.domain.workload import RolledOut, RollingOut, RolloutStuck, Workload
from eksaddon.frozen import dataclass
from eksaddon.rules.scaled_down import left_down

AUTOSCALING = "autoScaling"
AFTER, AFTER_RUN = "after the plan was made", "after this run"


def base_digest(corefile: str | None) -> str:
    """SHA-256 of a live Corefile, for the plan; empty if there is none or it was not read."""
    return "" if corefile is None else digest(["corefile", corefile])


def moved(base: str, planned: Collection[str], live: str | None, since: str = AFTER) -> str:
    """Why the Corefile must not be written; empty if nothing speaks against it.

    Args:
        base: Digest at planning, by `base_digest`; empty if no live Corefile was read.
        planned: Corefiles that the run writes: one may be live already, by an update whose response was lost.
        live: The Corefile in the ConfigMap now; None if there is none.
        since: When it was as expected; ends the message.
    """
    if not base or live in planned or base_digest(live) == base:
        return ""
    what = "deleted" if live is None else "changed"
    return f"the live Corefile was {what} {since}"


def pods_state(seen: Workload) -> PodsState:
    """How far the pods are with the template of the Deployment."""
    match seen.rollout:
        case RolledOut():
            return PodsState.STEADY
        case RollingOut():
            templates = {pod.template for pod in own_running(seen.pods)}
            return PodsState.ROLLING if len(templates) > 1 else PodsState.REPLACED
        case RolloutStuck():
            return PodsState.STUCK
        case _:
            assert_never(seen.rollout)


def live_base(seen: Workload, stored: JsonObject) -> LiveBase:
    """The base of a plan for this cluster.

    Args:
        stored: configurationValues, whose `autoScaling` changes the replicas too.
    """
    own = stored.get(AUTOSCALING)
    is_own = isinstance(own, Mapping) and own.get("enabled") is True
    return LiveBase(
        seen.grace_seconds,
        seen.pre_stop_seconds,
        seen.other_pre_stop,
        bool(seen.scalers) or is_own,
        pods_state(seen),
    )


@dataclass(frozen=True, slots=True)
class Expected:
    """The live objects that a write requires: as at planning, or as the run itself makes them.

    Attributes:
        corefile: Digest at planning, by `base_digest`; empty if not compared.
        corefiles: Corefiles that the run brings.
        replicas: At planning; None if they do not matter, because the write leaves them as they are.
        counts: Replicas that the run brings.
        graces: Grace periods in seconds: at planning, and the one that the run sets; empty if not compared.
        pre_stops: Likewise, seconds of the preStop sleep.
        since: When they were as expected; ends each reason.
    """

    base: LiveBase
    corefile: str = ""
    corefiles: frozenset[str] = frozenset()
    replicas: int | None = None
    counts: frozenset[int] = frozenset()
    graces: frozenset[int] = frozenset()
    pre_stops: frozenset[int] = frozenset()
    since: str = AFTER

    def moved(self, seen: Workload) -> str:
        """Why nothing must be written; empty if the live objects are as expected."""
        return (
            scaled_since(seen, self.since)
            or moved(self.corefile, self.corefiles, seen.corefile, self.since)
            or self._replicas(seen.replicas)
            or self._termination(seen)
            or pods_moved(self.base, seen)
        )

    def _replicas(self, now: int) -> str:
        before = self.replicas
        if before is None or now in {before, *self.counts} or (self.base.is_scaled and now < before):
            return ""
        return f"the Deployment was scaled from {before} to {now} replicas {self.since}"

    def _termination(self, seen: Workload) -> str:
        if self.graces and seen.grace_seconds not in self.graces:
            return f"the grace period was changed to {seen.grace_seconds} s {self.since}"
        if self.pre_stops and seen.pre_stop_seconds not in self.pre_stops:
            return f"preStop was changed to {seen.pre_stop_seconds} s {self.since}"
        return hook_moved(self.base, seen, self.since)


def scaled_since(seen: Workload, since: str = AFTER) -> str:
    """Whether a proof scaled CoreDNS down for a while, which no plan writes to; empty if not."""
    record = left_down(seen)
    return "" if record is None else f"`eksdns prove` {record} {since}"


def hook_moved(base: LiveBase, seen: Workload, since: str = AFTER) -> str:
    """Whether a preStop handler was added that the plan did not know; empty if not."""
    if seen.other_pre_stop in {"", base.hook}:
        return ""
    return f"a preStop hook of type {seen.other_pre_stop} was added {since}"


def pods_moved(base: LiveBase, seen: Workload) -> str:
    """Whether a rollout began that the plan did not know; empty if not.

    How a rollout that the plan knew continues is decided by the guard and by the code that follows it.
    """
    now = pods_state(seen)
    if base.pods is not PodsState.STEADY or now in {PodsState.STEADY, PodsState.REPLACED}:
        return ""
    what = "is stuck" if now is PodsState.STUCK else "has begun"
    return f"a rollout {what} that the plan did not know: {seen.unfinished}"
