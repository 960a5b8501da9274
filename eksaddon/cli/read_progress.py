"""Shows progress on stderr while targets are read."""

import time
from collections.abc import Callable

from eksaddon.cli import messages
from eksaddon.cli.terminal import Terminal
from eksaddon.report.run_view.progress import Channel, Progress


def reading(at: Terminal, *, quiet: bool) -> Callable[[int, int, bool], None]:
    """Return a function that takes the number of targets read, the total, and whether that is exact."""
    channel = Channel(messages.rendered_stream(), at.stderr_is_terminal, at.colour_on_stderr, at.width)
    return Progress(channel, time.monotonic, quiet).reading
