"""Converts an unexpected exception in a target's task to an outcome, so that the run continues."""

from collections.abc import Callable

from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.run.outcome import Failed, Outcome, Unproven
from eksaddon.domain.run.target_progress import TargetProgress
from eksaddon.frozen import dataclass

KeepTraceback = Callable[[str, Exception], str]
"""Stores a traceback; returns the path of the file, empty if it was not stored."""


@dataclass(frozen=True, slots=True)
class Surprise:
    """A bug after which a run continued.

    Attributes:
        about: The target or check whose task raised the exception.
        error: Class and message of the exception, on one line.
        traceback: Path of the file with the traceback; empty if it could not be written.
    """

    about: str
    error: str
    traceback: str = ""

    def __str__(self) -> str:
        return f"{self.error}; traceback: {self.traceback}" if self.traceback else self.error


def surprise(about: str, error: Exception, keep: KeepTraceback) -> Surprise:
    """Store the traceback, if possible."""
    text = " ".join(f"{type(error).__name__}: {error}".split())
    try:
        return Surprise(about, text, keep(about, error))
    except Exception:  # noqa: BLE001  # storing a traceback must not raise another exception
        return Surprise(about, text)


def surprised(target: TargetProgress, surprise: Surprise) -> Outcome:
    """Outcome after a bug: failed without an announced write, else unproven."""
    trouble = Trouble(Cause.INTERNAL, str(surprise))
    if target.writing is None:
        return Failed(trouble)
    return Unproven(trouble, target.update_id)
