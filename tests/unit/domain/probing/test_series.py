"""A series stays short however long it is, and counts every lookup."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.domain.probing.series import MOST_SLICES, NO_SERIES, Series, series_of, together_series

counts = st.tuples(st.integers(0, 2 * 10**9), st.integers(0, 10**6), st.integers(0, 10**6))


@given(st.lists(counts, min_size=1), st.sampled_from([1, 2, 16]))
def test_nothing_is_lost_and_there_are_never_more_slices(
    rows: list[tuple[int, int, int]], length: int
) -> None:
    found = series_of(rows, length)
    assert len(found.asked) == len(found.lost) <= MOST_SLICES
    assert (sum(found.asked), sum(found.lost)) == (sum(row[1] for row in rows), sum(row[2] for row in rows))
    assert found.begin % found.length == 0
    assert found.length & (found.length - 1) == 0
    assert found.begin <= min(row[0] for row in rows)
    assert max(row[0] for row in rows) < found.begin + found.length * len(found.asked)


def test_slices_have_their_begin() -> None:
    found = Series(96, 4, (10, 0, 7), (0, 0, 2))
    assert list(found.rows()) == [(96, 10, 0), (100, 0, 0), (104, 7, 2)]


@pytest.mark.parametrize("empty", [[], [NO_SERIES, NO_SERIES]])
def test_of_nothing_there_is_nothing(empty: list[Series]) -> None:
    assert together_series(empty) == NO_SERIES
    assert list(NO_SERIES.rows()) == []


def test_several_are_summed_in_the_longest_slices() -> None:
    fine, coarse = Series(98, 1, (1, 2, 3), (0, 1, 0)), Series(96, 4, (100, 100), (0, 50))
    assert together_series([fine, NO_SERIES, coarse]) == Series(96, 4, (103, 103), (1, 50))
