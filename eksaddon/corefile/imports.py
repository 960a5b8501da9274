"""Which files an `import` means.

Source: doImport and doSingleImport in caddyfile/parse.go of coredns/caddy 15135a9,
and path/filepath of Go 1.26.
"""

import posixpath
import re
from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import Protocol

_MAGIC = re.compile(r"[*?\[\\]")
_MEMBER = re.compile(r"\\(?s:(.))|(.)", re.DOTALL)


class PathKind(Enum):
    FILE = "file"
    FOLDER = "folder"
    ABSENT = "absent"


class Files(Protocol):
    """The files that an import may read; paths are absolute."""

    def kind(self, path: str) -> PathKind: ...

    def names(self, folder: str) -> Sequence[str]:
        """What a folder holds, in any order."""
        ...

    def read(self, path: str) -> bytes:
        """The content of a file.

        Raises:
            OSError: It cannot be read.
        """
        ...


class NoFiles:
    """Nothing exists beside the Corefile."""

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
        except (OSError, ValueError):  # no such name, not to be looked at, or not a name at all
            return PathKind.ABSENT
        return PathKind.FILE

    def names(self, folder: str) -> Sequence[str]:
        try:
            return [entry.name for entry in Path(folder).iterdir()]
        except OSError:
            return ()

    def read(self, path: str) -> bytes:
        return Path(path).read_bytes()


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
        BadPatternError: The pattern is not well-formed.
    """
    _as_regex(pattern)
    parts = pattern.split("/")
    plain = next((number for number, part in enumerate(parts) if _MAGIC.search(part)), None)
    if plain is None:
        return [pattern] if files.kind(pattern) is not PathKind.ABSENT else []
    found = ["/".join(parts[:plain]) or "/"]
    for part in parts[plain:]:
        found = _members(found, _as_regex(part), files)
    return found


def _members(folders: Sequence[str], name: re.Pattern[str], files: Files) -> list[str]:
    return [
        _join(folder, member)
        for folder in folders
        if files.kind(folder) is PathKind.FOLDER
        for member in sorted(files.names(folder))
        if name.fullmatch(member)
    ]


def _as_regex(pattern: str) -> re.Pattern[str]:
    """A pattern that is left by has_too_many_wildcards has no closed class, so that each `[` is a fault."""
    parts = []
    for escaped, letter in _MEMBER.findall(pattern):
        if letter in {"[", "\\"}:
            raise BadPatternError
        wild = {"*": "[^/]*", "?": "[^/]"}.get(letter)
        parts.append(wild or re.escape(escaped or letter))
    return re.compile("".join(parts), re.DOTALL)


def _join(folder: str, name: str) -> str:
    """As filepath.Join, where the folder is absolute."""
    return "/" + posixpath.normpath(f"{folder}/{name}").lstrip("/")
