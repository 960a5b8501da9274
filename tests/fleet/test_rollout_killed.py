"""Kill -9 at every point of a rollout: who resumes it ends where an undisturbed run ends."""

from collections import Counter
from collections.abc import Callable

import pytest

from eksaddon.apply.steps import Limits
from eksaddon.domain.rollout.strategy import Check, Count, Strategy, Wave
from eksaddon.domain.run.outcome import Changed
from eksaddon.domain.run.progress import RunProgress
from eksaddon.domain.run.records import Resumed
from eksaddon.domain.run.result import RunState
from eksaddon.domain.run.wave_progress import WaveProgress
from tests.support.rollouts import AFTER, KilledError, Rollout, plan_of, refs_of

TARGETS = refs_of(60, accounts=6)
PLAN = plan_of(
    [("canary", TARGETS[:2]), ("early", TARGETS[2:12]), ("most", TARGETS[12:50]), ("last", TARGETS[50:])]
)
STRATEGY = Strategy(
    (
        Wave("canary", max_concurrency=Count(1), soak=600),
        Wave("early", max_concurrency=Count(4), failure_tolerance=Count(3), gates=(Check("dns"),)),
        Wave("most", max_concurrency=Count(20), failure_tolerance=Count(19), per_account=4),
        Wave("last", max_concurrency=Count(10), failure_tolerance=Count(9), soak=60),
    )
)
LIMITS = Limits(total=16, per_scope=8)


async def fine(_: RunProgress, __: WaveProgress) -> tuple[str, str]:
    return "pass", ""


def rollout() -> Rollout:
    made = Rollout(PLAN, STRATEGY)
    made.checks = {"addon-health": fine, "dns": fine}
    made.begin()
    return made


def undisturbed() -> tuple[RunProgress, int, int]:
    """How it ends, the records of its journal, and its calls."""
    made = rollout()
    return made.process(LIMITS), len(made.journal.records), len(made.api.calls)


def killed(made: Rollout) -> None:
    with pytest.raises(KilledError):
        made.process(LIMITS)


def resumed(made: Rollout) -> RunProgress:
    made.journal.before = lambda _: None
    made.api.before = lambda _: None
    made.tell(Resumed(made.clock.now(), "test"))
    return made.process(LIMITS)


def check(made: Rollout, run_progress: RunProgress) -> None:
    """As undisturbed: all changed, each with one update, none forgotten."""
    assert run_progress.state is RunState.SUCCEEDED
    assert run_progress.counts == Counter(changed=len(TARGETS))
    assert {addon.text for addon in made.api.addons.values()} == {AFTER}
    sent = Counter(ref for ref, _ in made.api.requests)
    assert sent == Counter(TARGETS)
    assert all(isinstance(each.outcome, Changed) for each in run_progress.targets.values())


def test_undisturbed_it_goes_to_its_end() -> None:
    made = rollout()
    check(made, made.process(LIMITS))


_, RECORDS, CALLS = undisturbed()


@pytest.mark.parametrize("part", range(8))
def test_killed_before_any_record_is_safe(part: int) -> None:
    """Every boundary of the journal, in eight parts."""
    for boundary in range(1 + part, RECORDS, 8):
        made = rollout()

        def die(count: int, at: int = boundary) -> None:
            if count >= at:
                raise KilledError

        made.journal.before = die
        killed(made)
        check(made, resumed(made))


@pytest.mark.parametrize("part", range(8))
def test_killed_at_any_call(part: int) -> None:
    """Between two records too: before a call is carried out, and after it."""
    for number in range(1 + part, CALLS, 8 * 5):
        for is_after in (False, True):
            made = rollout()
            made.api.before = _dying(number, is_after=is_after)
            killed(made)
            check(made, resumed(made))


def _dying(number: int, *, is_after: bool) -> Callable[[int], None]:
    def die(count: int) -> None:
        if count >= number + is_after:
            raise KilledError

    return die


def test_killed_again_and_again() -> None:
    """A process that never gets further than five records still brings the run to its end."""
    made = rollout()
    for _ in range(RECORDS):
        limit = len(made.journal.records) + 6
        made.journal.before = lambda count, limit=limit: _die_from(count, limit)  # type: ignore[misc]  # mypy cannot type a lambda's default
        made.tell(Resumed(made.clock.now(), "test"))
        try:
            run_progress = made.process(LIMITS)
        except KilledError:
            continue
        check(made, run_progress)
        return
    pytest.fail("never ended")


def _die_from(count: int, limit: int) -> None:
    if count >= limit:
        raise KilledError
