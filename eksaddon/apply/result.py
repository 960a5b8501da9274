"""Builds the result of a run from its progress."""

from collections.abc import Iterator
from dataclasses import replace

from eksaddon.domain.plan import Action
from eksaddon.domain.probing.series import together_series
from eksaddon.domain.probing.session import SessionState, by_cluster, judge_sessions
from eksaddon.domain.rollout.strategy import at_once, gate_names, probe_gate
from eksaddon.domain.run.outcome import NOT_STARTED, Outcome, Skipped, Updating
from eksaddon.domain.run.progress import RunProgress
from eksaddon.domain.run.result import (
    ClusterWrite,
    ProbeResult,
    RunResult,
    RunState,
    TargetResult,
    WaveResult,
)
from eksaddon.domain.run.target_progress import TargetProgress, WriteSpan
from eksaddon.domain.run.verbs import NOT_OVER
from eksaddon.domain.run.wave_progress import WaveProgress, WaveState


def result_of(run_progress: RunProgress) -> RunResult:
    """Build the result with one outcome for each target, also of an unfinished run."""
    opened = run_progress.opened
    return RunResult(
        run_id=opened.run_id,
        state=run_progress.state,
        results=tuple(
            TargetResult(each.plan, _outcome(each, run_progress), each.seconds)
            for each in run_progress.targets.values()
        ),
        digest=opened.plan.digest,
        created_at=opened.plan.created_at,
        waves=tuple(_wave(each, run_progress) for each in run_progress.waves if each.wave.name),
        reason=_reason(run_progress),
        rollback_asked=run_progress.rollback_asked,
        failed_before=run_progress.failed_before,
    )


def _reason(run_progress: RunProgress) -> str:
    """Reason of the run's state; the reason of a rollback is kept after it."""
    failed = next((each.reason for each in run_progress.waves if each.state is WaveState.FAILED), "")
    return run_progress.reason or run_progress.rollback_reason or failed


def _outcome(target: TargetProgress, run_progress: RunProgress) -> Outcome:
    if target.outcome is not None:
        return target.outcome
    if target.writing is not None:
        return Updating(target.update_id)
    return Skipped(f"{NOT_STARTED}: {run_progress.reason}" if run_progress.reason else NOT_STARTED)


def _wave(wave: WaveProgress, run_progress: RunProgress) -> WaveResult:
    members = len(wave.members)
    to_change = sum(run_progress.targets[ref].plan.action is Action.UPDATE for ref in wave.members)
    return WaveResult(
        wave.wave.name,
        wave_state(wave, run_progress).value,
        to_change,
        at_once(wave.wave, members, run_progress.opened.strategy.concurrency_mode) if members else 0,
        wave.wave.soak,
        gate_names(wave.wave),
        wave.until,
        wave.approved_by,
        wave.reason,
        _probe(wave, run_progress),
    )


def _probe(wave: WaveProgress, run_progress: RunProgress) -> ProbeResult | None:
    """Result of a probe by all records, including losses accepted by resuming the run."""
    gate = probe_gate(wave.wave)
    if gate is None or not wave.probes:
        return None
    sessions = tuple(replace(each, is_accepted=False) for each in wave.probes)
    is_over = sessions[-1].state is SessionState.COMPLETE
    judged = judge_sessions(sessions, gate.limits, is_final=True, label=run_progress.label)
    gaps = sum(each.unmeasured for each in sessions)
    return ProbeResult(
        judged.word,
        judged.reasons,
        by_cluster(sessions),
        gaps,
        is_over,
        together_series(each.series for each in sessions),
        tuple(sorted(_writes(wave, run_progress), key=lambda each: each.span.began)),
    )


def _writes(wave: WaveProgress, run_progress: RunProgress) -> Iterator[ClusterWrite]:
    for ref in wave.members:
        target = run_progress.targets[ref]
        yield from (ClusterWrite(ref, each) for each in target.written)
        if target.writing_since:
            yield ClusterWrite(ref, WriteSpan(target.writing_since, None, restores=target.restores))


def wave_state(wave: WaveProgress, run_progress: RunProgress) -> WaveState:
    """State of a wave: `paused` for the next wave of a paused run, `stopped` where an ended run left it."""
    if run_progress.state is RunState.ROLLED_BACK and wave.wave.name in run_progress.rollback:
        return WaveState.ROLLED_BACK
    if run_progress.state not in NOT_OVER and wave.state in {WaveState.RUNNING, WaveState.SOAKING}:
        return WaveState.STOPPED
    current = next((each for each in run_progress.waves if not each.is_over and each.members), None)
    if run_progress.state is not RunState.PAUSED or wave is not current:
        return wave.state
    match wave.state:
        case WaveState.PENDING | WaveState.GATED:
            return WaveState.GATED
        case WaveState.RUNNING:
            return WaveState.PAUSED
        case _:
            return wave.state
