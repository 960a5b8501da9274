"""Decides the next step of a run; pure. The engine executes it, records it, and asks for the next."""

from datetime import UTC, datetime

from eksaddon.apply.checks import next_look, verdict_of, watched
from eksaddon.apply.concurrency import startable, tolerated
from eksaddon.apply.probing.deciding import (
    before_end,
    before_start,
    due_now,
    has_changes,
    judged_at_end,
    judged_so_far,
    reason_of,
    while_soaking,
)
from eksaddon.apply.steps import (
    BeginWave,
    Close,
    EndWave,
    InFlight,
    Limits,
    Pause,
    RollBack,
    Soak,
    Start,
    Step,
    Stop,
    Wait,
)
from eksaddon.domain.probing.verdict import ProbeWord
from eksaddon.domain.rollout.strategy import Approval, Check, OnFailure
from eksaddon.domain.rollout.window import next_opening
from eksaddon.domain.run.outcome import NOT_DONE, OutcomeWord, RolledBack
from eksaddon.domain.run.progress import RunProgress
from eksaddon.domain.run.result import RunState
from eksaddon.domain.run.target_progress import TargetProgress
from eksaddon.domain.run.wave_progress import WaveProgress, WaveState
from eksaddon.domain.target import ClusterRef


def decide(run_progress: RunProgress, limits: Limits, in_flight: InFlight) -> Step:
    """Decide the next step; `Wait` only if there is no other, and at most until a probe is due."""
    step = due_now(run_progress, in_flight) or _next(run_progress, limits, in_flight)
    if isinstance(step, Wait) and in_flight.probing is not None:
        until = in_flight.probe_due if step.until is None else min(step.until, in_flight.probe_due)
        return Wait(until)
    return step


def _next(run_progress: RunProgress, limits: Limits, in_flight: InFlight) -> Step:
    left_open = run_progress.left_open - in_flight.active - in_flight.undetermined
    if due := [ref for ref in left_open if in_flight.held.get(ref, 0.0) <= in_flight.now]:
        return Start(tuple(sorted(due, key=run_progress.targets.place)))
    if in_flight.halted:
        return Wait() if in_flight.active else Pause(in_flight.halted)
    match run_progress.state:
        case RunState.ROLLING_BACK:
            return _rolling_back(run_progress, limits, in_flight)
        case RunState.STOPPED:
            return _stopped(run_progress, left_open, in_flight)
        case _:
            return _forward(run_progress, limits, in_flight)


def _stopped(run_progress: RunProgress, left_open: frozenset[ClusterRef], in_flight: InFlight) -> Step:
    """Follow updates that were started before the run was stopped.

    If that proves every target of the run, the run is complete nevertheless.
    """
    if in_flight.active:
        return Wait()
    if left_open:
        return Wait(min(in_flight.held[ref] for ref in left_open))
    counts = run_progress.counts
    is_done = not counts["pending"] and not any(counts[word] for word in NOT_DONE)
    return Close(final_state(run_progress) if is_done else RunState.STOPPED)


def _forward(run_progress: RunProgress, limits: Limits, in_flight: InFlight) -> Step:
    may_go_on = True
    for wave in run_progress.waves:
        if not wave.is_over:
            return (
                _wave(run_progress, wave, limits, in_flight) if may_go_on else _ended_here(limits, in_flight)
            )
        may_go_on = may_go_on and (not limits.until_wave or wave.wave.name != limits.until_wave)
    return Wait() if in_flight.active else Close(final_state(run_progress))


def _ended_here(limits: Limits, in_flight: InFlight) -> Step:
    return Wait() if in_flight.active else Pause(f"wave {limits.until_wave} has finished")


def _wave(run_progress: RunProgress, wave: WaveProgress, limits: Limits, in_flight: InFlight) -> Step:
    if not wave.members:
        return EndWave(wave.wave.name, WaveState.SKIPPED, "no targets to change")
    if wave.state in {WaveState.PENDING, WaveState.GATED}:
        return _before(wave, limits, in_flight)
    if wave.state is WaveState.SOAKING:
        return _soaking(run_progress, wave, limits, in_flight)
    return _running(run_progress, wave, limits, in_flight)


def _before(wave: WaveProgress, limits: Limits, in_flight: InFlight) -> Step:
    """Gates before the wave: approval first, then checks."""
    name = wave.wave.name
    if any(isinstance(gate, Approval) for gate in wave.wave.before) and not wave.approved_by:
        return Pause(f"wave {name} is waiting for approval")
    checks = tuple(gate for gate in wave.wave.before if isinstance(gate, Check))
    verdict = verdict_of(checks, wave.looks)
    if verdict.failed:
        return Pause(f"wave {name} cannot start: {verdict.failed}")
    if verdict.passed:
        return BeginWave(name)
    due = next_look(name, checks, wave.looks, begun=0.0)
    if due.at <= in_flight.now:
        return due
    return _patient(due.at, due.at, limits, in_flight, f"wave {name} is waiting for its checks")


def _running(run_progress: RunProgress, wave: WaveProgress, limits: Limits, in_flight: InFlight) -> Step:
    is_exceeded = wave.counts.failures - wave.forgiven > tolerated(wave)
    if is_exceeded and wave.wave.on_failure is not OnFailure.CONTINUE:
        return Wait() if in_flight.active else _reaction(wave, _too_many(wave))
    if (step := _after_loss(run_progress, wave)) is not None:
        return Wait() if in_flight.active else step
    if not wave.counts.waiting and not in_flight.active:
        return _finished(wave, in_flight)
    refs = startable(run_progress, wave, limits, in_flight)
    if refs:
        return _in_a_window(run_progress, wave, Start(refs), limits, in_flight)
    later = _later(run_progress, wave, in_flight)
    return Wait(later) if in_flight.active or later else _finished(wave, in_flight)


def _after_loss(run_progress: RunProgress, wave: WaveProgress) -> Step | None:
    """Step after failed lookups during a change; failures before any change only pause the run."""
    judged = judged_so_far(run_progress, wave)
    match judged.word:
        case ProbeWord.PASS:
            return None
        case ProbeWord.FAIL if has_changes(run_progress, wave):
            reason = f"wave {wave.wave.name}: {reason_of(judged)}"
            return None if wave.wave.on_failure is OnFailure.CONTINUE else _reaction(wave, reason)
        case _:
            return Pause(f"wave {wave.wave.name}: {reason_of(judged)}")


def _in_a_window(
    run_progress: RunProgress, wave: WaveProgress, start: Start, limits: Limits, in_flight: InFlight
) -> Step:
    """Delay starts until a maintenance window is open."""
    opening = next_opening(run_progress.opened.strategy.windows, in_flight.now)
    if opening is None:
        return before_start(run_progress, wave, in_flight) or start
    if in_flight.active:
        return Wait(opening)
    where = f"wave {wave.wave.name}" if wave.wave.name else "the run"
    return _patient(
        opening, opening, limits, in_flight, f"{where} is waiting for its window at {_clock(opening)}"
    )


def _later(run_progress: RunProgress, wave: WaveProgress, in_flight: InFlight) -> float | None:
    """When the next postponed target is due; None if unknown."""
    wave_refs = (
        ref
        for ref in in_flight.held.keys() - in_flight.active
        if run_progress.targets[ref].plan.wave == wave.wave.name
    )
    times = (in_flight.held[ref] for ref in wave_refs if run_progress.targets[ref].outcome is None)
    return min((at for at in times if at > in_flight.now), default=None)


def _too_many(wave: WaveProgress) -> str:
    count = wave.counts.failures
    what = f"{count} of {len(wave.members)} failed, {tolerated(wave)} tolerated"
    return f"wave {wave.wave.name}: {what}" if wave.wave.name else what


def _reaction(wave: WaveProgress, reason: str) -> Step:
    match wave.wave.on_failure:
        case OnFailure.STOP:
            return Stop(reason)
        case OnFailure.ROLLBACK_WAVE:
            return RollBack((wave.wave.name,), reason)
        case _:
            return Pause(reason)


def _finished(wave: WaveProgress, in_flight: InFlight) -> Step:
    if wave.counts.failures - wave.forgiven > tolerated(wave):
        return EndWave(wave.wave.name, WaveState.FAILED, _too_many(wave))
    if wave.wave.soak or wave.wave.gates:
        return Soak(wave.wave.name, in_flight.now + wave.wave.soak)
    return EndWave(wave.wave.name, WaveState.SUCCEEDED)


def _soaking(run_progress: RunProgress, wave: WaveProgress, limits: Limits, in_flight: InFlight) -> Step:
    """Run checks during the soak, which is extended if they need more time."""
    name = wave.wave.name
    if (step := while_soaking(wave, in_flight) or _after_loss(run_progress, wave)) is not None:
        return step
    checks = watched(wave.wave)
    verdict = verdict_of(checks, wave.looks)
    if verdict.failed:
        reason = f"wave {name}: {verdict.failed}"
        return Pause(reason) if verdict.is_unclear else _after_failed_soak(wave, reason)
    if verdict.passed and in_flight.now >= wave.until:
        return _left(run_progress, wave, in_flight)
    due = next_look(name, checks, wave.looks, begun=wave.until - wave.wave.soak)
    if due.at <= in_flight.now:
        return due
    next_at = min(due.at, wave.until) if wave.until > in_flight.now else due.at
    over_at = max(next_at, wave.until)
    return _patient(next_at, over_at, limits, in_flight, f"wave {name} is soaking until {_clock(over_at)}")


def _left(run_progress: RunProgress, wave: WaveProgress, in_flight: InFlight) -> Step:
    name = wave.wave.name
    if (step := before_end(wave, in_flight)) is not None:
        return step
    judged = judged_at_end(run_progress, wave)
    if judged.word is ProbeWord.FAIL:
        return _after_failed_soak(wave, f"wave {name}: {reason_of(judged)}")
    if judged.word is ProbeWord.INCONCLUSIVE:
        return Pause(f"wave {name}: {reason_of(judged)}")
    if any(isinstance(gate, Approval) for gate in wave.wave.gates) and not wave.approved_by:
        return Pause(f"wave {name} is waiting for approval")
    return EndWave(name, WaveState.SUCCEEDED)


def _after_failed_soak(wave: WaveProgress, reason: str) -> Step:
    if wave.wave.on_failure is OnFailure.CONTINUE:
        return EndWave(wave.wave.name, WaveState.FAILED, reason)
    return _reaction(wave, reason)


def _patient(next_at: float, over_at: float, limits: Limits, in_flight: InFlight, what: str) -> Wait | Pause:
    """Wait, or pause if that takes longer than this process may wait."""
    if limits.max_wait is not None and over_at - in_flight.now > limits.max_wait:
        return Pause(what)
    return Wait(next_at)


def _clock(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M:%S} UTC"


def _rolling_back(run_progress: RunProgress, limits: Limits, in_flight: InFlight) -> Step:
    """Roll back waves in order, with the same concurrency as the rollout."""
    for name in run_progress.rollback:
        wave = run_progress.find(name)
        if wave is None or not wave.counts.restoring:
            continue
        refs = startable(run_progress, wave, limits, in_flight)
        if refs:
            return Start(refs)
        return Wait(_later(run_progress, wave, in_flight))
    return Wait() if in_flight.active else Close(after_rollback(run_progress))


def after_rollback(run_progress: RunProgress) -> RunState:
    """State after a rollback; rolled back only if all requested changes were rolled back."""
    left = [each for each in run_progress.targets.values() if each.restores and not _is_restored(each)]
    return RunState.FAILED if left else RunState.ROLLED_BACK


def _is_restored(target: TargetProgress) -> bool:
    return isinstance(target.outcome, RolledBack)


def final_state(run_progress: RunProgress) -> RunState:
    """Final state of a finished run."""
    counts = run_progress.counts
    failures = sum(counts[word] for word in NOT_DONE)
    failed_waves = any(wave.state is WaveState.FAILED for wave in run_progress.waves)
    if not failures and counts[OutcomeWord.BLOCKED] and not failed_waves:
        return RunState.INCOMPLETE
    if not failures:
        return RunState.FAILED if failed_waves else RunState.SUCCEEDED
    return RunState.FAILED if failures == len(run_progress.targets) else RunState.SUCCEEDED_WITH_FAILURES
