"""Shows a probe while it runs, on stderr: a live view on a terminal, a line now and then in a log."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import field
from typing import TYPE_CHECKING

from eksaddon.cli import messages
from eksaddon.cli.terminal import terminal
from eksaddon.domain.probing.figures import Figures
from eksaddon.frozen import dataclass
from eksaddon.report.escape import terminal as escaped
from eksaddon.report.proving.live import Running, Screen, live_lines, log_line

if TYPE_CHECKING:
    from rich.live import Live

HEARTBEAT = 30.0
"""Seconds between two lines in a log."""


@dataclass(slots=True)
class ProbeView:
    """Draws what it is shown.

    Attributes:
        rate: Lookups per second, the height of the chart.
        seconds: For which the probe lasts.
    """

    label: str
    rate: float
    seconds: float
    live: "Live | None" = None
    is_quiet: bool = False
    _began: float = field(init=False, default_factory=time.monotonic)
    _written: float = field(init=False, default_factory=time.monotonic)

    def show(self, figures: Figures, rows: Sequence[tuple[int, int, int]]) -> None:
        """Args: rows: Second since the epoch, lookups asked and lost in it."""
        now = time.monotonic()
        passed = min(now - self._began, self.seconds)
        probe = Running(self.label, figures, rows, self.rate, passed, self.seconds)
        if self.live is not None:
            self._draw(self.live, probe)
        elif not self.is_quiet and now - self._written >= HEARTBEAT:
            self._written = now
            messages.message(log_line(probe))

    def _draw(self, live: "Live", probe: Running) -> None:
        from rich.console import Group  # needed only for the live view
        from rich.text import Text  # as above

        screen = Screen(live.console.size.width, unicode=not live.console.options.ascii_only)
        drawn = (
            Text(escaped(each.text), style="red" if each.is_bad else "", no_wrap=True)
            for each in live_lines(probe, screen)
        )
        live.update(Group(*drawn), refresh=True)


@contextmanager
def watching(label: str, rate: float, seconds: float, *, quiet: bool) -> Iterator[ProbeView]:
    """The view of one probe; a live one is removed at the end, because the result follows."""
    at = terminal()
    view = ProbeView(label, rate, seconds, is_quiet=quiet)
    if quiet or not at.stderr_is_terminal:
        yield view
        return
    from rich.console import Console  # needed only for the live view
    from rich.live import Live  # as above

    console = Console(
        file=messages.rendered_stream(),
        force_terminal=True,
        no_color=not at.colour_on_stderr,
        highlight=False,
        markup=False,
    )
    with Live(console=console, auto_refresh=False, redirect_stdout=False, transient=True) as live:
        view.live = live
        yield view
