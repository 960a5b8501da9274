"""Locations that other programs can open."""

from pathlib import PurePosixPath, PureWindowsPath
from urllib.parse import quote

from eksaddon.domain.diagnostic import Location

FILES = frozenset({".yaml", ".yml", ".json"})


def is_in_a_file(location: Location) -> bool:
    """Whether a line of a file is meant, and no flag, standard input or stored document."""
    return location.line > 0 and PurePosixPath(location.source).suffix.lower() in FILES


def file_uri(source: str) -> str:
    """A URI reference: relative as the file name was given, `file://` where it is absolute."""
    path = source.replace("\\", "/")
    if PurePosixPath(path).is_absolute():
        return f"file://{_quoted(path)}"
    if PureWindowsPath(source).is_absolute():
        return f"file:///{_quoted(path)}"
    return _quoted(path.removeprefix("./"))


def _quoted(path: str) -> str:
    return quote(path, safe="/", errors="backslashreplace")
