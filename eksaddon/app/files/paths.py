"""Looks up paths that a user chose.

`pathlib` raises OSError for a name that is too long and for a folder that is not accessible.
"""

import os
import stat
from pathlib import Path

from eksaddon.domain.errors import EksdnsError


def is_present(path: Path) -> bool:
    """Raises EksdnsError if that cannot be found out."""
    return _status(path) is not None


def is_file(path: Path) -> bool:
    """Raises EksdnsError if that cannot be found out."""
    found = _status(path)
    return found is not None and stat.S_ISREG(found.st_mode)


def is_folder(path: Path) -> bool:
    """Raises EksdnsError if that cannot be found out."""
    found = _status(path)
    return found is not None and stat.S_ISDIR(found.st_mode)


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:  # ValueError: a null character
        reason = error.strerror if isinstance(error, OSError) else error
        raise EksdnsError(
            f"cannot access {path}: {reason}", hint="check the path and its permissions"
        ) from None
