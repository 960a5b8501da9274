"""Writes files that only their owner can read."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from eksaddon.domain.errors import EksdnsError


def write_private(path: Path, text: str) -> None:
    """Write a file atomically, readable by its owner only, because Corefiles can contain secrets.

    Raises:
        EksdnsError: The file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(file, "w", encoding="utf-8", errors="surrogatepass") as out:
                out.write(text)
                out.flush()
                os.fsync(out.fileno())
            Path(name).replace(path)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise
    except OSError as error:
        raise EksdnsError(
            f"cannot write {path}: {error.strerror}", hint="check the path and its permissions"
        ) from error
