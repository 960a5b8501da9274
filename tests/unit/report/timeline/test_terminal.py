import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from eksaddon.domain.termination import SECOND, Measured, TerminationSettings, Timeline, timeline
from eksaddon.report.timeline.terminal import ASCII, MOST_WIDTH, UNICODE, draw
from tests.support.examples import examples

settings = st.builds(
    TerminationSettings,
    pre_stop_seconds=st.integers(0, 90),
    lameducks_ns=st.lists(st.integers(-SECOND, 90 * SECOND) | st.just(2**63 - 1), max_size=12).map(tuple),
    grace_seconds=st.integers(0, 3600),
    propagation_ns=st.integers(0, 60 * SECOND),
)
few = examples(40)
widths = st.integers(40, 220)


def shutdown(*lameducks: float, grace: int = 30, pre_stop: int = 0, propagation: int = 0) -> Timeline:
    nanoseconds = tuple(int(one * SECOND) for one in lameducks)
    return timeline(TerminationSettings(pre_stop, nanoseconds, grace, propagation_ns=propagation * SECOND))


def seen(line: Timeline, answers: float, scale: int = 1) -> Measured:
    return Measured(line.settings, scale, answers, answers + 0.1, line.killed, queries=351, lost_early=0)


def drawn(line: Timeline, width: int = 80, measured: Measured | None = None) -> list[str]:
    return draw(line, width, measured=measured).plain.split("\n")


def row(lines: list[str], label: str) -> str:
    return next(line for line in lines if line.startswith(label)).removeprefix(label)


@few
@given(settings, widths)
def test_no_line_is_wider_than_the_terminal(one: TerminationSettings, width: int) -> None:
    assert max(len(line) for line in drawn(timeline(one), width)) <= min(width, MOST_WIDTH)


@few
@given(settings, widths, st.booleans())
def test_printing_wraps_nothing(one: TerminationSettings, width: int, colour: bool) -> None:
    text = draw(timeline(one), width)
    console = Console(file=io.StringIO(), width=width, force_terminal=colour, no_color=not colour)
    with console.capture() as capture:
        console.print(text, highlight=False)
    assert capture.get().count("\n") == text.plain.count("\n") + 1


@few
@given(settings, widths)
def test_without_unicode_every_character_is_ascii(one: TerminationSettings, width: int) -> None:
    assert draw(timeline(one), width, unicode=False, measured=seen(timeline(one), 3.0)).plain.isascii()


@few
@given(settings)
def test_something_crossed_out_is_drawn_just_where_something_is_cut(one: TerminationSettings) -> None:
    line = timeline(one)
    assert any(UNICODE.cut in text for text in drawn(line)) == bool(line.cut_ns)


@few
@given(settings)
def test_glyphs_alone_distinguish_running_and_cut_phases(one: TerminationSettings) -> None:
    plain = draw(timeline(one), 100, unicode=False).plain
    fancy = draw(timeline(one), 100).plain
    assert [line.count(ASCII.runs) for line in plain.split("\n")] == [
        line.count(UNICODE.runs) for line in fancy.split("\n")
    ]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (shutdown(30, pre_stop=5), "CUT  CoreDNS answers for 30 s; SIGKILL cuts off 5 s of lameduck"),
        (shutdown(20, grace=45), "FITS  CoreDNS answers for 20 s and nothing is cut off; 25 s to spare"),
        (
            shutdown(),
            "UNPROTECTED  CoreDNS stops answering as soon as the pod is deleted, but nodes",
        ),
        (shutdown(30), "TIGHT  CoreDNS answers for 30 s and nothing is cut off, but none of"),
        (shutdown(25), "TIGHT  CoreDNS answers for 25 s and nothing is cut off, but only 5 s of the 10 s"),
        (
            shutdown(9, grace=5, pre_stop=8),
            "CUT  CoreDNS answers for 7 s; SIGKILL cuts off 3 s of preStop and 7 s",
        ),
        (
            shutdown(5, propagation=10),
            "TOO SHORT  CoreDNS answers for 5 s, too short for 10 s of propagation and its",
        ),
        (
            shutdown(30, grace=8, propagation=10),
            "TOO SHORT  CoreDNS answers for 8 s, too short for 10 s of propagation and its",
        ),
        (
            shutdown(20, grace=45, pre_stop=5, propagation=10),
            "FITS  CoreDNS answers for 25 s (long enough for 10 s of propagation) and",
        ),
        (
            shutdown(30, pre_stop=5, propagation=10),
            "CUT BUT LONG ENOUGH  CoreDNS answers for 30 s (still long enough for 10 s of",
        ),
        (
            shutdown(propagation=10),
            "UNPROTECTED  CoreDNS stops answering as soon as the pod is deleted, but nodes",
        ),
    ],
)
def test_the_verdict_is_one_sentence(line: Timeline, told: str) -> None:
    assert any(text.startswith(told) for text in drawn(line))


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (
            shutdown(30, pre_stop=5),
            [
                "fix: raise the grace period to 45s (preStop 5 + lameduck 30 + margin 10)",
                "or: lower lameduck to 15s and keep the grace period at 30s",
            ],
        ),
        (
            shutdown(20, 20),
            [
                "fix: raise the grace period to 50s (preStop 0 + lameduck 40 + margin 10)",
                "or: lower lameduck to 20s in total over 2 blocks, 10s in each, and keep the grace",
            ],
        ),
        (
            shutdown(1, 1, 1, grace=12),
            [
                "fix: raise the grace period to 13s (preStop 0 + lameduck 3 + margin 10)",
                "or: lower lameduck to 2s in total over 3 blocks, and keep the grace period at 12s",
            ],
        ),
        (
            shutdown(5, grace=12, pre_stop=5),
            [
                "fix: raise the grace period to 20s (preStop 5 + lameduck 5 + margin 10)",
                "or: keep the grace period at 12s: preStop 5s and the margin leave no time for",
            ],
        ),
        (
            shutdown(grace=30, pre_stop=25),
            ["fix: raise the grace period to 35s (preStop 25 + lameduck 0 + margin 10)"],
        ),
        (shutdown(), ["fix: set lameduck, up to 20s with a grace period of 30s"]),
        (
            shutdown(grace=5),
            ["fix: set lameduck, and a grace period that covers it and the margin of 10 s"],
        ),
        (shutdown(5), []),
        (
            shutdown(5, propagation=10),
            ["fix: set preStop 5s, lameduck 20s and terminationGracePeriod 45s (lameduck = 2 x 10"],
        ),
        (
            shutdown(35, grace=40, propagation=30),
            ["fix: raise the grace period to 45s (preStop 0 + lameduck 35 + margin 10)"],
        ),
    ],
)
def test_the_remedy_is_reported_in_full(line: Timeline, told: list[str]) -> None:
    lines = drawn(line, 84)
    ways = [text for text in lines if text.startswith(("fix:", "or:"))]
    assert ways == told


def test_the_propagation_has_a_row_of_its_own() -> None:
    assert "10 s" in row(drawn(shutdown(5, propagation=10)), "propagation")


def test_events_are_reported_in_order_of_time() -> None:
    lines = drawn(shutdown(2, 3, grace=30, pre_stop=5), 120)
    run_progress = lines[lines.index("", 5) + 1 : -2]
    assert run_progress == [
        " 0 s  the pod is deleted; removal of its endpoint starts; preStop sleeps; CoreDNS still answers",
        " 5 s  SIGTERM; /ready stops responding; lameduck 1 begins; CoreDNS still answers",
        " 7 s  lameduck 2 begins; CoreDNS still answers",
        "10 s  the DNS servers stop and the process ends",
        "30 s  SIGKILL would be sent here, but the pod has already ended",
    ]


def test_a_lameduck_that_is_never_reached_is_crossed_out_whole() -> None:
    lines = drawn(shutdown(30, 10, grace=20))
    assert UNICODE.runs in row(lines, "lameduck 1")
    assert UNICODE.runs not in row(lines, "lameduck 2")
    assert row(lines, "lameduck 2").endswith("10 s, 10 s cut")


def test_many_lameducks_share_the_last_row_and_the_last_line_of_the_history() -> None:
    lines = drawn(shutdown(*[1] * 30, grace=20))
    assert row(lines, "23 more").endswith("23 s, 10 s cut")
    assert sum(text.startswith("lameduck") for text in lines) == 7
    assert "lameduck 6 begins, followed by 24 more; CoreDNS still answers" in "\n".join(lines)
    assert "lameduck 30s in 30 blocks" in lines[0]


def test_many_lameducks_that_all_run_are_not_crossed_out() -> None:
    assert row(drawn(shutdown(*[1] * 12, grace=60)), "5 more").endswith("5 s")


def test_the_measured_row_and_sentence_are_beside_the_prediction() -> None:
    line = shutdown(30, pre_stop=5)
    lines = drawn(line, 120, seen(line, 29.9))
    assert row(lines, "measured ").endswith("29.9 s")
    assert "measured  answered for 29.9 s, was killed after 30.0 s (351 queries): as predicted" in lines


def test_a_measurement_that_differs_says_so() -> None:
    line = shutdown(5)
    assert (
        "exited on its own after 9.1 s (351 queries, measured 2 times faster): NOT as predicted"
    ) in "\n".join(drawn(line, 120, seen(line, 9.0, scale=2)))


def test_a_grace_that_is_extended_names_the_moment_of_the_kill() -> None:
    assert row(drawn(shutdown(9, grace=5, pre_stop=8)), "grace ").endswith("5 s, SIGKILL at 7 s")


def test_notes_give_way_where_they_would_leave_the_bars_no_room() -> None:
    assert "cut" not in row(drawn(shutdown(1000.000000001, 2000.5, grace=20), 40), "lameduck 1")


def test_every_tick_of_the_scale_is_over_its_moment() -> None:
    lines = drawn(shutdown(20, grace=40), 100)
    scale, lameduck = lines[2], next(text for text in lines if text.startswith("lameduck"))
    assert abs(scale.index("20") - (lameduck.rindex(UNICODE.runs) + 1)) <= 1
