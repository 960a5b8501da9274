"""Files to start from, written all or none."""

from collections.abc import Mapping
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from eksaddon.domain.errors import EksdnsError, ExitCode

COMMIT_FILE = "commit"
"""In the package of a release: the commit that it was built from."""


def released_commit() -> str:
    """Empty where this program is no release."""
    found = files("eksaddon").joinpath(COMMIT_FILE)
    return found.read_text(encoding="ascii").strip() if found.is_file() else ""


def release() -> str:
    return version("eksaddon")


def write_files(texts: Mapping[Path, str], *, force: bool) -> None:
    """Write files, with the folders that they need.

    Args:
        force: Overwrite existing files.

    Raises:
        EksdnsError: One of them is there already, or cannot be written.
    """
    there = [path for path in texts if path.exists()]
    if there and not force:
        raise EksdnsError(
            f"{', '.join(map(str, there))}: file exists, nothing was written",
            hint="choose another file, or use --force",
            exit_code=ExitCode.REFUSED,
        )
    for path, text in texts.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            raise EksdnsError(f"cannot write {path}: {error.strerror}", hint="check the path") from None
