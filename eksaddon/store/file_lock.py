"""Exclusive locks on open files: flock, or on Windows a lock on one byte."""

import errno
import os
from contextlib import suppress
from types import ModuleType

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

PLACE = 1 << 30
"""Offset of the byte to lock, behind all content: on Windows, other handles cannot read locked bytes."""


def lock(file: int, *, waits: bool) -> None:
    """Lock a file until it is closed.

    Args:
        waits: Wait for the process that has the lock.

    Raises:
        BlockingIOError: Another process has it.
        OSError: The file system has no locks.
    """
    if fcntl is not None:
        fcntl.flock(file, fcntl.LOCK_EX if waits else fcntl.LOCK_EX | fcntl.LOCK_NB)
    elif waits:
        while not _is_locked(file):
            pass
    elif not _is_locked(file):
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))


def _is_locked(file: int) -> bool:
    """Try to lock the byte, for up to 10 s (source: Microsoft C runtime, _locking with LK_LOCK)."""
    import msvcrt  # noqa: PLC0415  # Windows only

    os.lseek(file, PLACE, os.SEEK_SET)
    with suppress(OSError):
        msvcrt.locking(file, msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined]  # Windows only
        return True
    return False
