"""A running probe in a few lines, and finished ones as pictures."""

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from eksaddon.domain.probing.figures import Figures
from eksaddon.report.proving.live import Running, Screen, live_lines, log_line
from eksaddon.report.proving.sparkline import sparkline
from eksaddon.report.proving.svg import MOST_BARS, MOST_SPANS, Lookups, Mark, Span, lookups_svg

ROWS = tuple((100 + number, 50, 25 if number == 3 else 0) for number in range(6))
FIGURES = Figures(asked=300, good=275, failures=(("timeout", 25),))


RUNNING = Running("a.example. at 10.0.0.1:53", FIGURES, ROWS, 50.0, 6.0, 60.0)


def test_a_loss_shows_in_both_lines_and_the_second_that_is_being_filled_in_none() -> None:
    head, counts, answered, lost = live_lines(RUNNING, Screen())
    assert head.text == "a.example. at 10.0.0.1:53  6 of 60 s"
    assert counts.text == "275 of 300 lookups answered, 25 lost (25 timeout)"
    assert (answered.text, lost.text) == ("answered  ███▄█", "lost         ▄ ")
    assert [each.is_bad for each in (head, counts, answered, lost)] == [False, True, False, True]


@pytest.mark.parametrize("width", [1, 12, 20, 40])
@pytest.mark.parametrize("unicode", [True, False])
def test_lines_fit_the_width_and_show_the_newest_seconds(width: int, *, unicode: bool) -> None:
    rows = tuple((second, 50, 0) for second in range(200))
    drawn = live_lines(replace(RUNNING, rows=rows), Screen(width, unicode))
    assert all(len(each.text) <= width for each in drawn)
    assert unicode or all(each.text.isascii() for each in drawn)


def test_a_probe_that_has_just_begun_is_drawn() -> None:
    assert [each.text for each in live_lines(replace(RUNNING, figures=Figures(), rows=()), Screen())][1:] == [
        "0 of 0 lookups answered, 0 lost",
        "answered  ",
        "lost      ",
    ]
    assert log_line(RUNNING).endswith("6 of 60 s, 275 of 300 lookups answered, 25 lost (25 timeout)")


def test_one_of_many_shows_in_a_sparkline_and_none_does_not() -> None:
    assert sparkline([0, 1, 500, 1000, 2000], 1000) == " ▁▄██"
    assert sparkline([0, 1], 0, unicode=False) == " @"


def drawn(picture: Lookups) -> str:
    text = lookups_svg(picture)
    ET.fromstring(text)
    return text


def test_marks_spans_and_both_kinds_of_bars_are_drawn() -> None:
    text = drawn(
        Lookups(
            "a", "b", ROWS, 101.5, "the restart", [Mark(101.5, "restarted <now>")], [Span(102, None, "p")]
        )
    )
    assert text.count('class="lost"') == 2  # the legend's too
    assert "restarted &lt;now&gt;" in text
    assert "time since the restart" in text
    assert ">0 s<" in text


def test_a_day_has_bars_of_several_seconds_and_loses_no_lookup() -> None:
    text = drawn(Lookups("a", "b", [(each, 10, each == 40_000) for each in range(86_400)], 0.0, "the start"))
    assert text.count('class="good"') <= MOST_BARS + 1
    assert text.count('class="lost"') == 2
    assert "lookups in 300 seconds" in text


def test_spans_without_room_are_counted() -> None:
    spans = [Span(float(each), each + 0.1, "outage", is_bad=True) for each in range(MOST_SPANS + 3)]
    assert "and 3 more" in drawn(Lookups("a", "b", ROWS, 100.0, "the start", spans=spans))


def test_nothing_measured_is_drawn_too() -> None:
    drawn(Lookups("inconclusive", "", (), 0.0, "the start"))


def test_long_texts_are_wrapped_and_the_page_has_one_style_for_all() -> None:
    title, summary = "a cluster with a long name " * 8, "1 timeout, " * 30
    text = drawn(Lookups(title, summary, ROWS, 100.0, "the start"))
    assert text.count('class="title"') == 3
    assert "<style>" in text
    inside = lookups_svg(Lookups("a", "b", ROWS, 100.0, "the start"), "p-1")
    assert ("<style>" in inside, 'aria-labelledby="p-1-title p-1-desc"' in inside) == (False, True)


def test_lines_to_spans_are_left_out_where_they_cannot_be_told_apart() -> None:
    spans = [Span(102 + number / 100, 104, "pod") for number in range(9)]
    bad = Span(101, 102, "outage", is_bad=True)
    text = drawn(Lookups("a", "b", ROWS, 100.0, "the start", [Mark(103.0, "now")], [*spans, bad]))
    assert text.count('class="dashed"') == 2
    near = drawn(
        Lookups("a", "b", ROWS, 100.0, "the start", [Mark(102.0, "now")], [Span(102.01, 104, "pod")])
    )
    assert 'class="dashed"' not in near


def test_slices_of_several_seconds_are_drawn_in_their_width_and_combined_where_there_are_many() -> None:
    few = drawn(Lookups("a", "b", [(96, 10, 0), (100, 10, 1), (104, 10, 0)], 96.0, "the start", step=4))
    assert "lookups in 4 seconds" in few
    assert few.count('width="266.') == 4
    many = drawn(Lookups("a", "b", [(4 * at, 10, 0) for at in range(2000)], 0.0, "the start", step=4))
    assert "lookups in 20 seconds" in many
