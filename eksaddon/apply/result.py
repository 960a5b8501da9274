"""A run's story as the result that is reported."""

from eksaddon.domain.run.outcome import Outcome, Skipped
from eksaddon.domain.run.progress import Story, TargetStory, WaveState, WaveStory
from eksaddon.domain.run.result import RunResult, RunState, TargetResult, WaveResult
from eksaddon.domain.run.strategy import at_once, gate_names


def result_of(story: Story) -> RunResult:
    """One outcome for each target, whether or not the run is over."""
    opened = story.opened
    return RunResult(
        run_id=opened.run_id,
        state=story.state,
        results=tuple(
            TargetResult(each.plan, _outcome(each, story), each.seconds) for each in story.targets.values()
        ),
        digest=opened.plan.digest,
        created_at=opened.plan.created_at,
        waves=tuple(_wave(each, story) for each in story.waves if each.wave.name),
        reason=story.reason,
    )


def _outcome(target: TargetStory, story: Story) -> Outcome:
    if target.outcome is not None:
        return target.outcome
    if target.writing is not None:
        return Skipped("under way")
    return Skipped(f"not started: {story.reason}" if story.reason else "not started")


def _wave(wave: WaveStory, story: Story) -> WaveResult:
    members = len(wave.members)
    return WaveResult(
        wave.wave.name,
        wave_state(wave, story).value,
        members,
        at_once(wave.wave, members, story.opened.strategy.concurrency_mode) if members else 0,
        wave.wave.soak,
        gate_names(wave.wave),
        wave.until,
        wave.approved_by,
        wave.reason,
    )


def wave_state(wave: WaveStory, story: Story) -> WaveState:
    """As it is recorded, but where the run is paused the wave that it stands before waits for somebody."""
    current = next((each for each in story.waves if not each.is_over and each.members), None)
    if story.state is not RunState.PAUSED or wave is not current:
        return wave.state
    match wave.state:
        case WaveState.PENDING | WaveState.GATED:
            return WaveState.GATED
        case WaveState.RUNNING:
            return WaveState.PAUSED
        case _:
            return wave.state
