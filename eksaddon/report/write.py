"""Writes reports to files; the only module of this package with side effects."""

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from eksaddon.domain.errors import EksdnsError


def check(path: Path) -> None:
    """Check that a report can be written to `path`, without leaving a file.

    Raises:
        EksdnsError: The file cannot be written.
    """
    try:
        if path.is_dir():
            raise IsADirectoryError(0, "it is a folder")
        if path.exists() and not path.is_file():  # opening a pipe would wait for its reader
            return
        part, out = _part(path.resolve())
        with out:
            part.unlink()
    except (OSError, ValueError) as error:
        raise _unwritable(path, error) from None


def write(text: str, path: Path) -> None:
    """Write a report as `write_parts` does."""
    write_parts((text,), path)


def write_parts(parts: Iterable[str], path: Path) -> None:
    """Write a report atomically, part by part: a reader never sees a partial report.

    The file is accessible to its owner only, because Corefiles and stored values can contain secrets.

    Raises:
        EksdnsError: The file cannot be written.
    """
    try:
        if path.exists() and not path.is_file():  # a pipe or a device cannot be replaced
            with path.open("w", encoding="utf-8", errors="backslashreplace") as out:
                out.writelines(parts)
        else:
            _replace(path.resolve(), parts)  # a link that the user made stays one
    except (OSError, ValueError) as error:
        raise _unwritable(path, error) from None


def _unwritable(path: Path, error: OSError | ValueError) -> EksdnsError:
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return EksdnsError(f"cannot write {path}: {reason}", hint="check the path and its permissions")


def _part(path: Path) -> tuple[Path, IO[str]]:
    """Create a temporary file in the same folder with an unpredictable name, accessible to its owner only."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:50]}.", suffix=".part")
    # The callers close it; `os`, which has fdopen, may not be imported here.
    return Path(name), open(handle, "w", encoding="utf-8", errors="backslashreplace")  # noqa: PTH123


def _replace(path: Path, parts: Iterable[str]) -> None:
    part, out = _part(path)
    try:
        with out:  # closing it writes what is buffered, which a full disk refuses
            out.writelines(parts)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
