"""What a run does next, where the harness of whole runs does not get to."""

from eksaddon.apply.machine import decide
from eksaddon.apply.steps import InFlight, Limits, Pause, Start, Step, Wait
from eksaddon.domain.rollout.strategy import ConcurrencyMode, Count, Strategy, Wave
from eksaddon.domain.rollout.window import Window
from eksaddon.domain.run.progress import RunProgress, advance, started
from eksaddon.domain.run.records import Opened, WaveBegan
from eksaddon.domain.target import ClusterRef
from tests.support.rollouts import RUN, plan_of, refs_of

REFS = refs_of(4)
NIGHT = Window(frozenset(range(7)), 22 * 60, 4 * 60)
NOON = 1_767_268_800.0
"""2026-01-01T12:00Z."""


def run_progress() -> RunProgress:
    strategy = Strategy(
        (Wave("w", max_concurrency=Count(2)),), concurrency_mode=ConcurrencyMode.SOFT, windows=(NIGHT,)
    )
    return advance(started(Opened(NOON, RUN, plan_of([("w", REFS)]), strategy)), WaveBegan(NOON, "w"))


def step(now: float, limits: Limits | None = None, active: frozenset[ClusterRef] = frozenset()) -> Step:
    return decide(run_progress(), limits or Limits(), InFlight(now, active))


def test_starts_are_kept_for_the_window_and_a_process_that_may_not_wait_pauses() -> None:
    opening = NOON + 10 * 3600
    assert step(NOON) == Wait(opening)
    assert step(opening) == Start(tuple(REFS[:2]))
    impatient = Limits(max_wait=60.0)
    assert step(NOON, impatient) == Pause("wave w is waiting for its window at 2026-01-01 22:00:00 UTC")
    assert step(NOON, impatient, frozenset({REFS[0]})) == Wait(opening)
