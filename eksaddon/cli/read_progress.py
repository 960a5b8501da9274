"""Shows progress on stderr while targets are read."""

import time
from collections.abc import Callable

from eksaddon.cli import messages
from eksaddon.cli.terminal import Terminal
from eksaddon.report.run_view.progress import Channel, Progress


def reading(at: Terminal, *, quiet: bool) -> Callable[[int, int], None]:
    """Return a function that is called with the number of targets read and the total."""
    channel = Channel(messages.rendered_stream(), at.stderr_is_terminal, at.colour_on_stderr, at.width)
    return Progress(channel, time.monotonic, quiet).reading
