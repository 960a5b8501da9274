"""Reports into files: the one place of this package that touches the world."""

from pathlib import Path

from eksaddon.domain.errors import EksdnsError


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
        raise EksdnsError(
            f"cannot write {path}: {error.strerror}", hint="check the path and its permissions"
        ) from None
