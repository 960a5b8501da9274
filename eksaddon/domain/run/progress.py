"""Replays the records of a run into the state of the run, its waves and targets."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import assert_never

from eksaddon.domain.plan import Action, Plane
from eksaddon.domain.probing.session import Sessions, accepted, opened, updated
from eksaddon.domain.rollout.strategy import Strategy, probe_gate, tolerance
from eksaddon.domain.run.classify import outcome_word, without_write
from eksaddon.domain.run.counts import WaveCounts, counted, one
from eksaddon.domain.run.outcome import NOT_DONE, Changed, OutcomeWord, Skipped, Unproven
from eksaddon.domain.run.persistent_map import PersistentMap
from eksaddon.domain.run.records import (
    Accepted,
    Approved,
    Closed,
    Ended,
    GateLooked,
    Opened,
    Paused,
    PlaneDone,
    ProbeRead,
    ProbeStarted,
    Record,
    Resumed,
    Retried,
    RollbackAsked,
    SkipAsked,
    Stopped,
    WaveBegan,
    WaveEnded,
    WaveSoaking,
    Writing,
)
from eksaddon.domain.run.result import RunState
from eksaddon.domain.run.target_progress import TargetProgress, WriteSpan, may_be_rolled_back
from eksaddon.domain.run.wave_progress import WaveProgress, WaveState
from eksaddon.domain.target import ClusterRef
from eksaddon.frozen import dataclass

WaveRecord = WaveBegan | WaveSoaking | GateLooked | ProbeStarted | ProbeRead | Approved | WaveEnded

MEMBERS = frozenset({Action.UPDATE, Action.UNREACHABLE})
"""Actions whose targets are members of a wave; others have their outcome before the run starts."""


@dataclass(frozen=True, slots=True)
class RunProgress:
    """The state of a run.

    Attributes:
        reason: Why it is paused or stopped; empty otherwise.
        rollback: Waves being rolled back, in order.
        rollback_reason: Reason of the rollback; empty without one.
        rollback_asked: Requested by an operator, not by the wave's `onFailure`.
        failed_before: Number of failed targets when the first rollback started.
        last_at: Time of the last record, in seconds since the epoch.
        left_open: Targets with an announced write but no recorded result.
    """

    opened: Opened
    targets: PersistentMap[ClusterRef, TargetProgress]
    waves: tuple[WaveProgress, ...]
    state: RunState = RunState.RUNNING
    reason: str = ""
    rollback: tuple[str, ...] = ()
    rollback_reason: str = ""
    rollback_asked: bool = False
    failed_before: int = 0
    last_at: float = 0.0
    left_open: frozenset[ClusterRef] = frozenset()

    def find(self, wave: str) -> WaveProgress | None:
        return next((each for each in self.waves if each.wave.name == wave), None)

    def label(self, ref: ClusterRef) -> str:
        """Display name of a target of the run."""
        return self.targets[ref].plan.target.label

    @property
    def counts(self) -> Counter[str]:
        """Number of targets by outcome, `pending` or `updating`; adds up to all targets."""
        return Counter(_word(each) for each in self.targets.values())


def _word(target: TargetProgress) -> str:
    if target.outcome is None:
        return OutcomeWord.UPDATING if target.writing else "pending"
    return outcome_word(target.outcome)


def started(opened: Opened) -> RunProgress:
    """The state of a new run; members of a wave are in the plan's order."""
    targets = PersistentMap(
        {plan.target.ref: TargetProgress(plan, outcome=without_write(plan)) for plan in opened.plan.clusters}
    )
    members: dict[str, list[ClusterRef]] = {wave.name: [] for wave in opened.strategy.waves}
    for plan in opened.plan.clusters:
        if plan.wave in members and plan.action in MEMBERS:
            members[plan.wave].append(plan.target.ref)
    waves = tuple(WaveProgress(wave, tuple(members[wave.name])) for wave in opened.strategy.waves)
    return _recount(RunProgress(opened, targets, waves, last_at=opened.at), targets)


def replay(records: Iterable[Record]) -> RunProgress:
    """Replay the records of a journal.

    Raises:
        ValueError: The first record is not `Opened`.
    """
    rest = iter(records)
    first = next(rest, None)
    if not isinstance(first, Opened):
        raise ValueError("the journal does not start with the record that opens a run")  # noqa: TRY004  # of the record
    run_progress = started(first)
    for record in rest:
        run_progress = advance(run_progress, record)
    return run_progress


def advance(run_progress: RunProgress, record: Record) -> RunProgress:
    """Apply one record."""
    run_progress = replace(run_progress, last_at=max(run_progress.last_at, record.at))
    match record:
        case Opened():
            raise ValueError("the journal opens the run twice")
        case Writing() | Accepted() | PlaneDone() | Ended() | SkipAsked():
            return _of_target(run_progress, record)
        case (
            WaveBegan()
            | WaveSoaking()
            | GateLooked()
            | ProbeStarted()
            | ProbeRead()
            | Approved()
            | WaveEnded()
        ):
            return _of_wave(run_progress, record)
        case Paused() | Resumed() | Stopped() | Retried() | RollbackAsked() | Closed():
            return _of_run(run_progress, record)
        case _:
            assert_never(record)


def _of_target(
    run_progress: RunProgress, record: Writing | Accepted | PlaneDone | Ended | SkipAsked
) -> RunProgress:
    old = run_progress.targets[record.ref]
    match record:
        case Writing(plane=plane):
            touched = old.touched or (plane is Plane.WORKLOAD and not old.restores)
            removed = old.removed or (plane is Plane.BUDGET and not old.restores)
            since = old.writing_since or record.at
            new = replace(
                old, writing=record, update_id="", touched=touched, removed=removed, writing_since=since
            )
        case PlaneDone(plane=plane):
            new = replace(old, writing=None, done=(*old.done, plane))
        case Accepted(update_id=update_id):
            changed = old.changed if old.restores else old.changed or old.writing
            updates = (*old.updates, update_id)
            new = replace(old, update_id=update_id, changed=changed, updates=updates)
        case Ended(outcome=outcome, seconds=seconds):
            may_be = isinstance(outcome, Changed | Unproven) and not old.restores
            addon_write = old.writing if old.writing and old.writing.plane is Plane.ADDON else None
            changed = old.changed or (addon_write if may_be else None)
            new = replace(old, outcome=outcome, seconds=seconds, changed=changed)
            if old.writing_since:
                written = WriteSpan(old.writing_since, record.at, restores=old.restores)
                new = replace(new, writing_since=0.0, written=(*old.written, written))
        case SkipAsked(reason=reason):
            new = replace(old, outcome=Skipped(reason))
        case _:
            assert_never(record)
    return _with_target(run_progress, record.ref, old, new)


def _with_target(
    run_progress: RunProgress, ref: ClusterRef, old: TargetProgress, new: TargetProgress
) -> RunProgress:
    """Replace the progress of one target and update the counts."""
    targets = run_progress.targets.changed(ref, new)
    left_open = run_progress.left_open
    if old.is_open is not new.is_open:
        left_open = left_open | {ref} if new.is_open else left_open - {ref}
    run_progress = replace(run_progress, targets=targets, left_open=left_open)
    wave = run_progress.find(new.plan.wave)
    if wave is None or new.outcome is old.outcome or new.plan.action not in MEMBERS:
        return run_progress
    named, strategy = bool(wave.wave.name), run_progress.opened.strategy
    counts = wave.counts.minus(one(old, strategy, named=named)).plus(one(new, strategy, named=named))
    first = counts.first
    while first < len(wave.members) and targets[wave.members[first]].outcome is not None:
        first += 1
    return _with_waves(run_progress, {new.plan.wave: replace(wave, counts=replace(counts, first=first))})


def _recount(run_progress: RunProgress, targets: Mapping[ClusterRef, TargetProgress]) -> RunProgress:
    """Replace the targets and recount."""
    by_ref = PersistentMap(targets)
    left_open = frozenset(ref for ref, each in targets.items() if each.is_open)
    waves = tuple(
        replace(each, counts=_counts(each, by_ref, run_progress.opened.strategy))
        for each in run_progress.waves
    )
    return replace(run_progress, targets=by_ref, left_open=left_open, waves=waves)


def _counts(
    wave: WaveProgress, targets: Mapping[ClusterRef, TargetProgress], strategy: Strategy
) -> WaveCounts:
    return counted((targets[ref] for ref in wave.members), strategy, named=bool(wave.wave.name))


def _of_wave(run_progress: RunProgress, record: WaveRecord) -> RunProgress:
    old = run_progress.find(record.wave)
    if old is None:
        raise ValueError(f"the run has no wave {record.wave!r}")
    match record:
        case WaveBegan():
            new = replace(old, state=WaveState.RUNNING)
        case WaveSoaking(until=until):
            new = replace(old, state=WaveState.SOAKING, until=until, looks=())
        case GateLooked():
            state = WaveState.GATED if old.state is WaveState.PENDING else old.state
            new = replace(old, state=state, looks=(*old.looks, record))
        case ProbeStarted(at=at):
            is_changing = bool(run_progress.left_open & frozenset(old.members))
            new = replace(old, probes=opened(old.probes, at, is_changing=is_changing))
        case ProbeRead(at=at, results=results, state=probe_state, series=series):
            new = replace(old, probes=updated(old.probes, at, results, probe_state, series))
        case Approved(who=who):
            new = replace(old, approved_by=who)
        case WaveEnded(state=state_word, reason=reason):
            new = replace(old, state=WaveState(state_word), reason=reason)
        case _:
            assert_never(record)
    return _with_waves(run_progress, {record.wave: new})


def _of_run(
    run_progress: RunProgress, record: Paused | Resumed | Stopped | Retried | RollbackAsked | Closed
) -> RunProgress:
    match record:
        case Paused(reason=reason):
            return replace(run_progress, state=RunState.PAUSED, reason=reason)
        case Resumed(accepts_failures=accepts_failures):
            return _apply_resume(run_progress, accepts_failures=accepts_failures)
        case Stopped(reason=reason):
            return replace(run_progress, state=RunState.STOPPED, reason=reason)
        case Retried(refs=refs):
            return _apply_retry(run_progress, frozenset(refs))
        case RollbackAsked():
            return _apply_rollback(run_progress, record)
        case Closed(state=state):
            return replace(run_progress, state=RunState(state), reason="")
        case _:
            assert_never(record)


def _apply_resume(run_progress: RunProgress, *, accepts_failures: bool) -> RunProgress:
    """Continue the run; failures that paused it are accepted only by an explicit request.

    After a crash, or a pause for another reason, failures still count against the tolerance. Unproven targets
    are checked again and never accepted. A stopped run starts no new updates even then.
    """
    state = RunState.ROLLING_BACK if run_progress.rollback else RunState.RUNNING
    if run_progress.state is RunState.STOPPED:
        state = RunState.STOPPED
    reason = run_progress.reason if state is RunState.STOPPED else ""
    was_paused = run_progress.state is RunState.PAUSED
    unproven = frozenset(ref for ref, each in run_progress.targets.items() if each.is_unproven)
    run_progress = _reopen(run_progress, unproven)
    changed = {
        each.wave.name: replace(
            each,
            forgiven=_accepted_failures(each, was_paused=was_paused and accepts_failures),
            looks=_passed_checks(each.looks),
            probes=_accepted(each) if was_paused else each.probes,
        )
        for each in run_progress.waves
        if not each.is_over
    }
    return _with_waves(replace(run_progress, state=state, reason=reason), changed)


def _reopen(run_progress: RunProgress, unproven: frozenset[ClusterRef]) -> RunProgress:
    """Reopen unproven targets for another check; their waves are open until then."""
    if not unproven:
        return run_progress
    targets = {
        ref: replace(each, outcome=None) if ref in unproven else each
        for ref, each in run_progress.targets.items()
    }
    waves = {
        each.wave.name: replace(each, state=WaveState.RUNNING, until=0.0, looks=(), reason="")
        for each in run_progress.waves
        if each.is_over and not run_progress.rollback and unproven & set(each.members)
    }
    return _recount(_with_waves(run_progress, waves), targets)


def _accepted_failures(wave: WaveProgress, *, was_paused: bool) -> int:
    failures = wave.counts.failures
    tolerated = tolerance(wave.wave.failure_tolerance, len(wave.members))
    caused_pause = was_paused and failures - wave.forgiven > tolerated
    return failures if caused_pause else wave.forgiven


def _accepted(wave: WaveProgress) -> Sessions:
    gate = probe_gate(wave.wave)
    return accepted(wave.probes, gate.limits) if gate is not None else wave.probes


def _passed_checks(looks: tuple[GateLooked, ...]) -> tuple[GateLooked, ...]:
    return tuple(check for check in looks if check.verdict == "pass")


def _apply_retry(run_progress: RunProgress, refs: frozenset[ClusterRef]) -> RunProgress:
    """Start new attempts; unproven targets are checked first, because their write may have succeeded."""
    unproven = frozenset(ref for ref in refs if run_progress.targets[ref].is_unproven)
    run_progress = _reopen(run_progress, unproven)
    targets = {
        ref: replace(old, outcome=None, writing=None, update_id="", done=(), attempt=old.attempt + 1)
        if ref in refs - unproven
        else old
        for ref, old in run_progress.targets.items()
    }
    run_progress = _recount(
        replace(
            run_progress,
            state=RunState.RUNNING,
            reason="",
            rollback=(),
            rollback_reason="",
            rollback_asked=False,
            failed_before=0,
        ),
        targets,
    )
    waves_to_reopen = {
        each.wave.name: replace(
            each,
            state=WaveState.RUNNING,
            until=0.0,
            looks=(),
            probes=_accepted(each),
            reason="",
            forgiven=each.counts.failures,
        )
        for each in run_progress.waves
        if refs & set(each.members)
    }
    return _with_waves(run_progress, waves_to_reopen)


def _apply_rollback(run_progress: RunProgress, record: RollbackAsked) -> RunProgress:
    waves = record.waves
    failed_before = run_progress.failed_before or sum(run_progress.counts[word] for word in NOT_DONE)
    chosen = {ref for each in run_progress.waves if each.wave.name in waves for ref in each.members}
    targets = {
        ref: _start_rollback(old) if ref in chosen and may_be_rolled_back(old) else old
        for ref, old in run_progress.targets.items()
    }
    run_progress = replace(
        run_progress,
        state=RunState.ROLLING_BACK,
        rollback=waves,
        rollback_reason=record.reason,
        rollback_asked=bool(record.asked_by),
        failed_before=failed_before,
        reason="",
    )
    return _recount(run_progress, targets)


def _start_rollback(old: TargetProgress) -> TargetProgress:
    """Start a rollback as a new attempt; one that is unproven or has no recorded result is checked again."""
    if old.restores and (old.is_unproven or old.is_open):
        return replace(old, outcome=None)
    return replace(
        old,
        outcome=None,
        writing=None,
        update_id="",
        done=(),
        changed=old.changed or (old.writing if old.may_have_written else None),
        restores=True,
        attempt=old.attempt + 1,
    )


def _with_waves(run_progress: RunProgress, changed: Mapping[str, WaveProgress]) -> RunProgress:
    waves = tuple(changed.get(each.wave.name, each) for each in run_progress.waves)
    return replace(run_progress, waves=waves)
