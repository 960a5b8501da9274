"""Progress of reading targets: a bar on a terminal, periodic lines in a log."""

from collections.abc import Callable
from dataclasses import field
from typing import TYPE_CHECKING, TextIO

from eksaddon.frozen import dataclass
from eksaddon.report.run_view.remaining import progress_text

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

HEARTBEAT = 30.0
REDRAW = 0.1
QUIET_START = 1.0
"""Seconds before progress is shown."""


@dataclass(frozen=True, slots=True)
class Channel:
    """Output of progress; never stdout, which carries data.

    Attributes:
        is_terminal: Interactive, so that the cursor can be moved.
    """

    stream: TextIO
    is_terminal: bool
    colour: bool = False
    width: int = 80


@dataclass(slots=True)
class Progress:
    """Receives the progress and decides what to show.

    Attributes:
        now: Seconds of a monotonic clock.
    """

    channel: Channel
    now: Callable[[], float]
    quiet: bool = False
    _started: float = field(init=False)
    _written: float = field(init=False)
    _bar: "Bar | None" = field(init=False, default=None)
    _task: "TaskID | None" = field(init=False, default=None)

    def __post_init__(self) -> None:
        self._started = self._written = self.now()

    def reading(self, done: int, total: int, is_exact: bool = True) -> None:  # noqa: FBT001, FBT002  # as called
        """Report the number of targets read; after the last one the bar is removed.

        Args:
            is_exact: False while the total is estimated.
        """
        now = self.now()
        is_last = is_exact and done == total
        if not self.quiet and now - self._started >= QUIET_START:
            self._show(done, total, now, is_exact=is_exact)
        if is_last:
            self.close()

    def close(self) -> None:
        """Remove the bar; lines remain."""
        if self._bar is not None:
            self._bar.stop()
        self._bar = self._task = None

    def _show(self, done: int, total: int, now: float, *, is_exact: bool) -> None:
        passed, is_last = now - self._written, is_exact and done == total
        is_drawn = self.channel.is_terminal and (passed >= REDRAW or is_last)
        if not is_drawn and (self.channel.is_terminal or passed < HEARTBEAT):
            return
        self._written = now
        text = progress_text(done, total, now - self._started, is_exact=is_exact)
        if is_drawn:
            self._draw(done, total, text)
            return
        self.channel.stream.write(f"{text}\n")
        self.channel.stream.flush()

    def _draw(self, done: int, total: int, text: str) -> None:
        if self._bar is None or self._task is None:
            self._bar = _bar(self.channel, self.now)
            self._task = self._bar.add_task("", total=total)
            self._bar.start()
        self._bar.update(self._task, description=text, completed=done, total=total)
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
