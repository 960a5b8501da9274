"""Reports into files: the one place of this package that touches the world."""

from pathlib import Path

from eksaddon.domain.errors import EksdnsError


def check(path: Path) -> None:
    """Find out whether a report can be written there, without leaving anything behind.

    Raises:
        EksdnsError: It cannot.
    """
    part = path.with_name(f"{path.name}.part")
    try:
        if path.is_dir():
            raise IsADirectoryError(0, "it is a folder")
        if path.exists() and not path.is_file():  # opening a pipe would wait for its reader
            return
        with part.open("a"):
            pass
        part.unlink()
    except OSError as error:
        raise _unwritable(path, error) from None


def write(text: str, path: Path) -> None:
    """Whole or not at all: a reader never sees half a report.

    Raises:
        EksdnsError: The file cannot be written.
    """
    part = path.with_name(f"{path.name}.part")
    try:
        if path.exists() and not path.is_file():  # a pipe or a device cannot be replaced
            path.write_text(text, encoding="utf-8", errors="backslashreplace")
        else:
            part.write_text(text, encoding="utf-8", errors="backslashreplace")
            part.replace(path.resolve())
    except OSError as error:
        part.unlink(missing_ok=True)
        raise _unwritable(path, error) from None


def _unwritable(path: Path, error: OSError) -> EksdnsError:
    return EksdnsError(f"cannot write {path}: {error.strerror}", hint="check the path and its permissions")
