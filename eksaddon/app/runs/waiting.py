"""What a paused run waits for."""

from enum import StrEnum

from eksaddon.apply.concurrency import tolerated
from eksaddon.apply.probing.deciding import has_changes, judged_at_end, judged_so_far, reason_of
from eksaddon.domain.probing.verdict import ProbeWord
from eksaddon.domain.rollout.strategy import Approval
from eksaddon.domain.rollout.window import next_opening
from eksaddon.domain.run.progress import RunProgress
from eksaddon.domain.run.result import RunState
from eksaddon.domain.run.wave_progress import WaveProgress, WaveState
from eksaddon.frozen import dataclass


class WaitsFor(StrEnum):
    """Attributes: NOTHING: It can be resumed immediately, or is not paused."""

    NOTHING = "nothing"
    TIME = "time"
    APPROVAL = "approval"
    FAILURES = "failures"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Attributes: until: Seconds since the epoch, for `TIME`; 0 otherwise. reason: Empty for `NOTHING`."""

    what: WaitsFor
    until: float = 0.0
    reason: str = ""


def waits_for(run_progress: RunProgress, now: float) -> Waiting:
    """What must happen before a paused run can continue."""
    if run_progress.state is not RunState.PAUSED:
        return Waiting(WaitsFor.NOTHING)
    if failures := open_failures(run_progress):
        return Waiting(WaitsFor.FAILURES, reason=failures)
    wave = next((each for each in run_progress.waves if each.members and not each.is_over), None)
    if wave is None:
        return Waiting(WaitsFor.NOTHING)
    if wave.state is WaveState.SOAKING and wave.until > now:
        return Waiting(WaitsFor.TIME, wave.until, run_progress.reason)
    if _needs_approval(wave):
        return Waiting(WaitsFor.APPROVAL, reason=run_progress.reason)
    opening = next_opening(run_progress.opened.strategy.windows, now)
    if wave.state is not WaveState.SOAKING and opening is not None:
        return Waiting(WaitsFor.TIME, opening, run_progress.reason)
    return Waiting(WaitsFor.NOTHING)


def open_failures(run_progress: RunProgress) -> str:
    """The failures that paused the run and were not accepted; empty for none."""
    if run_progress.state is not RunState.PAUSED:
        return ""
    return next(filter(None, (_failures(run_progress, each) for each in run_progress.waves)), "")


def _failures(run_progress: RunProgress, wave: WaveProgress) -> str:
    if wave.is_over:
        return ""
    if wave.counts.failures - wave.forgiven > tolerated(wave):
        return run_progress.reason
    judge = judged_at_end if wave.state is WaveState.SOAKING else judged_so_far
    judged = judge(run_progress, wave)
    is_loss = judged.word is ProbeWord.FAIL and has_changes(run_progress, wave)
    return f"wave {wave.wave.name}: {reason_of(judged)}" if is_loss else ""


def _needs_approval(wave: WaveProgress) -> bool:
    gates = wave.wave.gates if wave.state is WaveState.SOAKING else wave.wave.before
    has_started = wave.state not in {WaveState.PENDING, WaveState.GATED, WaveState.SOAKING}
    return not has_started and not wave.approved_by and any(isinstance(gate, Approval) for gate in gates)
