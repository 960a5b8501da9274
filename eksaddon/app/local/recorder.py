"""Writes the lines of a trace."""

import os
import platform
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from eksaddon import __version__
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.tracing.exchange import Exchange, exchange_text
from eksaddon.domain.tracing.redaction import without_secrets

Sink = Callable[[str], None]
"""Takes one line without line feed; may raise OSError or ValueError, after which it gets no more lines."""


class Recorder:
    """Writes a line for each request; thread-safe.

    Args:
        secrets: Values that no line may contain.
        now: Seconds since the epoch.
    """

    def __init__(
        self,
        secrets: tuple[str, ...],
        now: Callable[[], float] = time.time,
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        self._secrets = secrets
        self._now = now
        self._elapsed = elapsed
        self._lock = threading.Lock()
        self._sinks: list[Sink] = []

    def elapsed(self) -> float:
        return self._elapsed()

    def sent(self, exchange: Exchange) -> None:
        self.note(exchange_text(exchange))

    def note(self, text: str) -> None:
        """Write a line to all sinks."""
        with self._lock:
            self._write(text, tuple(self._sinks))

    def _write(self, text: str, sinks: Iterable[Sink]) -> None:
        at = datetime.fromtimestamp(self._now(), UTC)
        clean = without_secrets(text, self._secrets)
        line = f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z {clean}"
        for sink in sinks:
            try:
                sink(line)
            except (OSError, ValueError):  # a full disk must not fail the command
                self._sinks.remove(sink)

    def add(self, sink: Sink) -> None:
        """Add a sink, whose first line has the versions."""
        with self._lock:
            self._sinks.append(sink)
            self._write(
                f"eksdns {__version__}, Python {platform.python_version()}, {platform.platform()}", (sink,)
            )


class DebugFile:
    """A new file that only its owner can read, because names of clusters and accounts are in it.

    Raises:
        EksdnsError: The file cannot be created.
    """

    def __init__(self, path: Path) -> None:
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
            with suppress(AttributeError):  # Windows, where the folder's permissions apply
                os.fchmod(descriptor, 0o600)
            os.ftruncate(descriptor, 0)
        except OSError as error:
            raise EksdnsError(
                f"--debug-file: cannot write {path}: {error.strerror}",
                hint="name a file in an existing folder that you may write",
                exit_code=ExitCode.USAGE,
            ) from None
        self._file: TextIO = os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace")

    def write(self, line: str) -> None:
        self._file.write(line.replace("\r", "\\r").replace("\n", "\\n") + "\n")
        self._file.flush()

    def close(self) -> None:
        with suppress(OSError):
            self._file.close()
