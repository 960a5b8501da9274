"""Finds the files of an `import`.

Source: doImport and doSingleImport in caddyfile/parse.go of coredns/caddy 15135a9,
and path/filepath of Go 1.26.
"""

import errno
import posixpath
from collections.abc import Iterable, Sequence
from enum import Enum
from pathlib import Path
from typing import Protocol

from eksaddon.regex import regex

_MAGIC = regex(r"[*?\[\\]")
_LONGEST_PATH = 4096
"""PATH_MAX of Linux: nothing longer exists."""


class PathKind(Enum):
    FILE = "file"
    FOLDER = "folder"
    ABSENT = "absent"


class Files(Protocol):
    """The files that an import may read; paths are absolute."""

    def kind(self, path: str) -> PathKind: ...

    def names(self, folder: str) -> Sequence[str]:
        """Names in a directory, in any order."""
        ...

    def read(self, path: str) -> bytes:
        """The content of a file.

        Raises:
            OSError: It cannot be read.
        """
        ...


class NoFiles:
    """No file exists next to the Corefile."""

    def kind(self, path: str) -> PathKind:  # noqa: ARG002 - the protocol's name
        return PathKind.ABSENT

    def names(self, folder: str) -> Sequence[str]:  # noqa: ARG002 - the protocol's name
        return ()

    def read(self, path: str) -> bytes:
        raise FileNotFoundError(2, "No such file or directory", path)


class DiskFiles:
    """The file system of this machine."""

    def kind(self, path: str) -> PathKind:
        try:
            if Path(path).is_dir():
                return PathKind.FOLDER
            Path(path).lstat()
        except (OSError, ValueError):  # no such name, no access, or not a name at all
            return PathKind.ABSENT
        return PathKind.FILE

    def names(self, folder: str) -> Sequence[str]:
        try:
            return [entry.name for entry in Path(folder).iterdir()]
        except (OSError, ValueError):
            return ()

    def read(self, path: str) -> bytes:
        return Path(path).read_bytes()


class OutsideError(Exception):
    """A path outside of the folders that may be read."""


class ConfinedFiles:
    """The file system of this machine below some folders; elsewhere nothing is listed and nothing opened.

    A Corefile may come from a stranger, and what its imports hold is printed. Links are followed only to
    where the folders still hold them, and only plain files are read: a pipe would wait forever.
    Every method raises OutsideError for a path outside.
    """

    def __init__(self, folders: Iterable[str]) -> None:
        self._folders = tuple(Path(folder).resolve() for folder in folders)
        self._disk = DiskFiles()

    def kind(self, path: str) -> PathKind:
        self._require_inside(path)
        return self._disk.kind(path)

    def names(self, folder: str) -> Sequence[str]:
        self._require_inside(folder)
        return self._disk.names(folder)

    def read(self, path: str) -> bytes:
        self._require_inside(path)
        if not Path(path).is_file():
            raise OSError(errno.EINVAL, "is not a plain file", path)
        return self._disk.read(path)

    def _require_inside(self, path: str) -> None:
        try:
            found = Path(path).resolve()
        except (OSError, ValueError, RuntimeError):  # a link in a circle, or not a name at all
            raise OutsideError(path) from None
        # From Python 3.13 on, resolve() leaves a link in a circle as it is and raises nothing.
        is_circle = any(part.is_symlink() for part in (found, *found.parents))
        if is_circle or not any(found.is_relative_to(folder) for folder in self._folders):
            raise OutsideError(path)


class BadPatternError(Exception):
    """Go's filepath.ErrBadPattern."""


def absolute(pattern: str, folder: str) -> str:
    """The pattern as it is searched for; Go cleans it only where it has to be joined."""
    return pattern if pattern.startswith("/") else _join(folder, pattern)


def has_too_many_wildcards(pattern: str) -> bool:
    """CoreDNS refuses such patterns before it looks at any file."""
    return pattern.count("*") > 1 or pattern.count("?") > 1 or ("[" in pattern and "]" in pattern)


def may_match_nothing(pattern: str) -> bool:
    return any(letter in pattern for letter in "*?[]")


def matching(pattern: str, files: Files) -> list[str]:
    """As filepath.Glob: existing paths, sorted within each folder.

    Raises:
        BadPatternError: The pattern is not well-formed, as far as Go looks at it.
    """
    if len(pattern) > _LONGEST_PATH:
        return []
    _fits(pattern, "")
    parts = pattern.split("/")
    plain = next((number for number, part in enumerate(parts) if _MAGIC.search(part)), None)
    if plain is None:
        return [pattern] if files.kind(pattern) is not PathKind.ABSENT else []
    for end in range(plain + 1, len(parts)):
        _fits("/".join(parts[:end]), "")
    found = ["/".join(parts[:plain]) or "/"]
    for part in parts[plain:]:
        found = _members(found, part, files)
    return found


def _members(folders: Sequence[str], pattern: str, files: Files) -> list[str]:
    return [
        _join(folder, name)
        for folder in folders
        if files.kind(folder) is PathKind.FOLDER
        for name in sorted(files.names(folder))
        if _fits(pattern, name)
    ]


def _fits(pattern: str, name: str) -> bool:
    """As filepath.Match, which leaves the rest of a pattern unread when the name does not fit."""
    while pattern:
        is_starred = pattern.startswith("*")
        end = _end_of_chunk(pattern, 1 if is_starred else 0)
        chunk, pattern = pattern[is_starred:end], pattern[end:]
        if is_starred and not chunk:
            return "/" not in name
        starts = range(len(name.partition("/")[0]) + 1) if is_starred else range(1)
        rests = (_rest(chunk, name[start:]) for start in starts)
        rest = next((each for each in rests if each is not None and (pattern or not each)), None)
        if rest is None:
            return False
        name = rest
    return not name


def _end_of_chunk(pattern: str, start: int) -> int:
    """Where the next `*` is; one that is escaped, or behind a `[`, is none."""
    at = start
    while at < len(pattern) and pattern[at] not in "*[":
        at += 2 if pattern[at] == "\\" else 1
    return len(pattern) if pattern[at : at + 1] == "[" else min(at, len(pattern))


def _rest(chunk: str, name: str) -> str | None:
    """What is left of a name that begins as the chunk says; None if it does not.

    There is never a closed `[…]` here: has_too_many_wildcards is asked before.
    """
    fits = True
    at = 0
    while at < len(chunk):
        if chunk[at] == "[" or chunk[at:] == "\\":
            raise BadPatternError
        is_any = chunk[at] == "?"
        at += chunk[at] == "\\"
        fits = fits and name != "" and (name[0] != "/" if is_any else name[0] == chunk[at])
        name = name[1:]
        at += 1
    return name if fits else None


def _join(folder: str, name: str) -> str:
    """Like Go's filepath.Join for an absolute directory."""
    return "/" + posixpath.normpath(f"{folder}/{name}").lstrip("/")
