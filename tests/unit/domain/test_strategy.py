import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.domain.strategy import Count, Percent, Strategy, Unmatched, Wave, tolerance, width


@pytest.mark.parametrize(
    ("amount", "total", "at_once", "borne"),
    [
        (Count(5), 3, 5, 5),
        (Percent(25), 10, 2, 2),
        (Percent(10), 5, 1, 0),
        (Percent(100), 7, 7, 7),
        (Percent(0), 50, 1, 0),
    ],
)
def test_a_percentage_rounds_down_and_starts_at_least_one(
    amount: Count | Percent, total: int, at_once: int, borne: int
) -> None:
    assert width(amount, total) == at_once
    assert tolerance(amount, total) == borne


@given(st.integers(0, 100), st.integers(0, 5000))
def test_no_percentage_is_more_than_everything(percent: int, total: int) -> None:
    assert 1 <= width(Percent(percent), total) <= max(1, total)
    assert 0 <= tolerance(Percent(percent), total) <= total


def test_without_a_word_a_wave_bears_nothing_and_nobody_is_forgotten() -> None:
    strategy = Strategy((Wave("all"),))
    assert tolerance(strategy.waves[0].failure_tolerance, 100) == 0
    assert strategy.unmatched is Unmatched.ERROR
