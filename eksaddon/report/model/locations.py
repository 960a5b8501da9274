"""Locations as URIs for other programs."""

from pathlib import PurePosixPath, PureWindowsPath
from urllib.parse import quote

from eksaddon.domain.diagnostic import Location

FILES = frozenset({".yaml", ".yml", ".json"})


def is_in_a_file(location: Location) -> bool:
    """Whether the location is in a file, not a flag, standard input or a stored document."""
    return location.line > 0 and PurePosixPath(location.source).suffix.lower() in FILES


def file_uri(source: str) -> str:
    """URI reference of a file: relative as given, `file://` for an absolute path."""
    path = source.replace("\\", "/")
    if PurePosixPath(path).is_absolute():
        return f"file://{_quoted(path)}"
    if PureWindowsPath(source).is_absolute():
        return f"file:///{_quoted(path)}"
    return _quoted(path.removeprefix("./"))


def _quoted(path: str) -> str:
    return quote(path, safe="/", errors="backslashreplace")
