"""Writes files that only their owner can read."""

import errno
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from eksaddon.domain.errors import EksdnsError


def write_private(path: Path, text: str, *, follows_links: bool = False) -> None:
    """Write a file as `write_private_parts` does."""
    write_private_parts(path, (text,), follows_links=follows_links)


def write_private_parts(path: Path, parts: Iterable[str], *, follows_links: bool = False) -> None:
    """Write a file atomically, part by part, readable by its owner only: Corefiles can contain secrets.

    Args:
        follows_links: Write what a link points to, as for a path that a user chose, instead of replacing it.

    Raises:
        EksdnsError: The file cannot be written.
    """
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "it is a folder")
        if path.exists() and not path.is_file():  # a pipe or a device cannot be replaced
            with path.open("w", encoding="utf-8", errors="surrogatepass") as out:
                out.writelines(parts)
            return
        target = path.resolve() if follows_links else path
        target.parent.mkdir(parents=True, exist_ok=True)
        file, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(file, "w", encoding="utf-8", errors="surrogatepass") as out:
                out.writelines(parts)
                out.flush()
                os.fsync(out.fileno())
            Path(name).replace(target)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise
    except OSError as error:
        raise EksdnsError(
            f"cannot write {path}: {error.strerror}", hint="check the path and its permissions"
        ) from error
