import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.domain.termination import (
    SECOND,
    EventKind,
    Measured,
    PhaseKind,
    TerminationSettings,
    Timeline,
    Verdict,
    in_seconds,
    timeline,
)


def shutdown(lameduck: int | tuple[int, ...], grace: int, pre_stop: int = 0, margin: int = 10) -> Timeline:
    lameducks = (lameduck,) if isinstance(lameduck, int) else lameduck
    nanoseconds = tuple(one * SECOND for one in lameducks)
    return timeline(TerminationSettings(pre_stop, nanoseconds, grace, margin))


def moments(line: Timeline) -> list[tuple[int, EventKind]]:
    return [(event.at_ns // SECOND, event.kind) for event in line.events]


anything = st.builds(
    TerminationSettings,
    pre_stop_seconds=st.integers(0, 90),
    lameducks_ns=st.lists(st.integers(-5 * SECOND, 90 * SECOND), max_size=3).map(tuple),
    grace_seconds=st.integers(0, 120),
    margin_seconds=st.integers(0, 20),
    propagation_ns=st.just(0),
)


@given(anything)
def test_answered_and_cut_add_up_to_what_was_planned(settings: TerminationSettings) -> None:
    line = timeline(settings)
    assert line.answers_ns + line.cut_ns == settings.pre_stop_seconds * SECOND + settings.lameduck_ns


@given(anything)
def test_answers_never_outlive_the_kill_and_events_are_in_order(settings: TerminationSettings) -> None:
    line = timeline(settings)
    assert line.answers_ns <= line.kill_ns
    assert list(line.events) == sorted(line.events, key=lambda event: event.at_ns)
    assert line.events[-1].kind in {EventKind.SERVERS_STOP, EventKind.SIGKILL}
    assert line.killed == (line.events[-1].kind is EventKind.SIGKILL)


@given(anything)
def test_phases_follow_each_other_without_a_gap(settings: TerminationSettings) -> None:
    ends = 0
    for phase in timeline(settings).phases:
        assert phase.begins_ns == ends
        assert 0 <= phase.cut_ns <= phase.planned_ns
        ends = phase.ends_ns


@given(anything)
def test_the_suggested_grace_leaves_nothing_to_complain_about(settings: TerminationSettings) -> None:
    suggestion = timeline(settings).suggestion
    if suggestion is None or not (settings.pre_stop_seconds or settings.lameduck_ns):
        return
    raised = TerminationSettings(
        settings.pre_stop_seconds,
        settings.lameducks_ns,
        suggestion.grace_seconds,
        settings.margin_seconds,
    )
    assert timeline(raised).verdict is Verdict.FITS


@given(anything)
def test_no_smaller_grace_than_the_suggested_would_do(settings: TerminationSettings) -> None:
    suggestion = timeline(settings).suggestion
    if suggestion is None or suggestion.grace_seconds == settings.grace_seconds:
        return
    assert (suggestion.grace_seconds - 1) * SECOND < settings.needed_ns


@given(anything)
def test_the_suggested_lameduck_fits_and_one_second_more_does_not(settings: TerminationSettings) -> None:
    suggestion = timeline(settings).suggestion
    if suggestion is None or suggestion.lameduck_seconds == 0:
        return

    def verdict(seconds: int) -> Verdict:
        shared = (seconds * SECOND,)
        return timeline(
            TerminationSettings(
                settings.pre_stop_seconds, shared, settings.grace_seconds, settings.margin_seconds
            )
        ).verdict

    assert verdict(suggestion.lameduck_seconds) is Verdict.FITS
    assert verdict(suggestion.lameduck_seconds + 1) is not Verdict.FITS


@given(anything)
def test_nothing_is_suggested_where_all_fits(settings: TerminationSettings) -> None:
    line = timeline(settings)
    assert (line.suggestion is None) == (line.verdict is Verdict.FITS)


@pytest.mark.parametrize(
    ("lameduck", "grace", "pre_stop", "expected"),
    [
        (5, 30, 0, (5, 0, Verdict.FITS)),
        (30, 30, 0, (30, 0, Verdict.TIGHT)),
        (30, 20, 0, (20, 10, Verdict.CUT)),
        (30, 30, 5, (30, 5, Verdict.CUT)),
        (20, 45, 5, (25, 0, Verdict.FITS)),
        (20, 34, 5, (25, 0, Verdict.TIGHT)),
        ((2, 3), 30, 0, (5, 0, Verdict.FITS)),
        ((20, 20), 30, 0, (30, 10, Verdict.CUT)),
        ((), 30, 0, (0, 0, Verdict.UNPROTECTED)),
        ((0, -5), 30, 0, (0, 0, Verdict.UNPROTECTED)),
        ((), 30, 5, (5, 0, Verdict.FITS)),
        (5, 0, 5, (0, 10, Verdict.CUT)),
    ],
)
def test_what_is_answered_and_cut(
    lameduck: int | tuple[int, ...], grace: int, pre_stop: int, expected: tuple[int, int, Verdict]
) -> None:
    line = shutdown(lameduck, grace, pre_stop)
    assert (line.answers_seconds, line.cut_seconds, line.verdict) == expected


def test_lameduck_30_grace_30_pre_stop_5_happens_in_this_order() -> None:
    assert moments(shutdown(30, 30, 5)) == [
        (0, EventKind.DELETED),
        (0, EventKind.PRE_STOP),
        (5, EventKind.SIGTERM),
        (5, EventKind.READY_CLOSED),
        (5, EventKind.LAMEDUCK),
        (30, EventKind.SIGKILL),
    ]


def test_servers_stop_when_the_last_of_several_lameducks_is_over() -> None:
    assert moments(shutdown((2, 3), 30))[-3:] == [
        (0, EventKind.LAMEDUCK),
        (2, EventKind.LAMEDUCK),
        (5, EventKind.SERVERS_STOP),
    ]


def test_a_lameduck_that_is_never_reached_is_cut_whole() -> None:
    line = shutdown((30, 7), 20)
    assert [phase.cut_ns // SECOND for phase in line.phases] == [10, 7]
    assert [event.block for event in line.events if event.kind is EventKind.LAMEDUCK] == [0]


def test_a_lameduck_that_ends_with_the_grace_is_killed_without_a_loss() -> None:
    line = shutdown(30, 30)
    assert line.killed
    assert line.cut_ns == 0


def test_a_pre_stop_longer_than_the_grace_gets_two_more_seconds_after_sigterm() -> None:
    line = shutdown(30, 10, 15)
    assert line.kill_ns == 12 * SECOND
    assert [phase.kind for phase in line.phases if phase.cut_ns] == [PhaseKind.PRE_STOP, PhaseKind.LAMEDUCK]
    assert line.cut_seconds == 5 + 28


def test_grace_zero_skips_pre_stop_and_kills_at_once() -> None:
    assert moments(shutdown(5, 0, 5)) == [(0, EventKind.DELETED), (0, EventKind.SIGKILL)]


def test_suggestions_are_the_smallest_grace_and_the_largest_lameduck() -> None:
    suggestion = shutdown((30, 10), 40, 5).suggestion
    assert suggestion is not None
    assert (suggestion.grace_seconds, suggestion.lameduck_seconds) == (55, 25)
    assert (suggestion.blocks, suggestion.block_seconds) == (2, 12)


def test_no_lameduck_is_suggested_where_pre_stop_alone_takes_the_grace() -> None:
    suggestion = shutdown(5, 12, 5).suggestion
    assert suggestion is not None
    assert suggestion.lameduck_seconds == 0


def test_parts_of_a_second_are_rounded_to_the_safe_side() -> None:
    line = timeline(TerminationSettings(0, (2 * SECOND + SECOND // 2,), 2))
    assert (line.answers_seconds, line.cut_seconds) == (2, 1)
    assert in_seconds(line.cut_ns) == "0.5"


@pytest.mark.parametrize(
    ("nanoseconds", "text"), [(0, "0"), (30 * SECOND, "30"), (1, "0.000000001"), (2_500_000_000, "2.5")]
)
def test_seconds_are_told_exactly(nanoseconds: int, text: str) -> None:
    assert in_seconds(nanoseconds) == text


@pytest.mark.parametrize("name", ["pre_stop_seconds", "grace_seconds", "margin_seconds", "propagation_ns"])
def test_negative_seconds_are_refused_by_name(name: str) -> None:
    values = {"pre_stop_seconds": 0, "grace_seconds": 30, name: -1}
    with pytest.raises(ValueError, match=f"{name} must be 0 or more, got -1"):
        TerminationSettings(lameducks_ns=(), **values)


@given(anything)
def test_something_is_to_spare_only_where_nothing_is_cut(settings: TerminationSettings) -> None:
    line = timeline(settings)
    assert line.spare_ns >= 0
    assert not (line.spare_ns and line.cut_ns)


@pytest.mark.parametrize(
    ("answers", "killed", "scale", "agrees"),
    [
        (29.6, True, 1, True),
        (29.4, True, 1, False),
        (30.6, True, 1, False),
        (28.0, True, 5, True),
        (30, False, 1, False),
    ],
)
def test_a_measurement_agrees_within_half_a_second_of_the_time_it_took(
    answers: float, killed: bool, scale: int, agrees: bool
) -> None:
    settings = TerminationSettings(0, (30 * SECOND,), 30)
    measured = Measured(settings, scale, answers, 30.0, killed, queries=300, lost_early=0)
    assert measured.agrees is agrees
