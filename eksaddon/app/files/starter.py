"""Writes starter files, all or none."""

import shutil
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from eksaddon.app.files.paths import is_file, is_present
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
        EksdnsError: A file exists or cannot be written; then none was written.
    """
    refuse_existing(texts, force=force)
    written: list[tuple[Path, Path]] = []
    with ExitStack() as folders:
        for path, text in texts.items():
            try:
                target = path.resolve()  # a link that the user made stays one
                if is_present(target) and not is_file(target):  # a pipe or a device cannot be replaced
                    target.write_text(text, encoding="utf-8")
                else:
                    written.append((_written_beside(target, text, folders), target))
            except OSError as error:
                raise EksdnsError(f"cannot write {path}: {error.strerror}", hint="check the path") from None
        for part, target in written:
            part.replace(target)


def _written_beside(target: Path, text: str, folders: ExitStack) -> Path:
    """Write the text into a temporary folder on the file system of the target, to replace it atomically."""
    target.parent.mkdir(parents=True, exist_ok=True)
    prefix = f".{target.name[:50]}."
    part = Path(folders.enter_context(TemporaryDirectory(dir=target.parent, prefix=prefix))) / target.name
    part.write_text(text, encoding="utf-8")
    if is_file(target):
        shutil.copymode(target, part)
    return part
