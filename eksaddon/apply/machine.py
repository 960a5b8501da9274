"""What a run does next; pure. The driver does it, tells the story on, and asks again."""

from datetime import UTC, datetime

from eksaddon.apply.checks import next_look, verdict_of, watched
from eksaddon.apply.concurrency import startable, tolerated
from eksaddon.apply.steps import (
    BeginWave,
    Close,
    EndWave,
    Limits,
    Moment,
    Pause,
    RollBack,
    Soak,
    Start,
    Step,
    Stop,
    Wait,
)
from eksaddon.domain.run.outcome import RolledBack
from eksaddon.domain.run.progress import Story, TargetStory, WaveState, WaveStory
from eksaddon.domain.run.result import RunState
from eksaddon.domain.run.strategy import Approval, Check, OnFailure
from eksaddon.domain.run.window import next_opening


def decide(story: Story, limits: Limits, moment: Moment) -> Step:
    """The next thing to do; `Wait` only where there is nothing else."""
    if open_ones := story.left_open - moment.active - moment.given_up:
        return Start(tuple(sorted(open_ones, key=story.targets.place)))
    if moment.halted:
        return Wait() if moment.active else Pause(moment.halted)
    match story.state:
        case RunState.ROLLING_BACK:
            return _rolling_back(story, limits, moment)
        case RunState.STOPPED:
            return Wait() if moment.active else Close(RunState.STOPPED)
        case _:
            return _forward(story, limits, moment)


def _forward(story: Story, limits: Limits, moment: Moment) -> Step:
    may_go_on = True
    for wave in story.waves:
        if not wave.is_over:
            return _wave(story, wave, limits, moment) if may_go_on else _ended_here(limits, moment)
        may_go_on = may_go_on and (not limits.until_wave or wave.wave.name != limits.until_wave)
    return Wait() if moment.active else Close(final_state(story))


def _ended_here(limits: Limits, moment: Moment) -> Step:
    return Wait() if moment.active else Pause(f"wave {limits.until_wave} has ended")


def _wave(story: Story, wave: WaveStory, limits: Limits, moment: Moment) -> Step:
    if not wave.members:
        return EndWave(wave.wave.name, WaveState.SKIPPED, "no target to change")
    if wave.state in {WaveState.PENDING, WaveState.GATED}:
        return _before(wave, limits, moment)
    if wave.state is WaveState.SOAKING:
        return _soaking(wave, limits, moment)
    return _running(story, wave, limits, moment)


def _before(wave: WaveStory, limits: Limits, moment: Moment) -> Step:
    """Gates before the wave: a person first, then the checks."""
    name = wave.wave.name
    if any(isinstance(gate, Approval) for gate in wave.wave.before) and not wave.approved_by:
        return Pause(f"wave {name} waits for approval")
    checks = tuple(gate for gate in wave.wave.before if isinstance(gate, Check))
    verdict = verdict_of(checks, wave.looks)
    if verdict.failed:
        return Pause(f"wave {name} may not start: {verdict.failed}")
    if verdict.passed:
        return BeginWave(name)
    look = next_look(name, checks, wave.looks, begun=0.0)
    if look.at <= moment.now:
        return look
    return _patient(look.at, look.at, limits, moment, f"wave {name} waits for its checks")


def _running(story: Story, wave: WaveStory, limits: Limits, moment: Moment) -> Step:
    over = wave.tally.failures - wave.forgiven > tolerated(wave)
    if over and wave.wave.on_failure is not OnFailure.CONTINUE:
        return Wait() if moment.active else _reaction(wave, _too_many(wave))
    if not wave.tally.waiting and not moment.active:
        return _finished(wave, moment)
    refs = startable(story, wave, limits, moment)
    if refs:
        return _in_a_window(story, wave, Start(refs), limits, moment)
    later = _later(story, wave, moment)
    return Wait(later) if moment.active or later else _finished(wave, moment)


def _in_a_window(story: Story, wave: WaveStory, start: Start, limits: Limits, moment: Moment) -> Step:
    """Starts are kept for the hours in which the fleet file allows them."""
    opening = next_opening(story.opened.strategy.windows, moment.now)
    if opening is None:
        return start
    if moment.active:
        return Wait(opening)
    where = f"wave {wave.wave.name}" if wave.wave.name else "the run"
    return _patient(opening, opening, limits, moment, f"{where} waits for its window at {_clock(opening)}")


def _later(story: Story, wave: WaveStory, moment: Moment) -> float | None:
    """When the next one may be looked at again; None where no time is known."""
    own = (
        ref for ref in moment.held.keys() - moment.active if story.targets[ref].plan.wave == wave.wave.name
    )
    times = (moment.held[ref] for ref in own if story.targets[ref].outcome is None)
    return min((at for at in times if at > moment.now), default=None)


def _too_many(wave: WaveStory) -> str:
    count = wave.tally.failures
    what = f"{count} of {len(wave.members)} went wrong, {tolerated(wave)} tolerated"
    return f"wave {wave.wave.name}: {what}" if wave.wave.name else what


def _reaction(wave: WaveStory, reason: str) -> Step:
    match wave.wave.on_failure:
        case OnFailure.STOP:
            return Stop(reason)
        case OnFailure.ROLLBACK_WAVE:
            return RollBack((wave.wave.name,), reason)
        case _:
            return Pause(reason)


def _finished(wave: WaveStory, moment: Moment) -> Step:
    if wave.tally.failures - wave.forgiven > tolerated(wave):
        return EndWave(wave.wave.name, WaveState.FAILED, _too_many(wave))
    if wave.wave.soak or wave.wave.gates:
        return Soak(wave.wave.name, moment.now + wave.wave.soak)
    return EndWave(wave.wave.name, WaveState.SUCCEEDED)


def _soaking(wave: WaveStory, limits: Limits, moment: Moment) -> Step:
    """Checks go on while the wave soaks; what they need longer than that, it soaks on."""
    name = wave.wave.name
    checks = watched(wave.wave)
    verdict = verdict_of(checks, wave.looks)
    if verdict.failed:
        reason = f"wave {name}: {verdict.failed}"
        return Pause(reason) if verdict.is_unclear else _after_failed_soak(wave, reason)
    if verdict.passed and moment.now >= wave.until:
        return _left(wave)
    look = next_look(name, checks, wave.looks, begun=wave.until - wave.wave.soak)
    if look.at <= moment.now:
        return look
    next_at = min(look.at, wave.until) if wave.until > moment.now else look.at
    over_at = max(next_at, wave.until)
    return _patient(next_at, over_at, limits, moment, f"wave {name} soaks until {_clock(over_at)}")


def _left(wave: WaveStory) -> Step:
    name = wave.wave.name
    if any(isinstance(gate, Approval) for gate in wave.wave.gates) and not wave.approved_by:
        return Pause(f"wave {name} waits for approval")
    return EndWave(name, WaveState.SUCCEEDED)


def _after_failed_soak(wave: WaveStory, reason: str) -> Step:
    if wave.wave.on_failure is OnFailure.CONTINUE:
        return EndWave(wave.wave.name, WaveState.FAILED, reason)
    return _reaction(wave, reason)


def _patient(next_at: float, over_at: float, limits: Limits, moment: Moment, what: str) -> Wait | Pause:
    """Wait, unless all of it takes longer than this process may wait."""
    if limits.max_wait is not None and over_at - moment.now > limits.max_wait:
        return Pause(what)
    return Wait(next_at)


def _clock(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M:%S} UTC"


def _rolling_back(story: Story, limits: Limits, moment: Moment) -> Step:
    """One wave after the other, as the rollback names them; within a wave as wide as it went forward."""
    for name in story.rollback:
        wave = story.find(name)
        if wave is None or not wave.tally.restoring:
            continue
        refs = startable(story, wave, limits, moment)
        if refs:
            return Start(refs)
        return Wait(_later(story, wave, moment))
    return Wait() if moment.active else Close(after_rollback(story))


def after_rollback(story: Story) -> RunState:
    """Rolled back only where nothing is left of what the run was asked to take back."""
    left = [each for each in story.targets.values() if each.restores and not _is_taken_back(each)]
    return RunState.FAILED if left else RunState.ROLLED_BACK


def _is_taken_back(target: TargetStory) -> bool:
    return isinstance(target.outcome, RolledBack)


def final_state(story: Story) -> RunState:
    """How a run ended that went to its end."""
    counts = story.counts
    bad = counts["failed"] + counts["stale"] + counts["unreached"]
    failed_waves = any(wave.state is WaveState.FAILED for wave in story.waves)
    if not bad:
        return RunState.FAILED if failed_waves else RunState.SUCCEEDED
    return RunState.FAILED if bad == len(story.targets) else RunState.SUCCEEDED_WITH_FAILURES
