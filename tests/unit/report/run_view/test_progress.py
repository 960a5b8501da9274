"""Progress on a terminal and in a log, on a clock that only the test moves."""

import io
import re
from dataclasses import dataclass, field

import pytest

from eksaddon.report.run_view.progress import Channel, Progress
from eksaddon.report.run_view.remaining import duration_text, left_text, progress_text, rate_text

ANSI = re.compile("\x1b\\[[0-9;?]*[a-zA-Z]")


@dataclass
class Screen:
    """A stream and a clock for one Progress."""

    is_terminal: bool = False
    quiet: bool = False
    time: float = 0.0
    stream: io.StringIO = field(default_factory=io.StringIO)
    progress: Progress = field(init=False)

    def __post_init__(self) -> None:
        channel = Channel(self.stream, self.is_terminal, width=100)
        self.progress = Progress(channel, lambda: self.time, quiet=self.quiet)

    @property
    def text(self) -> str:
        return ANSI.sub("", self.stream.getvalue())

    def read(self, seconds: int, total: int = 1000, rate: int = 10) -> None:
        for _ in range(seconds):
            self.time += 1
            self.progress.reading(min(total, int(self.time) * rate), total)


def test_a_log_gets_a_line_now_and_then():
    screen = Screen()
    screen.read(61)
    assert screen.text == (
        "300 of 1,000 clusters read · 10/s · 1 min left\n600 of 1,000 clusters read · 10/s · 40 s left\n"
    )


def test_a_quick_read_shows_no_progress():
    screen = Screen(is_terminal=True)
    screen.progress.reading(5, 5)
    screen.time += 0.5
    screen.progress.reading(5, 5)
    assert screen.text == ""


def test_a_terminal_gets_a_bar_that_is_gone_in_the_end():
    screen = Screen(is_terminal=True)
    screen.read(3, total=30)
    screen.progress.close()
    assert "20 of 30 clusters read · 10/s · 1 s left" in screen.text
    assert "━" in screen.text
    assert screen.stream.getvalue().endswith("\x1b[2K")


def test_a_bar_is_not_drawn_more_often_than_it_can_be_read():
    screen = Screen(is_terminal=True)
    screen.read(2)
    before = len(screen.text)
    for _ in range(100):
        screen.time += 0.0001
        screen.progress.reading(30, 1000)
    assert len(screen.text) == before


def test_quiet_is_quiet():
    for is_terminal in (True, False):
        screen = Screen(is_terminal, quiet=True)
        screen.read(100)
        screen.progress.close()
        assert screen.text == ""


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (59.4, "59 s"),
        (60, "1 min"),
        (3599, "59 min"),
        (3600, "1 h 0 min"),
        (100_000, "27 h 46 min"),
    ],
)
def test_durations_are_said_in_their_largest_units(seconds, text):
    assert duration_text(seconds) == text


@pytest.mark.parametrize(
    ("done", "seconds", "text"),
    [(0, 5, ""), (5, 0, ""), (1000, 1, "1,000/s"), (1, 30, "2/min")],
)
def test_rates_are_per_second_or_per_minute(done, seconds, text):
    assert rate_text(done, seconds) == text


@pytest.mark.parametrize(("done", "text"), [(0, ""), (1, "1 min left"), (50, "50 s left"), (100, "")])
def test_the_time_left_follows_the_rate_so_far(done, text):
    assert left_text(done, 100, {0: 9, 1: 1, 50: 50, 100: 100}[done]) == text


def test_an_estimated_total_is_said_to_be_one_and_is_never_below_what_was_read():
    text = progress_text(12, 268, 60, is_exact=False)
    assert text == "12 of about 268 clusters read · 12/min · about 21 min left"
    assert progress_text(12, 9, 60, is_exact=False) == "12 of about 12 clusters read · 12/min"


def test_a_bar_stays_until_the_total_is_exact():
    screen = Screen(is_terminal=True, time=0.0)
    screen.time = 5.0
    screen.progress.reading(3, 3, is_exact=False)
    assert "3 of about 3 clusters read" in ANSI.sub("", screen.stream.getvalue())
    screen.time = 6.0
    screen.progress.reading(4, 4)
    assert screen.progress._bar is None
