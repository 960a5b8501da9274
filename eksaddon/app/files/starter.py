"""Writes starter files, all or none."""

import errno
import shutil
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from eksaddon.app.files.paths import is_file, is_folder, is_present
from eksaddon.domain.errors import EksdnsError, ExitCode


def refuse_existing(paths: Iterable[Path], *, force: bool) -> None:
    """Refuse files that would be overwritten.

    Raises:
        EksdnsError: One exists, and `force` is not set.
    """
    existing = [path for path in paths if is_present(path)]
    if existing and not force:
        raise EksdnsError(
            f"{', '.join(map(str, existing))}: file exists, nothing was written",
            hint="choose another file, or use --force",
            exit_code=ExitCode.REFUSED,
        )


def write_files(texts: Mapping[Path, str], *, force: bool) -> None:
    """Write files and create their folders.

    Args:
        force: Overwrite existing files.

    Raises:
        EksdnsError: A file exists or cannot be written. None was written then, except if a complete file
            cannot be put into its place.
    """
    refuse_existing(texts, force=force)
    targets = {path: path.resolve() for path in texts}  # a link that the user made stays one
    parts: dict[Path, Path] = {}
    path = Path()
    with ExitStack() as folders:
        try:
            for path, target in targets.items():
                if is_folder(target):
                    raise IsADirectoryError(errno.EISDIR, "it is a folder")
                if is_file(target) or not is_present(target):
                    parts[path] = _written_beside(target, texts[path], folders)
            for path in targets.keys() - parts.keys():  # pipes and devices, which cannot be replaced
                path.write_text(texts[path], encoding="utf-8")
            for path, part in parts.items():
                part.replace(targets[path])
        except OSError as error:
            raise EksdnsError(f"cannot write {path}: {error.strerror}", hint="check the path") from None


def _written_beside(target: Path, text: str, folders: ExitStack) -> Path:
    """Write the text into a temporary folder on the file system of the target, to replace it atomically."""
    target.parent.mkdir(parents=True, exist_ok=True)
    prefix = f".{target.name[:50]}."
    part = Path(folders.enter_context(TemporaryDirectory(dir=target.parent, prefix=prefix))) / target.name
    part.write_text(text, encoding="utf-8")
    if is_file(target):
        shutil.copymode(target, part)
    return part
