"""Opens files and folders of the current user, without following links."""

import errno
import os
import stat
from pathlib import Path

from eksaddon.domain.errors import EksdnsError, ExitCode

FILE, FOLDER = 0o600, 0o700

_FLAGS = ("O_CLOEXEC", "O_NOFOLLOW", "O_NONBLOCK", "O_BINARY")
_SAFE = sum(getattr(os, name, 0) for name in _FLAGS)
"""Of these flags, Windows has only O_BINARY; other systems have the others."""

_OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH


def open_plain(path: Path, flags: int) -> int:
    """Open a regular file; a new file is accessible to its owner only.

    Raises:
        OSError: It cannot be opened, or is a link, a pipe, a device or a folder: another user could have put
            it there to redirect reads and writes.
    """
    if not hasattr(os, "O_NOFOLLOW") and path.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    file = os.open(path, flags | _SAFE, FILE)
    if stat.S_ISREG(os.fstat(file).st_mode):
        return file
    os.close(file)
    raise OSError(errno.EINVAL, "is not a regular file", str(path))


def read_plain(path: Path) -> bytes:
    """Read a regular file; raises OSError like `open_plain`."""
    with os.fdopen(open_plain(path, os.O_RDONLY), "rb") as found:
        return found.read()


def is_plain(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def require_own_folder(folder: Path) -> None:
    """Reject a folder in which other users can create or change files; a missing folder is accepted.

    Windows has access control lists instead of owners and modes; they are not checked.

    Raises:
        OSError: It cannot be read.
        EksdnsError: It is owned by a user other than root and the current one, or others can write to it.
    """
    try:
        found = folder.stat()
    except FileNotFoundError:
        return
    if not stat.S_ISDIR(found.st_mode):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
    if not hasattr(os, "geteuid"):
        return
    if found.st_uid not in {os.geteuid(), 0}:
        raise EksdnsError(
            f"{folder} belongs to another user (uid {found.st_uid}), who could change what a run writes",
            hint=f"use your own folder with --state, or run `chown {os.geteuid()} {folder}`",
            exit_code=ExitCode.REFUSED,
        )
    if found.st_mode & _OTHERS_MAY_WRITE:
        raise EksdnsError(
            f"{folder} can be written to by others (mode {stat.S_IMODE(found.st_mode):o})",
            hint=f"run `chmod go-w {folder}`, or name another folder with --state",
            exit_code=ExitCode.REFUSED,
        )


def make_private_folder(folder: Path) -> None:
    """Create a folder and its missing parents, each private and in a safe parent.

    Raises:
        OSError: It cannot be created.
    """
    if folder.is_dir():
        return
    make_private_folder(folder.parent)
    folder.mkdir(FOLDER, exist_ok=True)
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Sync a folder, which makes new names in it durable; Windows cannot open folders, and needs it not."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(file)
    finally:
        os.close(file)
