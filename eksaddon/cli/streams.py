"""Keeps commands running if standard streams are closed or their reader is gone."""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

from eksaddon.report.escape import terminal_block

STANDARD = (0, 1, 2)


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


class MessageStream(io.TextIOBase):
    """Writes messages to a stream; errors are ignored.

    Messages are not results: a terminal that is gone must not end a run.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    @property
    def encoding(self) -> str:  # type: ignore[override]  # the base class has a plain attribute
        return self._stream.encoding

    def write(self, text: str) -> int:
        """Escape text, because libraries write warnings with untrusted text here."""
        return self.write_rendered(terminal_block(text))

    def write_rendered(self, text: str) -> int:
        """Write text that a renderer of eksdns has escaped."""
        try:
            self._stream.write(text)
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
