"""Counts and times of a run in progress."""

import math
from collections.abc import Mapping
from dataclasses import field
from typing import assert_never

from eksaddon.domain.probing.figures import probe_text
from eksaddon.domain.probing.session import by_cluster
from eksaddon.domain.rollout.strategy import Approval, at_once
from eksaddon.domain.run.classify import outcome_word
from eksaddon.domain.run.outcome import (
    NOT_DONE,
    Blocked,
    Changed,
    Failed,
    InSync,
    Outcome,
    RolledBack,
    Skipped,
    Stale,
    Unproven,
    UnreachableTarget,
    Updating,
)
from eksaddon.domain.run.progress import RunProgress
from eksaddon.domain.run.result import RunState
from eksaddon.domain.run.wave_progress import WaveProgress, WaveState
from eksaddon.domain.target import ClusterRef
from eksaddon.frozen import dataclass
from eksaddon.report.escape import terminal
from eksaddon.report.run_view.remaining import MINUTE

HELD = "held"
"""Step of a target that was postponed and is retried later."""


@dataclass(frozen=True, slots=True)
class Underway:
    """A target in progress in this process.

    Attributes:
        since: Seconds since the epoch.
    """

    step: str
    since: float


@dataclass(frozen=True, slots=True)
class Scene:
    """A run, with facts of this process that its records do not contain.

    Attributes:
        since: Start of this process, in seconds since the epoch.
        ended: Number of targets finished in this process.
        worked: Seconds with at least one target in progress.
        spent: Total seconds of all targets finished in this process.
        at_once: Maximum concurrency of this process, independent of the wave's.
        failed: Failed targets, the latest last.
        halted: Why no new updates start; empty if they do.
    """

    run_progress: RunProgress
    underway: Mapping[ClusterRef, Underway] = field(default_factory=dict)
    since: float = 0.0
    ended: int = 0
    worked: float = 0.0
    spent: float = 0.0
    at_once: int = 10
    failed: tuple[ClusterRef, ...] = ()
    halted: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts of wave members; every member is in exactly one.

    Attributes:
        held: Postponed.
        waiting: Not started.
    """

    done: int = 0
    in_flight: int = 0
    failed: int = 0
    held: int = 0
    waiting: int = 0

    @property
    def total(self) -> int:
        return self.done + self.in_flight + self.failed + self.held + self.waiting

    def plus(self, other: "Counts") -> "Counts":
        return Counts(
            self.done + other.done,
            self.in_flight + other.in_flight,
            self.failed + other.failed,
            self.held + other.held,
            self.waiting + other.waiting,
        )


def has_failed(outcome: Outcome | None) -> bool:
    return outcome is not None and outcome_word(outcome) in NOT_DONE


def why_failed(outcome: Outcome | None) -> str:
    match outcome:
        case Failed(trouble=trouble) | UnreachableTarget(trouble=trouble) | Unproven(trouble=trouble):
            return terminal(str(trouble))
        case Stale(reason=reason):
            return f"stale: {terminal(reason)}"
        case None | Changed() | InSync() | Skipped() | Blocked() | RolledBack() | Updating():
            return ""
        case _:
            assert_never(outcome)


def shortly_why(outcome: Outcome | None) -> str:
    """Like `why_failed`, for a line that is cut: the remedy instead of the service's message."""
    match outcome:
        case UnreachableTarget(trouble=trouble):
            return f"unreachable: {trouble.cause.value}: {terminal(trouble.hint)}"
        case _:
            return why_failed(outcome)


def counts_of(wave: WaveProgress, scene: Scene) -> Counts:
    done = in_flight = failed = held = waiting = 0
    for ref in wave.members:
        outcome = scene.run_progress.targets[ref].outcome
        if outcome is not None:
            is_failed = has_failed(outcome)
            failed, done = failed + is_failed, done + (not is_failed)
        elif (begun := scene.underway.get(ref)) is None:
            waiting += 1
        else:
            is_held = begun.step == HELD
            held, in_flight = held + is_held, in_flight + (not is_held)
    return Counts(done, in_flight, failed, held, waiting)


def current(run_progress: RunProgress) -> WaveProgress | None:
    """The current wave; None after the last one."""
    if run_progress.rollback:
        rolled_back_waves = (run_progress.find(name) for name in run_progress.rollback)
        return next((wave for wave in rolled_back_waves if wave and wave.counts.restoring), None)
    return next((wave for wave in run_progress.waves if not wave.is_over), None)


def status_text(wave: WaveProgress, run_progress: RunProgress, now: float) -> str:
    """Short text on what a wave waits for; empty if its counts are sufficient."""
    if run_progress.rollback:
        return _rollback_text(wave, run_progress)
    match wave.state:
        case WaveState.SOAKING:
            return f"soaking, {span(max(0.0, wave.until - now))} left{_last_check(wave)}{_probed(wave)}"
        case WaveState.GATED:
            return f"waiting for gates{_last_check(wave)}"
        case WaveState.PENDING:
            return _pending_text(wave)
        case WaveState.RUNNING:
            return _lost_lookups(wave)
        case _:
            return wave.state.value


def _rollback_text(wave: WaveProgress, run_progress: RunProgress) -> str:
    if wave.wave.name not in run_progress.rollback:
        return ""
    return "rolling back" if wave.counts.restoring else "rolled back"


def _pending_text(wave: WaveProgress) -> str:
    if not any(isinstance(gate, Approval) for gate in wave.wave.before):
        return ""
    return f"approved by {terminal(wave.approved_by)}" if wave.approved_by else "needs approval"


def _probed(wave: WaveProgress) -> str:
    return f", {found}" if (found := _lost_lookups(wave)) else ""


def _lost_lookups(wave: WaveProgress) -> str:
    """As recorded last: immediately if lookups were lost, else every minute."""
    if not wave.probes or not wave.probes[-1].results:
        return ""
    return f"probe: {terminal(probe_text(by_cluster(wave.probes)))}"


def _last_check(wave: WaveProgress) -> str:
    if not wave.looks:
        return ""
    latest = wave.looks[-1]
    return f", {terminal(latest.gate)}: {terminal(latest.verdict)}"


def is_moving(scene: Scene) -> bool:
    return any(each.step != HELD for each in scene.underway.values())


def seconds_left(scene: Scene, now: float) -> float | None:
    """Estimated seconds left, including soaks; None before the first target has finished."""
    if not scene.ended or not any(each.counts.waiting for each in scene.run_progress.waves):
        return None
    each = scene.spent / scene.ended
    return sum(_wave_left(wave, scene, each, now) for wave in scene.run_progress.waves)


def _wave_left(wave: WaveProgress, scene: Scene, each: float, now: float) -> float:
    is_rolling_back = scene.run_progress.state is RunState.ROLLING_BACK
    left = wave.counts.restoring if is_rolling_back else wave.counts.waiting
    if not wave.members or (wave.is_over and not is_rolling_back):
        return 0.0
    mode = scene.run_progress.opened.strategy.concurrency_mode
    concurrency = max(1, min(scene.at_once, at_once(wave.wave, len(wave.members), mode)))
    return each * math.ceil(left / concurrency) + (0.0 if is_rolling_back else _soak_left(wave, now))


def _soak_left(wave: WaveProgress, now: float) -> float:
    return max(0.0, wave.until - now) if wave.state is WaveState.SOAKING else float(wave.wave.soak)


def span(seconds: float) -> str:
    """Format an elapsed time: `9s`, `4m12s`, `1h04m`."""
    total_seconds = max(0, int(seconds))
    hours, minutes, rest = total_seconds // 3600, total_seconds // MINUTE % MINUTE, total_seconds % MINUTE
    if hours:
        return f"{hours}h{minutes:02}m"
    return f"{minutes}m{rest:02}s" if minutes else f"{rest}s"


def log_line(scene: Scene, now: float) -> str:
    """One log line: `wave canary: 3 of 8 done, 2 in flight, 0 failed, 4m12s`."""
    wave = current(scene.run_progress)
    if wave is None:
        return f"run {scene.run_progress.opened.run_id}: {span(now - scene.since)}"
    counts, name = counts_of(wave, scene), terminal(wave.wave.name)
    parts = [f"{counts.done:,} of {counts.total:,} done", f"{counts.in_flight:,} in flight"]
    parts += [f"{counts.failed:,} failed"]
    parts += [f"{counts.held:,} held"] if counts.held else []
    parts += [text for text in (status_text(wave, scene.run_progress, now), span(now - scene.since)) if text]
    return (f"wave {name}: " if name else "") + ", ".join(parts)
