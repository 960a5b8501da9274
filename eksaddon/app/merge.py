"""Merges report files."""

from collections.abc import Iterable
from pathlib import Path

from eksaddon.domain.errors import EksdnsError
from eksaddon.report.documents.merge import merge_texts
from eksaddon.report.model.model import ReportModel


def merge_files(paths: Iterable[Path]) -> ReportModel:
    """Read and merge reports written by `--report json=FILE`.

    Raises:
        EksdnsError: A file cannot be read or is not a report, or the reports cannot be merged.
    """
    return merge_texts([(str(path), _text(path)) for path in paths])


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise EksdnsError(
            f"cannot read {path}: {getattr(error, 'strerror', None) or error}", hint="check the path"
        ) from None
