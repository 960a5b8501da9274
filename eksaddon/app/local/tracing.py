"""The trace of the current command; created by the command line, read by wiring."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from eksaddon.app.local.recorder import DebugFile, Recorder, Sink
    from eksaddon.ports.trace import Trace


class Tracing:
    """What a command line asked for, once for each place although options can be given twice."""

    def __init__(self) -> None:
        self.recorder: Recorder | None = None
        self.on_stderr = False
        self._files: dict[Path, DebugFile] = {}

    def to_stderr(self, sink: "Sink") -> None:
        if not self.on_stderr:
            self.on_stderr = True
            self._start().add(sink)

    def to_file(self, path: Path) -> None:
        """Raises EksdnsError if the file cannot be created."""
        from eksaddon.app.local.recorder import DebugFile  # noqa: PLC0415  # commands without it need not pay

        if path not in self._files:
            self._files[path] = DebugFile(path)
            self._start().add(self._files[path].write)

    def close(self) -> None:
        for file in self._files.values():
            file.close()

    def _start(self) -> "Recorder":
        if self.recorder is None:
            from eksaddon.app.local.recorder import Recorder  # noqa: PLC0415  # as above
            from eksaddon.domain.tracing.redaction import secret_values  # noqa: PLC0415  # as above

            self.recorder = Recorder(secret_values(os.environ))
        return self.recorder


_CURRENT: ContextVar[Tracing | None] = ContextVar("tracing", default=None)


@contextmanager
def own_tracing() -> Iterator[Tracing]:
    """A context in which the options of one command line decide what is traced."""
    tracing = Tracing()
    token = _CURRENT.set(tracing)
    try:
        yield tracing
    finally:
        _CURRENT.reset(token)
        tracing.close()


def current_tracing() -> Tracing:
    """The tracing of this command line; a new one, which is not read, outside of `own_tracing`."""
    return _CURRENT.get() or Tracing()


def current_trace() -> "Trace | None":
    """None if nothing is traced, so that edges need not measure."""
    return current_tracing().recorder
