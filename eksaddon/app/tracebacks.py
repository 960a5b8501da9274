"""Saves tracebacks of bugs after which a command continues, one file each."""

import secrets
import traceback
from datetime import UTC, datetime
from pathlib import Path

from eksaddon import __version__
from eksaddon.app.files.private import write_private


def keep_traceback(folder: Path, about: str, error: BaseException) -> str:
    """Write the traceback to a new file that only its owner can read.

    Args:
        about: Run and target, for the header of the file.

    Returns:
        The path of the file.

    Raises:
        EksdnsError: The file cannot be written.
    """
    now = datetime.now(UTC)
    path = folder / f"{now:%Y%m%d-%H%M%S}-{secrets.token_hex(3)}.txt"
    text = "".join(traceback.format_exception(error))
    write_private(path, f"eksdns {__version__}, {now:%Y-%m-%dT%H:%M:%SZ}, {about}\n\n{text}")
    return str(path)
