"""Keeps commands running if standard streams are closed or their reader is gone."""

import io
import os
import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

from eksaddon.report.escape import terminal_block

STANDARD = (0, 1, 2)

PATIENCE = 0.5
"""Seconds that a message waits for a reader that does not read; the next ones do not wait."""

PIECE = 400
"""Characters per write: escaped, they fit into the 4096 bytes that a writable pipe takes (PIPE_BUF)."""

LOST = "warning: messages were dropped because they were not read\n"


def open_missing_streams() -> None:
    """Open the null device for standard streams that were closed at the start.

    Without it the next file that is opened, such as the journal, would get the number of a standard stream.
    """
    for number in STANDARD:
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free descriptor, which is this one
    sys.stdin = sys.stdin or open(0, encoding="utf-8", closefd=False)  # noqa: SIM115  # for the process
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115  # as above
    sys.stderr = sys.stderr or open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115  # as above
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # escape what latin-1 or cp1252 cannot encode
            stream.reconfigure(errors="backslashreplace")


def is_writable(stream: TextIO, seconds: float) -> bool:
    """Whether a write would not block, now or within some seconds; True also if only an error awaits it."""
    try:
        number = stream.fileno()
    except (OSError, ValueError):  # no file, such as a buffer in memory
        return True
    if not hasattr(select, "poll"):  # Windows
        return True
    poll = select.poll()
    poll.register(number, select.POLLOUT)
    return bool(poll.poll(seconds * 1000))


def write_if_read(stream: TextIO, text: str, seconds: float) -> bool:
    """Write text in pieces; False if the reader does not read within `seconds`, and the rest is dropped."""
    for start in range(0, len(text), PIECE):
        if not is_writable(stream, seconds):
            return False
        stream.write(text[start : start + PIECE])
        stream.flush()
    return True


class MessageStream(io.TextIOBase):
    """Writes messages to a stream; errors are ignored, and so is a reader that does not read.

    Messages are not results: a terminal that is gone must not end a run, and a full pipe must not block it.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._has_lost = False

    @property
    def encoding(self) -> str:  # type: ignore[override]  # the base class has a plain attribute
        return self._stream.encoding

    def write(self, text: str) -> int:
        """Escape text, because libraries write warnings with untrusted text here."""
        return self.write_rendered(terminal_block(text))

    def write_rendered(self, text: str) -> int:
        """Write text that a renderer of eksdns has escaped."""
        shown, seconds = (LOST + text, 0.0) if self._has_lost else (text, PATIENCE)
        try:
            self._has_lost = not write_if_read(self._stream, shown, seconds)
        except (OSError, ValueError):
            self._drop()
        return len(text)

    @property
    def rendered(self) -> "RenderedStream":
        return RenderedStream(self._stream)

    def flush(self) -> None:
        try:
            self._stream.flush()
        except (OSError, ValueError):
            self._drop()

    def isatty(self) -> bool:
        try:
            return self._stream.isatty()
        except ValueError:
            return False

    def fileno(self) -> int:
        return self._stream.fileno()

    def writable(self) -> bool:
        return True

    def _drop(self) -> None:
        """Redirect to the null device: unflushed data would make Python exit with 120."""
        with suppress(OSError, ValueError):
            number = self._stream.fileno()
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, number)
            os.close(null)


class RenderedStream(MessageStream):
    """Like `MessageStream`, for a renderer that moves the cursor and escapes all text."""

    def write(self, text: str) -> int:
        return self.write_rendered(text)


@contextmanager
def unfailing_messages() -> Iterator[None]:
    """Prevent exceptions from writes to stderr within the context."""
    original = sys.stderr
    sys.stderr = MessageStream(original)
    try:
        yield
    finally:
        sys.stderr = original
