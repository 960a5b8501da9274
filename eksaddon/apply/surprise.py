"""An unexpected exception in one target's task: the outcome of that target, not the end of the run."""

from collections.abc import Callable
from dataclasses import dataclass

from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.run.outcome import Failed, Outcome, Unproven
from eksaddon.domain.run.target_progress import TargetProgress

KeepTraceback = Callable[[str, Exception], str]
"""Stores the traceback of an exception about something; returns the path of the file, empty for none."""


@dataclass(frozen=True, slots=True)
class Surprise:
    """A bug that a run outlived.

    Attributes:
        about: The target or the check whose task raised.
        error: Class and message of the exception, on one line.
        traceback: Path of the file that holds the traceback; empty where none could be written.
    """

    about: str
    error: str
    traceback: str = ""

    def __str__(self) -> str:
        return f"{self.error}; traceback: {self.traceback}" if self.traceback else self.error


def surprise(about: str, error: Exception, keep: KeepTraceback) -> Surprise:
    """Keep the traceback; where even that raises, there is none."""
    text = " ".join(f"{type(error).__name__}: {error}".split())
    try:
        return Surprise(about, text, keep(about, error))
    except Exception:  # noqa: BLE001  # storing a traceback must not add a second surprise
        return Surprise(about, text)


def surprised(target: TargetProgress, surprise: Surprise) -> Outcome:
    """Failed where nothing was announced; else nobody knows how the write ended."""
    trouble = Trouble(Cause.INTERNAL, str(surprise))
    if target.writing is None:
        return Failed(trouble)
    return Unproven(trouble, target.update_id)
