"""`eksdns prove`: restart CoreDNS while lookups are measured, and say what was lost and why."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from eksaddon.app.session import Session
from eksaddon.corefile import lameducks
from eksaddon.corefile import parse as parse_corefile
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.kube.pods import Pod, own_running
from eksaddon.domain.probing.figures import NOTHING
from eksaddon.domain.probing.gate import ProbeGate
from eksaddon.domain.probing.proof import SERVICE, Deletion, PodLoss, attribute, propagations
from eksaddon.domain.probing.verdict import Judgement, ProbeWord, judge_figures
from eksaddon.domain.target import Target
from eksaddon.domain.termination import TerminationSettings
from eksaddon.domain.workload import NotChecked, Workload
from eksaddon.ports.probes import ProbeReading, ProbeRequest, RunningProbe

LOOK_EVERY = 0.25
"""Seconds between two readings of the pods: half of it is how well a deletion is timed."""

QUIET_SECONDS = 10.0
"""Without a lost lookup, after the last pod has gone, before the probe ends."""

MOST_SECONDS = 1200.0
"""From the restart until the probe ends in any case."""

NO_READING = ProbeReading(NOTHING)

Note = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class ProofPlan:
    """What is going to happen.

    Attributes:
        settings: Of the pods that are going to end.
        pods: Those that run now.
    """

    target: Target
    gate: ProbeGate
    settings: TerminationSettings
    pods: tuple[Pod, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """What happened.

    Attributes:
        restarted: Seconds since the epoch; 0 where nothing was restarted.
    """

    plan: ProofPlan
    judged: Judgement
    reading: ProbeReading
    restarted: float = 0.0
    deletions: tuple[Deletion, ...] = ()
    losses: tuple[PodLoss, ...] = field(default=())

    @property
    def exit_code(self) -> ExitCode:
        match self.judged.word:
            case ProbeWord.PASS:
                return ExitCode.DONE
            case ProbeWord.FAIL:
                return ExitCode.ERROR
            case _:
                return ExitCode.PARTIAL

    @property
    def propagation(self) -> float | None:
        """The longest of any node, in seconds; None where no lookup met an ended pod."""
        return max(propagations(self.losses).values(), default=None)


def plan_proof(session: Session, target: Target, gate: ProbeGate) -> ProofPlan:
    """Read the cluster.

    Raises:
        EksdnsError: It cannot be read, or a rollout is in progress.
    """
    found = session.workloads.read(target.ref)
    if isinstance(found, NotChecked):
        raise EksdnsError(f"{target.label}: {found.reason}", hint=found.hint)
    if found.unfinished:
        raise EksdnsError(
            f"{target.label}: {found.unfinished}",
            hint="wait for it to finish and run again",
            exit_code=ExitCode.REFUSED,
        )
    return ProofPlan(target, gate, _settings(found), own_running(found.pods))


def _settings(found: Workload) -> TerminationSettings:
    corefile = lameducks(parse_corefile(found.corefile)) if found.corefile else None
    blocks = tuple(each.nanoseconds for each in corefile.blocks if each.has_health) if corefile else ()
    return TerminationSettings(found.pre_stop_seconds, blocks, found.grace_seconds)


def prove(session: Session, plan: ProofPlan, *, run_id: str, note: Note) -> Proof:
    """Restart CoreDNS while lookups are measured; nothing is restarted where they cannot be.

    Args:
        note: Takes a line for each step.
    """
    return session.run(_Proving(session, plan, run_id, note).run())


@dataclass(slots=True)
class _Proving:
    session: Session
    plan: ProofPlan
    run_id: str
    note: Note
    _deleted: dict[str, Deletion] = field(init=False, default_factory=dict)

    async def run(self) -> Proof:
        request = ProbeRequest(
            self.plan.target.ref,
            self.plan.gate,
            self.run_id,
            seconds=self.plan.gate.baseline + MOST_SECONDS + 2 * QUIET_SECONDS,
            with_pods=True,
            with_traces=True,
        )
        probe = self.session.probes.start(request)
        if isinstance(probe, NotChecked):
            hint = f" ({probe.hint})" if probe.hint else ""
            return self._unproven(f"{probe.reason}{hint}")
        try:
            return await self._with(probe)
        finally:
            probe.end()

    def _unproven(self, why: str, reading: ProbeReading = NO_READING) -> Proof:
        return Proof(self.plan, Judgement(ProbeWord.INCONCLUSIVE, (why,)), reading)

    async def _with(self, probe: RunningProbe) -> Proof:
        gate, clock = self.plan.gate, self.session.clock
        self.note(f"measuring for {gate.baseline} s before the restart")
        await clock.sleep(gate.baseline)
        before = probe.read()
        if before.trouble:
            return self._unproven(before.trouble, before)
        judged = judge_figures(before.figures, replace(gate.limits, least_sent=1))
        if judged.word is not ProbeWord.PASS:
            return self._unproven(f"before the restart: {'; '.join(judged.reasons)}", before)
        restarted = clock.now()
        at = datetime.fromtimestamp(restarted, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        answer = self.session.restarts.restart(self.plan.target.ref, at)
        if answer is not None:
            return self._unproven(f"CoreDNS was not restarted: {answer.reason}", before)
        self.note("restarted CoreDNS")
        why = await self._watch(probe, restarted)
        return self._proof(probe.end(), restarted, why)

    async def _watch(self, probe: RunningProbe, restarted: float) -> str:
        """Until every pod is replaced and no lookup has been lost for a while; why not, where that fails."""
        clock, looked = self.session.clock, restarted
        over_since: float | None = None
        while (now := clock.now()) - restarted < MOST_SECONDS:
            seen = self.session.workloads.pods(self.plan.target.ref)
            if isinstance(seen, NotChecked):
                return f"the pods could not be read: {seen.reason}"
            self._look(seen, looked, now)
            is_over = self._is_replaced(seen)
            over_since = (now if over_since is None else over_since) if is_over else None
            if over_since is not None and now - max(over_since, _last_loss(probe.read())) >= QUIET_SECONDS:
                return ""
            looked = now
            await clock.sleep(LOOK_EVERY)
        return f"the pods were not replaced within {MOST_SECONDS:.0f} s"

    def _look(self, seen: Sequence[Pod], looked: float, now: float) -> None:
        by_name = {pod.name: pod for pod in seen}
        for old in self.plan.pods:
            pod, known = by_name.get(old.name), self._deleted.get(old.name)
            is_ending = pod is None or pod.is_ending or pod.is_over
            if is_ending and known is None:
                known = Deletion(old.name, (looked + now) / 2, (now - looked) / 2)
                self.note(f"{old.name} is terminating")
            if known is not None and known.gone is None and (pod is None or pod.is_over):
                known = replace(known, gone=now)
                self.note(f"{old.name} has ended")
            if known is not None:
                self._deleted[old.name] = known

    def _is_replaced(self, seen: Sequence[Pod]) -> bool:
        ended = all(each.gone is not None for each in self._deleted.values())
        ready = [pod for pod in own_running(seen) if pod.is_ready and not pod.is_ending]
        return ended and len(self._deleted) == len(self.plan.pods) and len(ready) >= len(self.plan.pods)

    def _proof(self, reading: ProbeReading, restarted: float, why: str) -> Proof:
        doubts = [each for each in (why, reading.trouble) if each]
        judged = judge_figures(reading.figures, self.plan.gate.limits)
        if doubts and judged.word is not ProbeWord.FAIL:
            judged = Judgement(ProbeWord.INCONCLUSIVE, tuple(doubts))
        deletions = tuple(sorted(self._deleted.values(), key=lambda each: each.deleted))
        losses = attribute(deletions, reading.traces)
        return Proof(self.plan, judged, reading, restarted, deletions, losses)


def _last_loss(reading: ProbeReading) -> float:
    times = (one.sent for trace in reading.traces for one in trace.failures if one.server == SERVICE)
    return max(times, default=0.0)
