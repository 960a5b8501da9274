"""Readings of what was counted so far become counts over time."""

from hypothesis import given
from hypothesis import strategies as st

from eksaddon.apply.probing.over_time import OverTime
from eksaddon.domain.probing.series import MOST_SLICES, NO_SERIES, Series
from tests.support.rollouts import refs_of

ONE, TWO = refs_of(2)
steps = st.lists(
    st.tuples(st.sampled_from([ONE, TWO]), st.floats(0, 500), st.integers(0, 10**5), st.integers(0, 10**5)),
    max_size=60,
)


@given(steps)
def test_every_lookup_counts_once_and_the_series_stays_short(
    steps: list[tuple[object, float, int, int]],
) -> None:
    found, now, totals = OverTime(1000.0), 1000.0, {ONE: (0, 0), TWO: (0, 0)}
    for ref, later, asked, lost in steps:
        now += later
        before = totals[ref]  # type: ignore[index]  # one of the two
        totals[ref] = before[0] + asked, before[1] + min(asked, lost)  # type: ignore[index]  # as above
        found.add(ref, now, *totals[ref])  # type: ignore[index, arg-type]  # as above
    series = found.series()
    assert len(series.asked) <= MOST_SLICES
    assert sum(series.asked) == sum(each[0] for each in totals.values())
    assert sum(series.lost) == sum(each[1] for each in totals.values())


def test_counts_between_two_readings_are_spread_over_that_time() -> None:
    found = OverTime(100.5)
    found.add(ONE, 102.5, 200, 2)
    assert found.series() == Series(100, 1, (50, 100, 50), (0, 2, 0))
    found.add(ONE, 103.0, 200, 2)
    found.add(TWO, 101.0, 10, 0)
    assert found.series() == Series(100, 1, (60, 100, 50), (0, 2, 0))


def test_counts_that_are_not_newer_belong_to_their_second() -> None:
    found = OverTime(100.0)
    found.add(ONE, 99.0, 5, 1)
    assert found.series() == Series(100, 1, (5,), (1,))


def test_without_a_count_there_is_no_series() -> None:
    found = OverTime(100.0)
    found.add(ONE, 101.0, 0, 0)
    assert found.series() == NO_SERIES
