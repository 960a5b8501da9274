"""Hours in which updates may start."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.domain.rollout.window import Window, next_opening

ZONES = ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe")
windows = st.builds(
    Window,
    st.frozensets(st.integers(0, 6), min_size=1),
    st.integers(0, 1439),
    st.integers(0, 1439),
    st.sampled_from(ZONES),
)
moments = st.integers(1_700_000_000, 1_900_000_000).map(float)
WEEK = 8 * 86_400.0


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


@given(windows, moments)
def test_the_next_opening_comes_within_eight_days_and_not_before_now(window: Window, now: float) -> None:
    opening = window.opens_at(now)
    assert now <= opening <= now + WEEK
    assert (opening == now) == window.is_open(now) or opening == now


@given(windows, moments)
def test_between_now_and_the_next_opening_it_is_closed(window: Window, now: float) -> None:
    opening = window.opens_at(now)
    for part in range(1, 8):
        moment = now + (opening - now) * part / 8
        assert window.is_open(moment) is window.is_open(now) or moment >= opening - 3600.0


def test_a_span_over_midnight_belongs_to_the_day_on_which_it_begins() -> None:
    night = Window(frozenset({4}), 22 * 60, 4 * 60)  # Fridays
    assert night.is_open(at("2026-01-02T23:00"))
    assert night.is_open(at("2026-01-03T03:59"))
    assert not night.is_open(at("2026-01-03T04:00"))
    assert not night.is_open(at("2026-01-02T03:00"))
    assert night.opens_at(at("2026-01-03T05:00")) == at("2026-01-09T22:00")
    assert str(night) == "fri 22:00 to 04:00 UTC"


def test_hours_are_those_of_the_place_in_summer_and_in_winter() -> None:
    day = Window(frozenset(range(7)), 9 * 60, 17 * 60, "Europe/Berlin")
    assert day.is_open(at("2026-01-15T08:00"))
    assert not day.is_open(at("2026-01-15T07:59"))
    assert day.is_open(at("2026-07-15T07:00"))
    assert day.opens_at(at("2026-07-15T18:00")) == at("2026-07-16T07:00")
    assert str(day) == "daily 09:00 to 17:00 Europe/Berlin"


def test_an_opening_in_an_hour_that_summer_time_excludes_comes_after_it() -> None:
    early = Window(frozenset(range(7)), 150, 300, "Europe/Berlin")  # 02:30, on 2026-03-29 there is none
    opening = early.opens_at(at("2026-03-28T23:00"))
    assert opening == at("2026-03-29T01:30")
    assert early.is_open(opening)


def test_the_first_of_several_counts_and_without_any_it_is_always_open() -> None:
    now = at("2026-01-05T12:00")  # a Monday
    morning, evening = (Window(frozenset({0}), hour * 60, hour * 60 + 60) for hour in (8, 18))
    assert next_opening((morning, evening), now) == at("2026-01-05T18:00")
    assert next_opening((morning, Window(frozenset({0}), 12 * 60, 13 * 60)), now) is None
    assert next_opening((), now) is None


def test_a_window_without_days_is_a_mistake_of_ours() -> None:
    with pytest.raises(AssertionError):
        Window(frozenset(), 0, 1).opens_at(at("2026-01-05T12:00"))
