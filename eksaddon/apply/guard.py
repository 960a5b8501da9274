"""Guards all writes: before a write that requires more grace, it reads the pods and waits for them.

Write calls require a `Permit`, which only this module creates (enforced by a test).
"""

import asyncio
import random
from collections.abc import Callable
from typing import TypeVar

from eksaddon.apply.retry import Backoff, DeadlineReachedError, Patience
from eksaddon.corefile import parse
from eksaddon.corefile.meaning.resolve import lameducks
from eksaddon.domain.adoption import Manifests, ManifestsSeen
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.plan import BudgetRemoval
from eksaddon.domain.run.outcome import Failed, Outcome, Stale, UnreachableTarget
from eksaddon.domain.target import ClusterRef
from eksaddon.domain.workload import Budget, NotChecked, RollingOut, Workload, WorkloadState
from eksaddon.frozen import dataclass
from eksaddon.ports import Clock, Executor, WorkloadApi
from eksaddon.rules.grace_of_pods import in_words, short_pods, short_template
from eksaddon.rules.live_base import Expected

R = TypeVar("R")

ROLLOUT = 900.0
"""Maximum seconds to wait for pods with insufficient grace; the Deployment's own deadline is 600."""

REREAD = 120.0


@dataclass(frozen=True, slots=True)
class Permit:
    """Permission for one write, granted right after the read.

    Attributes:
        waited: The pods were not ready at first, so earlier reads are stale.
        unverified: Why the pods were not read, if that was allowed; empty if they were.
    """

    waited: bool = False
    unverified: str = ""


@dataclass(frozen=True, slots=True)
class Demand:
    """What a write requires of the pods.

    Attributes:
        lameduck_ns: Total lameduck of the new Corefile; None if it is not changed.
        accepted_ns: Nanoseconds of preStop and lameduck that the plan accepts to be cut.
        unverified: Why the plan proceeds without reading the pods; usually empty.
        expected: What the live objects must still be; None if the plan did not read them.
        is_kept: EKS itself keeps what others set since, so that these objects need not be readable.
    """

    lameduck_ns: int | None
    accepted_ns: int = 0
    unverified: str = ""
    expected: Expected | None = None
    is_kept: bool = False


def lameduck_ns(corefile: str | None) -> int:
    """Total lameduck of all `health` blocks; 0 without a Corefile or if CoreDNS would reject it."""
    if not corefile:
        return 0
    return sum(max(0, block.nanoseconds) for block in lameducks(parse(corefile)).blocks if block.has_health)


@dataclass(frozen=True, slots=True)
class PodGuard:
    """Reads the pods of one target.

    Attributes:
        api: None without a Kubernetes API.
    """

    ref: ClusterRef
    namespace: str
    api: WorkloadApi | None
    executor: Executor
    clock: Clock
    note: Callable[[str, str], None]
    dice: random.Random
    backoff: Backoff

    async def before_addon(self, demand: Demand) -> Permit | Outcome:
        """Permit an add-on update if the live objects are as planned and the pods fit its Corefile.

        Pods fit if each one that may answer has sufficient grace; a rollout to such pods is waited for.
        """
        needed = demand.lameduck_ns or 0
        if not needed and demand.expected is None:
            return Permit()
        api = self.api
        if api is None:
            return _blind(NotChecked("no Kubernetes API is known"), demand)
        seen = await self._call(lambda: api.look(self.ref, self.namespace))
        if isinstance(seen, NotChecked):
            return _blind(seen, demand)
        if demand.expected is not None and (reason := demand.expected.moved(seen)):
            return Stale(reason)
        if not needed or not short_pods(seen.pods, needed, accepted_ns=demand.accepted_ns):
            return Permit()
        return await self._once_pods_fit(demand, needed)

    def before_workload(
        self, seen: Workload, grace_seconds: int, pre_stop_seconds: int, *, accepted_ns: int
    ) -> Permit | Outcome:
        """Permit a write of the pod template if it is sufficient for the Corefile in force."""
        in_force = lameduck_ns(seen.corefile)
        short = short_template(grace_seconds, pre_stop_seconds, in_force, accepted_ns=accepted_ns)
        if short is None:
            return Permit()
        return Failed(Trouble(Cause.POD_GRACE, f"{short} for the active Corefile", operation="Apply"))

    def before_deletion(self, found: Budget, planned: BudgetRemoval) -> Permit | Outcome:
        """Permit the deletion of the budget that the plan names, if it was not changed since."""
        if (found.uid, found.generation, found.limits) != (planned.uid, planned.generation, planned.limits):
            reason = f"the PodDisruptionBudget {found.name} was changed after planning ({found.limits} now)"
            return Stale(reason)
        if not found.is_addons:
            return Stale(f"the PodDisruptionBudget {found.name} is no longer managed by EKS alone")
        return Permit()

    async def _once_pods_fit(self, demand: Demand, needed: int) -> Permit | Outcome:
        """Wait for a rollout, unless the Corefile in force already requires as much grace."""

        def short(seen: Workload) -> str:
            if needed <= lameduck_ns(seen.corefile):
                return ""
            found = short_pods(seen.pods, needed, accepted_ns=demand.accepted_ns)
            return in_words(found) if found else ""

        def is_decided(state: WorkloadState) -> bool:
            if isinstance(state, NotChecked):
                return False
            if not short(state):
                return True
            may_change = isinstance(state.rollout, RollingOut) or any(pod.is_ending for pod in state.pods)
            return not may_change

        self.note("waiting", "for pods with a sufficient grace period")
        state = await self._until(is_decided, ROLLOUT)
        if isinstance(state, NotChecked):
            return _blind(state, demand)
        why = short(state)
        return Failed(Trouble(Cause.POD_GRACE, _held(state, why))) if why else Permit(waited=True)

    async def _until(self, is_decided: Callable[[WorkloadState], bool], seconds: float) -> WorkloadState:
        api = self.api
        assert api is not None  # noqa: S101  # checked by the caller

        async def read() -> WorkloadState:
            return await self._call(lambda: api.look(self.ref, self.namespace))

        patience = Patience(self.clock, self.dice, self.backoff, self.note)
        try:
            return await patience.until(read, settled=is_decided, deadline=self.clock.now() + seconds)
        except DeadlineReachedError as error:
            last = error.last
            return last if isinstance(last, Workload | NotChecked) else NotChecked("no response was received")

    async def _call(self, work: Callable[[], R]) -> R:
        return await asyncio.wrap_future(self.executor.submit(self.ref.scope, work))


def before_creation(seen: ManifestsSeen, corefile: str) -> Permit | Outcome:
    """Permit the creation of the add-on over a running CoreDNS if its pods have sufficient grace."""
    if not isinstance(seen, Manifests):
        message = "the pods could not be read, so nothing was written"
        return UnreachableTarget(Trouble(Cause.WORKLOAD, message, operation="Kubernetes API"))
    workload, needed = seen.workload, lameduck_ns(corefile)
    short = short_pods(workload.pods, needed) if needed > lameduck_ns(workload.corefile) else ()
    return Failed(Trouble(Cause.POD_GRACE, _held(workload, in_words(short)))) if short else Permit()


def _blind(seen: NotChecked, demand: Demand) -> Permit | Outcome:
    """Without reading the pods, an increase is permitted only if the plan allows it."""
    if demand.unverified or (demand.is_kept and not demand.lameduck_ns):
        return Permit(unverified=seen.reason)
    message = f"the pods could not be read, so nothing was written: {seen.reason}"
    return UnreachableTarget(Trouble(Cause.WORKLOAD, message, operation="Kubernetes API"))


def _held(seen: Workload, short: str) -> str:
    rollout = seen.rollout
    why = getattr(rollout, "why", "")
    return f"not written: {short}" + (f"; the rollout is not finished: {why}" if why else "")
