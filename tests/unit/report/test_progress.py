"""Progress on a terminal and in a log, on a clock that only the test moves."""

import asyncio
import io
import re
from collections import Counter
from dataclasses import dataclass, field

import pytest

from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.outcome import Changed, Failed
from eksaddon.domain.target import ClusterRef
from eksaddon.report.progress import Channel, Progress, keep_beating
from eksaddon.report.tally import Tally, duration_text, left_text, rate_text, told

SHOP = ClusterRef("111122223333", "eu-west-1", "shop")
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


def test_what_is_done_at_once_shows_no_progress():
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


@pytest.mark.parametrize("is_terminal", [True, False])
def test_every_end_has_its_line_with_the_cause(is_terminal):
    screen = Screen(is_terminal)
    screen.progress.stepped(SHOP, "writing", 2)
    screen.time += 2
    screen.progress.stepped(SHOP, "updating", 2)
    screen.progress.ended(SHOP, Changed("u1"), 2)
    screen.time += 40
    other = ClusterRef("111122223333", "eu-west-1", "\x1b[31m::error::x")
    screen.progress.ended(other, Failed(Trouble(Cause.DENIED, "no")), 2)
    screen.progress.close()
    assert "111122223333/eu-west-1/shop changed\n" in screen.text
    assert "111122223333/eu-west-1/\\x1b[31m\\x3a:error::x failed: access-denied: no\n" in screen.text
    if is_terminal:
        assert "0 of 2 clusters updated · shop: updating" in screen.text
        assert "2 of 2 clusters updated · 1 failed · 3/min" in screen.text


def test_a_log_shows_life_while_nothing_happens():
    screen = Screen()
    screen.progress.beat()
    screen.progress.stepped(SHOP, "updating", 1)
    for _ in range(65):
        screen.time += 1
        screen.progress.beat()
    assert screen.text == "0 of 1 clusters updated · shop: updating\n" * 2
    screen.progress.ended(SHOP, Changed("u"), 1)
    screen.time += 100
    screen.progress.beat()
    assert screen.text.endswith("shop changed\n")


def test_quiet_is_quiet():
    for is_terminal in (True, False):
        screen = Screen(is_terminal, quiet=True)
        screen.read(100)
        screen.progress.ended(SHOP, Changed("u"), 1)
        screen.progress.close()
        assert screen.text == ""


def test_the_time_of_one_phase_does_not_count_for_the_next():
    screen = Screen()
    screen.read(100)
    screen.progress.ended(SHOP, Changed("u"), 3)
    screen.time += 30
    screen.progress.beat()
    assert screen.text.endswith("1 of 3 clusters updated · 2/min · 1 min left\n")


def test_one_phase_follows_the_other():
    screen = Screen(is_terminal=True)
    screen.read(2)
    screen.progress.stepped(SHOP, "updating", 1)
    screen.time += 2
    screen.progress.stepped(SHOP, "verifying", 1)
    screen.progress.close()
    assert "20 of 1,000 clusters read" in screen.text
    assert "0 of 1 clusters updated · shop: verifying" in screen.text


def test_it_beats_until_it_is_cancelled():
    screen = Screen()
    screen.progress.stepped(SHOP, "updating", 1)

    class Clock:
        def now(self) -> float:
            return screen.time

        async def sleep(self, seconds: float) -> None:
            screen.time += seconds
            if screen.time > 100:
                raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(keep_beating(screen.progress, Clock()))
    assert screen.text == "0 of 1 clusters updated · shop: updating\n" * 3


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


def test_a_tally_tells_failures_and_what_is_under_way():
    busy = {ClusterRef("1", "r", f"c{n}"): "updating" for n in range(3)}
    tally = Tally("updated", 268, 0.0, 12, Counter(failed=1, stale=2, changed=9), busy)
    assert told(tally, 360.0) == (
        "12 of 268 clusters updated · 1 failed · 2 stale · 3 under way · 2/min · 2 h 8 min left"
    )
