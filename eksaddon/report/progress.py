"""Progress while something goes on: a bar on a terminal, a line now and then in a log."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TextIO

from eksaddon.domain.outcome import Failed, Outcome, Unreached
from eksaddon.domain.target import ClusterRef
from eksaddon.ports import Clock
from eksaddon.report.escape import terminal
from eksaddon.report.states import outcome_word
from eksaddon.report.tally import Tally, told

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

HEARTBEAT = 30.0
REDRAW = 0.1
QUIET_START = 1.0
"""Seconds; what is done sooner needs no progress."""


@dataclass(frozen=True, slots=True)
class Channel:
    """Where progress is written; never stdout, which carries data.

    Attributes:
        is_terminal: A person looks at it, and its cursor can be moved.
    """

    stream: TextIO
    is_terminal: bool
    colour: bool = False
    width: int = 80


@dataclass(slots=True)
class Progress:
    """Told what happens, it decides what is worth showing; one phase after the other.

    Attributes:
        now: Seconds on any clock that only goes forward.
        heartbeat: Seconds without a line after which a log gets one.
    """

    channel: Channel
    now: Callable[[], float]
    quiet: bool = False
    heartbeat: float = HEARTBEAT
    _begun: float | None = field(init=False)
    _tally: Tally | None = field(init=False, default=None)
    _written: float = field(init=False, default=0.0)
    _bar: "Bar | None" = field(init=False, default=None)
    _task: "TaskID | None" = field(init=False, default=None)

    def __post_init__(self) -> None:
        self._begun = self.now()

    def reading(self, done: int, total: int) -> None:
        """So many targets are read."""
        tally = self._phase("read", total)
        tally.done = done
        self._show(tally, is_last=done == total)

    def stepped(self, ref: ClusterRef, step: str, total: int) -> None:
        """A target of so many that are to be written went on to its next step."""
        tally = self._phase("updated", total)
        tally.busy[ref] = step
        self._show(tally)

    def ended(self, ref: ClusterRef, outcome: Outcome, total: int) -> None:
        """As `stepped`, for a target's end; each gets a line of its own."""
        tally, word = self._phase("updated", total), outcome_word(outcome)
        tally.busy.pop(ref, None)
        tally.done += 1
        tally.words[word] += 1
        trouble = f": {outcome.trouble}" if isinstance(outcome, Failed | Unreached) else ""
        self.say(f"{ref} {word}{trouble}")
        self._show(tally, is_last=tally.done == total)

    def say(self, text: str) -> None:
        """One line, whatever else is shown."""
        if self.quiet:
            return
        if self._bar is not None:
            from rich.text import Text  # noqa: PLC0415  # only with a bar

            self._bar.console.print(Text(terminal(text)), soft_wrap=True)
        else:
            self._line(terminal(text))

    def beat(self) -> None:
        """To be called now and then, so that a log shows life while nothing happens."""
        if self._tally is not None and self._tally.done < self._tally.total:
            self._show(self._tally)

    def close(self) -> None:
        """Take the bar away; lines stay."""
        if self._bar is not None:
            self._bar.stop()
        self._bar = self._task = self._tally = self._begun = None

    def _phase(self, what: str, total: int) -> Tally:
        if self._tally is None or self._tally.what != what:
            begun = self._begun if self._tally is None and self._begun is not None else self.now()
            self.close()
            self._tally = Tally(what, total, begun)
            self._written = self._tally.begun
        self._tally.total = total
        return self._tally

    def _show(self, tally: Tally, *, is_last: bool = False) -> None:
        now = self.now()
        if self.quiet or now - tally.begun < QUIET_START:
            return
        if self.channel.is_terminal:
            if is_last or now - self._written >= REDRAW:
                self._written = now
                self._draw(tally, now)
        elif now - self._written >= self.heartbeat:
            self._line(told(tally, now))

    def _line(self, text: str) -> None:
        self._written = self.now()
        self.channel.stream.write(f"{text}\n")
        self.channel.stream.flush()

    def _draw(self, tally: Tally, now: float) -> None:
        if self._bar is None or self._task is None:
            self._bar = _bar(self.channel, self.now)
            self._task = self._bar.add_task("", total=tally.total)
            self._bar.start()
        self._bar.update(self._task, description=told(tally, now), completed=tally.done, total=tally.total)
        self._bar.refresh()


def _bar(channel: Channel, now: Callable[[], float]) -> "Bar":
    from rich.console import Console  # noqa: PLC0415  # a log needs none of it
    from rich.progress import BarColumn, TextColumn  # noqa: PLC0415  # as above
    from rich.progress import Progress as RichProgress  # noqa: PLC0415  # as above

    console = Console(
        file=channel.stream,
        width=channel.width,
        force_terminal=True,
        no_color=not channel.colour,
        highlight=False,
        _environ={},
    )
    columns = (
        BarColumn(bar_width=max(10, channel.width // 5)),
        TextColumn("{task.description}", markup=False),
    )
    return RichProgress(*columns, console=console, auto_refresh=False, transient=True, get_time=now)


async def keep_beating(progress: Progress, clock: Clock) -> None:
    """Let it beat until cancelled; run it beside what takes long."""
    while True:
        await clock.sleep(min(1.0, progress.heartbeat))
        progress.beat()
