"""A run as it is shown while it goes on, on simulated time."""

import asyncio
import re
from collections.abc import Callable, Sequence

import pytest

from eksaddon.apply.events import Event, Halted, LockKept, Stepped
from eksaddon.cli.run_view import RunView
from eksaddon.cli.terminal import Terminal
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.rollout.strategy import Strategy, Wave
from eksaddon.domain.run.outcome import Changed, Failed
from eksaddon.domain.run.progress import RunProgress, advance, started
from eksaddon.domain.run.records import Ended, GateLooked, Opened, WaveBegan
from eksaddon.sim.inprocess.virtual_time import VirtualClock, run_virtually
from tests.support.rollouts import RUN, plan_of, refs_of

REFS = refs_of(3)
OPENED = Opened(0.0, RUN, plan_of([("canary", REFS)]), Strategy((Wave("canary"),)))
ANSI = re.compile("\x1b\\[[0-9;?]*[a-zA-Z]")
Lived = Callable[..., tuple[str, str]]


def terminal_of(*, is_terminal: bool, colour: bool = False) -> Terminal:
    return Terminal(False, False, is_terminal, False, colour, 100)


@pytest.fixture
def lived(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Lived:
    """Shows a run that these things happen in, and says what was on stderr, with escapes and without."""
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("LINES", "24")

    def live(
        happens: Sequence[tuple[float, Event]],
        seconds: float,
        *,
        quiet: bool = False,
        is_terminal: bool = False,
        colour: bool = False,
    ) -> tuple[str, str]:
        clock = VirtualClock(0.0)
        view, run_progress = (
            RunView(terminal_of(is_terminal=is_terminal, colour=colour), quiet),
            started(OPENED),
        )

        def current() -> RunProgress:
            return run_progress

        async def run() -> None:
            nonlocal run_progress
            watching = asyncio.create_task(view.watch(current, clock))
            await asyncio.sleep(0)
            for at, event in happens:
                await clock.sleep(at - clock.now())
                if not isinstance(event, Stepped | Halted | LockKept):
                    run_progress = advance(run_progress, event)
                view.event(event)
            await clock.sleep(seconds - clock.now())
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)

        run_virtually(run(), clock)
        out, err = capsys.readouterr()
        assert out == ""
        return err, ANSI.sub("", err)

    return live


STEP = Stepped(REFS[0], "updating", "u1", 1.0)
FAILED = Ended(20.0, REFS[0], Failed(Trouble(Cause.UPDATE_FAILED, "no \x1b[31m room")), 19.0)


def test_a_log_gets_a_heartbeat_while_something_is_under_way(lived: Lived) -> None:
    _, text = lived([(0.5, WaveBegan(0.5, "canary")), (1.0, STEP)], 70.0)
    assert text.splitlines() == [
        "wave canary started",
        "000000000000/eu-west-1/c000: updating u1",
        "wave canary: 0 of 3 done, 1 in flight, 0 failed, 31s",
        "wave canary: 0 of 3 done, 1 in flight, 0 failed, 1m01s",
    ]


def test_a_log_is_left_alone_longer_while_a_run_only_waits(lived: Lived) -> None:
    _, text = lived([], 700.0)
    assert text.count("\n") == 2
    assert "wave canary: 0 of 3 done, 0 in flight, 0 failed, 5m00s" in text


def test_a_log_says_why_a_target_failed(lived: Lived) -> None:
    _, text = lived([(1.0, STEP), (20.0, FAILED)], 21.0)
    assert "c000: failed: update-failed: no \\x1b[31m room\n" in text


def test_a_check_is_news_when_its_verdict_is_another(lived: Lived) -> None:
    verdicts = ["pass", "pass", "fail", "fail", "pass"]
    looks = [
        (float(at), GateLooked(float(at), "canary", "addon-health", verdict))
        for at, verdict in enumerate(verdicts)
    ]
    for is_terminal in (True, False):
        _, text = lived(looks, 10.0, is_terminal=is_terminal)
        replay = [line for line in text.splitlines() if "check addon-health" in line]
        assert [line.rpartition(" ")[2] for line in replay] == ["pass", "fail", "pass"]


def test_a_terminal_keeps_its_last_frame_and_its_cursor(lived: Lived) -> None:
    raw, text = lived(
        [(1.0, STEP), (20.0, FAILED), (21.0, Ended(21.0, REFS[1], Changed("u"), 2.0))], 25.0, is_terminal=True
    )
    assert raw.rindex("\x1b[?25h") > raw.rindex("\x1b[?25l")
    *_, head, wave, total, _ = text.split("\n")
    assert f"run {RUN}  running  25s" in head
    assert "2/3  1 done, 1 failed, 1 waiting" in wave
    assert "2 of 3 finished · 1 failed" in total


def test_a_terminal_shows_steps_in_the_view_and_failures_as_lines(lived: Lived) -> None:
    _, text = lived([(1.0, STEP), (20.0, FAILED)], 25.0, is_terminal=True)
    assert "c000: updating" not in text
    assert "c000  000000000000 eu-west-1  updating   18s" in text
    assert "c000: failed: update-failed: no \\x1b[31m room\n" in text


def test_no_colour_is_not_a_colour(lived: Lived) -> None:
    colours = re.compile("\x1b\\[[0-9;]*3[0-9][0-9;]*m")
    events = [(1.0, STEP), (20.0, FAILED)]
    assert not colours.search(lived(events, 25.0, is_terminal=True)[0])
    assert colours.search(lived(events, 25.0, is_terminal=True, colour=True)[0])


def test_an_interrupt_says_what_continues_and_what_a_second_one_does(lived: Lived) -> None:
    for is_terminal in (True, False):
        _, text = lived([(1.0, STEP), (2.0, Halted("interrupted", 2.0))], 3.0, is_terminal=is_terminal)
        said = (
            "no new updates start: interrupted; waiting for running updates to finish (press Ctrl-C "
            "again to exit now)\n"
        )
        assert said in text


def test_quiet_is_quiet(lived: Lived) -> None:
    for is_terminal in (True, False):
        assert lived([(1.0, STEP), (20.0, FAILED)], 400.0, quiet=True, is_terminal=is_terminal)[0] == ""


def test_a_view_is_not_drawn_again_while_nothing_changes(lived: Lived) -> None:
    raw, _ = lived([(1.0, STEP)], 100.0, is_terminal=True)
    assert raw.count("run 2026") <= 103
