"""`eksdns prove`: restart or scale CoreDNS while lookups are measured, and say what was lost and why."""

from collections.abc import Callable, Sequence
from dataclasses import field, replace
from datetime import UTC, datetime

from eksaddon.app.probing.scaling import Scaling, plan_scaling
from eksaddon.app.session import Session
from eksaddon.app.signals import held_off
from eksaddon.corefile import lameducks
from eksaddon.corefile import parse as parse_corefile
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.kube.pods import Pod, own_running
from eksaddon.domain.kube.scaled import ScaledDown
from eksaddon.domain.probing.figures import NOTHING
from eksaddon.domain.probing.gate import ProbeGate
from eksaddon.domain.probing.proof import SERVICE, Deletion, PodLoss, attribute, propagations
from eksaddon.domain.probing.verdict import Judgement, ProbeWord, judge_figures
from eksaddon.domain.target import Target
from eksaddon.domain.termination import TerminationSettings
from eksaddon.domain.workload import NotChecked, Workload
from eksaddon.frozen import dataclass
from eksaddon.ports.probes import ProbeReading, ProbeRequest, RunningProbe

LOOK_EVERY = 0.25
"""Seconds between two readings of the pods: half of it is how well a deletion is timed."""

QUIET_SECONDS = 10.0
"""Of complete counts without a lost lookup, after the last pod has gone, before the probe ends."""

MOST_SECONDS = 1200.0
"""From the restart until the probe ends in any case."""

HOLD_SECONDS = 2.0
"""For which CoreDNS stays scaled down after the last pod has ended."""

DOWN_SECONDS = 300.0
"""After which replicas are restored although pods are still ending."""

RESTORE_ATTEMPTS, RESTORE_PAUSE = 10, 3.0

NO_READING = ProbeReading(NOTHING)

Note = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class ProofPlan:
    """What is going to happen.

    Attributes:
        settings: Of the pods that are going to end.
        pods: Those that run now.
        scaling: None for a restart.
    """

    target: Target
    gate: ProbeGate
    settings: TerminationSettings
    pods: tuple[Pod, ...]
    scaling: Scaling | None = None

    @property
    def act(self) -> str:
        return "restart" if self.scaling is None else "scaling"

    @property
    def leaves_none(self) -> bool:
        """Whether no pod is left meanwhile."""
        return self.scaling is not None and self.scaling.record.to == 0


@dataclass(frozen=True, slots=True)
class Proof:
    """What happened.

    Attributes:
        restarted: When CoreDNS was restarted or scaled down, in seconds since the epoch; 0 for not at all.
        restored: When its replicas were restored; 0 for a restart.
    """

    plan: ProofPlan
    judged: Judgement
    reading: ProbeReading
    restarted: float = 0.0
    deletions: tuple[Deletion, ...] = ()
    losses: tuple[PodLoss, ...] = field(default=())
    restored: float = 0.0

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

    @property
    def answered_for(self) -> float | None:
        """Seconds from a scaling to 0 to the first lost lookup; None for a restart, or if none was lost."""
        if not self.plan.leaves_none:
            return None
        first = min((each.first for each in self.losses if each.first >= self.restarted), default=None)
        return None if first is None else first - self.restarted


def plan_proof(session: Session, target: Target, gate: ProbeGate, scale_to: int | None = None) -> ProofPlan:
    """Read the cluster.

    Args:
        scale_to: Replicas to scale to for a while; None to restart instead.

    Raises:
        EksdnsError: It cannot be read, a rollout is in progress, or there is nothing to scale down.
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
    scaling = None if scale_to is None else plan_scaling(found, scale_to, target.label)
    return ProofPlan(target, gate, _settings(found), own_running(found.pods), scaling)


def _settings(found: Workload) -> TerminationSettings:
    corefile = lameducks(parse_corefile(found.corefile)) if found.corefile else None
    blocks = tuple(each.nanoseconds for each in corefile.blocks if each.has_health) if corefile else ()
    return TerminationSettings(found.pre_stop_seconds, blocks, found.grace_seconds)


def prove(session: Session, plan: ProofPlan, *, run_id: str, note: Note) -> Proof:
    """Restart or scale CoreDNS while lookups are measured; nothing is changed where they cannot be.

    Replicas are restored before this returns or raises, and signals wait for that.

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
    _restored: float = field(init=False, default=0.0)
    _doubts: list[str] = field(init=False, default_factory=list)

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
        self.note(f"measuring for {gate.baseline} s before the {self.plan.act}")
        await clock.sleep(gate.baseline)
        before = probe.read()
        if before.trouble:
            return self._unproven(before.trouble, before)
        judged = judge_figures(before.figures, replace(gate.limits, least_sent=1))
        if judged.word is not ProbeWord.PASS:
            return self._unproven(f"before the {self.plan.act}: {'; '.join(judged.reasons)}", before)
        if self.plan.scaling is not None:
            return await self._scaled(probe, self.plan.scaling, before)
        restarted = clock.now()
        at = datetime.fromtimestamp(restarted, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        answer = self.session.restarts.restart(self.plan.target.ref, at)
        if answer is not None:
            return self._unproven(f"CoreDNS was not restarted: {answer.reason}", before)
        self.note("restarted CoreDNS")
        why = await self._watch(probe, restarted)
        return self._proof(probe.end(), restarted, why)

    async def _scaled(self, probe: RunningProbe, scaling: Scaling, before: ProbeReading) -> Proof:
        ref, record = self.plan.target.ref, scaling.record
        live = self.session.workloads.read(ref)
        if isinstance(live, NotChecked):
            return self._unproven(f"CoreDNS was not scaled: {live.reason}", before)
        if live.replicas != record.before:
            changed = f"CoreDNS was not scaled: it has {live.replicas} replicas, no longer {record.before}"
            return self._unproven(changed, before)
        began, is_scaled = self.session.clock.now(), True
        try:
            answer = self.session.restarts.scale(ref, record.to, record)
            if answer is not None:
                is_scaled = not self._is_untouched()
                return self._unproven(f"CoreDNS was not scaled: {answer.reason}", before)
            self.note(f"scaled CoreDNS from {record.before} to {record.to} replicas")
            why = await self._until_down(began, record.to)
        finally:
            with held_off():
                trouble = await self._restore(record) if is_scaled else ""
        if not (why or trouble):
            why = await self._watch(probe, began)
        return self._proof(probe.end(), began, "; ".join(each for each in (why, trouble) if each))

    async def _until_down(self, began: float, to: int) -> str:
        """Wait until `to` pods are left and the others have ended; the reason if that fails."""
        clock, looked = self.session.clock, began
        while (now := clock.now()) - began < DOWN_SECONDS:
            seen = self.session.workloads.pods(self.plan.target.ref)
            if isinstance(seen, NotChecked):
                return f"the pods could not be read: {seen.reason}"
            self._look(seen, looked, now)
            living = [pod for pod in own_running(seen) if not pod.is_ending]
            ended = len(self._deleted) >= len(self.plan.pods) - to
            if len(living) == to and ended and all(each.gone is not None for each in self._deleted.values()):
                await clock.sleep(HOLD_SECONDS)
                self._look_for_others(to)
                return ""
            looked = now
            await clock.sleep(LOOK_EVERY)
        return f"after {DOWN_SECONDS:.0f} s there were more than {to} pods: is an autoscaler active?"

    def _is_untouched(self) -> bool:
        """Whether a write without a good answer has certainly changed nothing."""
        live = self.session.workloads.look(self.plan.target.ref)
        return not isinstance(live, NotChecked) and live.scaled_down is None

    def _look_for_others(self, to: int) -> None:
        live = self.session.workloads.look(self.plan.target.ref)
        if not isinstance(live, NotChecked) and live.replicas != to:
            self._doubts.append(f"another controller changed the replicas from {to} to {live.replicas}")

    async def _restore(self, record: ScaledDown) -> str:
        """Restore the replicas; why not, where that fails."""
        replicas = record.before
        self.note(f"restoring {replicas} replicas")
        why = ""
        for _ in range(RESTORE_ATTEMPTS):
            answer = self.session.restarts.scale(self.plan.target.ref, replicas, None)
            if answer is None:
                self._restored = self.session.clock.now()
                self.note(f"restored {replicas} replicas")
                return ""
            why = answer.reason
            self.note(f"{replicas} replicas are not restored yet: {why}")
            await self.session.clock.sleep(RESTORE_PAUSE)
        self.note(f"the {replicas} replicas were NOT restored; run: {record.by_hand}")
        return f"the {replicas} replicas could not be restored ({record.by_hand}): {why}"

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
            if over_since is not None:
                reading = probe.read()
                if reading.trouble:
                    return reading.trouble
                if self._settled(reading) - max(over_since, _last_loss(reading)) >= QUIET_SECONDS:
                    return ""
            looked = now
            await clock.sleep(LOOK_EVERY)
        return f"the pods were not replaced within {MOST_SECONDS:.0f} s"

    def _settled(self, reading: ProbeReading) -> float:
        """Until when every lookup is known to be answered or lost: what is not read yet can hold a loss."""
        return reading.counted_until - self.plan.gate.timeout * self.plan.gate.tries

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
        expected = len(self.plan.pods) - (self.plan.scaling.record.to if self.plan.scaling else 0)
        ready = [pod for pod in own_running(seen) if pod.is_ready and not pod.is_ending]
        return ended and len(self._deleted) >= expected and len(ready) >= len(self.plan.pods)

    def _proof(self, reading: ProbeReading, restarted: float, why: str) -> Proof:
        doubts = tuple(dict.fromkeys(each for each in (*self._doubts, why, reading.trouble) if each))
        judged = judge_figures(reading.figures, self.plan.gate.limits)
        if judged.word is ProbeWord.FAIL:
            judged = replace(judged, reasons=(*judged.reasons, *doubts))
        elif doubts:
            judged = Judgement(ProbeWord.INCONCLUSIVE, doubts)
        deletions = tuple(sorted(self._deleted.values(), key=lambda each: each.deleted))
        losses = attribute(deletions, reading.traces, others_answer=not self.plan.leaves_none)
        return Proof(self.plan, judged, reading, restarted, deletions, losses, self._restored)


def _last_loss(reading: ProbeReading) -> float:
    times = (one.sent for trace in reading.traces for one in trace.failures if one.server == SERVICE)
    return max(times, default=0.0)
