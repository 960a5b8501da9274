"""Resolves an `import`: a snippet first, else files.

Source: doImport and doSingleImport in caddyfile/parse.go of coredns/caddy 15135a9.
"""

import posixpath
from collections.abc import Iterable, Sequence

from eksaddon.corefile.syntax.imports import (
    BadPatternError,
    OutsideError,
    PathKind,
    absolute,
    has_too_many_wildcards,
    matching,
    may_match_nothing,
)
from eksaddon.corefile.syntax.lexer import CorefileTooLargeError, lex
from eksaddon.corefile.syntax.surroundings import Surroundings
from eksaddon.corefile.syntax.tokens import Import, ImportKind, Token, decode

MOST_SNIPPETS = 10_000
MOST_FILES = 100_000
MOST_TOKENS = 500_000
"""Of all imports together; CoreDNS has no such limit and would continue until it runs out of memory."""


_TOO_WILD = "Glob pattern may only contain one wildcard (*), but has others"
_FAILED = "Failed to use import pattern"


class ImportRefusedError(Exception):
    """CoreDNS's words."""


class ImportTooLargeError(Exception):
    """The limit that was met, in our words."""


class Importer:
    """What imports have to remember between each other during one parse.

    Attributes:
        snippets: Defined so far.
        warnings: What CoreDNS would log.
    """

    def __init__(self, surroundings: Surroundings) -> None:
        self.snippets: dict[str, Sequence[Token]] = {}
        self.warnings: list[str] = []
        self._surroundings = surroundings
        self._snippet_count = 0
        self._file_count = 0
        self._token_count = 0
        self._lexed: dict[str, Sequence[Token]] = {}

    def carry_out(self, keyword: Token, pattern: Token, name: str) -> tuple[Import, list[Token]]:
        """The import and what takes its place.

        Args:
            name: The pattern's text, environment variables replaced.

        Raises:
            ImportRefusedError: CoreDNS refuses it.
            ImportTooLargeError: What it brings is too large.
        """
        if name in self.snippets:
            self._snippet_count += 1
            _refuse_beyond(self._snippet_count, MOST_SNIPPETS, "snippet")
            made = Import(keyword, pattern, name, ImportKind.SNIPPET)
            return made, self._marked(self.snippets[name], made)
        self._file_count += 1
        _refuse_beyond(self._file_count, MOST_FILES, "file")
        found = self._matches(pattern, name)
        if found is None:
            return Import(keyword, pattern, name, ImportKind.UNSEEN), []
        made = Import(keyword, pattern, name, ImportKind.FILES, tuple(found))
        return made, [token for path in found for token in self._marked(self._file(path), made)]

    def _matches(self, pattern: Token, name: str) -> list[str] | None:
        folder = posixpath.dirname(pattern.file) if pattern.file else self._surroundings.folder
        path = absolute(name, folder)
        if has_too_many_wildcards(path):
            raise ImportRefusedError(f"{_TOO_WILD}: {path}")
        if self._surroundings.files is None:
            return None
        try:
            found = matching(path, self._surroundings.files)
        except BadPatternError:
            raise ImportRefusedError(f"{_FAILED} {name}: syntax error in pattern") from None
        except OutsideError:
            raise ImportRefusedError(_outside(path)) from None
        if not found and not may_match_nothing(path):
            raise ImportRefusedError(f"File to import not found: {name}")
        if not found:
            self.warnings.append(f"[WARNING] No files matching import glob pattern: {name}")
        return found

    def _file(self, path: str) -> Sequence[Token]:
        if path not in self._lexed:
            self._lexed[path] = self._read(path)
        return self._lexed[path]

    def _read(self, path: str) -> Sequence[Token]:
        files = self._surroundings.files
        try:
            if files is None or files.kind(path) is PathKind.FOLDER:
                raise ImportRefusedError(f"Could not import {path}: is a directory")
            return lex(decode(files.read(path)), path)
        except OSError as error:
            reason = (error.strerror or "input/output error").lower()
            raise ImportRefusedError(f"Could not import {path}: open {path}: {reason}") from error
        except OutsideError:
            raise ImportRefusedError(_outside(path)) from None
        except CorefileTooLargeError as error:
            raise ImportTooLargeError(f"the imported file {path} is too large: {error.message}") from error

    def _marked(self, tokens: Iterable[Token], made: Import) -> list[Token]:
        marked = [
            Token(text, line, start, end, quoted, file, text, made)
            for text, line, start, end, quoted, file, _, _ in tokens
        ]
        self._token_count += len(marked)
        if self._token_count > MOST_TOKENS:
            raise ImportTooLargeError(f"the imports bring more than {MOST_TOKENS} words")
        return marked


def _outside(path: str) -> str:
    return f"{path} is outside of the Corefile's folder and was not opened; --allow-import DIR opens a folder"


def _refuse_beyond(count: int, most: int, what: str) -> None:
    if count > most:
        raise ImportRefusedError(f"maximum {what} import depth ({MOST_SNIPPETS}) exceeded")
