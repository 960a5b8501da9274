import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.domain.rollout.strategy import (
    ConcurrencyMode,
    Count,
    Percent,
    Strategy,
    Unmatched,
    Wave,
    at_once,
    tolerance,
    width,
)


@pytest.mark.parametrize(
    ("amount", "total", "wide", "borne"),
    [
        (Count(5), 3, 5, 5),
        (Percent(25), 10, 2, 2),
        (Percent(10), 5, 1, 0),
        (Percent(100), 7, 7, 7),
        (Percent(0), 50, 1, 0),
    ],
)
def test_a_percentage_rounds_down_and_starts_at_least_one(
    amount: Count | Percent, total: int, wide: int, borne: int
) -> None:
    assert width(amount, total) == wide
    assert tolerance(amount, total) == borne


@given(st.integers(0, 100), st.integers(0, 5000))
def test_no_percentage_is_more_than_everything(percent: int, total: int) -> None:
    assert 1 <= width(Percent(percent), total) <= max(1, total)
    assert 0 <= tolerance(Percent(percent), total) <= total


def test_without_a_word_a_wave_bears_nothing_and_no_one_is_forgotten() -> None:
    strategy = Strategy((Wave("all"),))
    assert tolerance(strategy.waves[0].failure_tolerance, 100) == 0
    assert strategy.unmatched is Unmatched.ERROR


@pytest.mark.parametrize(
    ("tolerated", "mode", "wide"),
    [
        (0, ConcurrencyMode.STRICT, 1),
        (2, ConcurrencyMode.STRICT, 3),
        (9, ConcurrencyMode.STRICT, 5),
        (0, ConcurrencyMode.SOFT, 5),
    ],
)
def test_strictly_no_more_are_under_way_than_may_still_fail_and_one(
    tolerated: int, mode: ConcurrencyMode, wide: int
) -> None:
    wave = Wave("prod", max_concurrency=Count(5), failure_tolerance=Count(tolerated))
    assert at_once(wave, 8, mode) == wide
