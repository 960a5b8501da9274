"""How a Corefile is laid out: lines, indentation, line endings; an edit shall look like its neighbours."""

from bisect import bisect_right
from collections.abc import Iterator

from eksaddon.corefile.syntax.dispenser import occurrences
from eksaddon.corefile.syntax.lexer import BOM
from eksaddon.corefile.syntax.tokens import Token
from eksaddon.corefile.syntax.tree import Corefile, ServerBlock

_BLANKS = " \t"
_DEFAULT_UNIT = "    "


class Layout:
    """Questions about the text of one Corefile."""

    def __init__(self, corefile: Corefile) -> None:
        self._corefile = corefile
        self._text = corefile.text
        self._starts = [token.start for token in corefile.tokens]

    def next_token(self, token: Token) -> Token | None:
        """The one that follows in the text, whatever the parser makes of it."""
        number = bisect_right(self._starts, token.start)
        return self._corefile.tokens[number] if number < len(self._starts) else None

    def end_of_line(self, at: int) -> int:
        """Where the line ending begins, or the end of the text."""
        end = self._text.find("\n", at)
        if end < 0:
            return len(self._text)
        return end - 1 if self._text.endswith("\r", 0, end) else end

    def start_of_line(self, at: int) -> int:
        start = self._text.rfind("\n", 0, at) + 1
        return start + 1 if start == 0 and self._text.startswith(BOM) else start

    def start_of_next_line(self, at: int) -> int:
        end = self._text.find("\n", at)
        return len(self._text) if end < 0 else end + 1

    def indent(self, token: Token) -> str:
        """The white space that the token's line starts with."""
        start = self.start_of_line(token.start)
        end = start
        while end < token.start and self._text[end] in _BLANKS:
            end += 1
        return self._text[start:end]

    def is_first_on_line(self, token: Token) -> bool:
        return self.start_of_line(token.start) + len(self.indent(token)) == token.start

    def is_last_on_line(self, token: Token) -> bool:
        """Comments aside."""
        following = self.next_token(token)
        return following is None or "\n" in self._text[token.end : following.start]

    def is_blank(self, start: int, end: int) -> bool:
        """Whether nothing but white space is there; CR counts as such, other kinds do not."""
        return not self._text[start:end].strip(" \t\r\n")

    def newline(self, at: int) -> str:
        """The line ending in use there; at the end of the text, the one before."""
        end = self._text.find("\n", at)
        if end < 0:
            end = self._text.rfind("\n")
        return "\r\n" if end > 0 and self._text[end - 1] == "\r" else "\n"

    def unit(self) -> str:
        """By how much a property is indented more than its directive, or a directive more than its block."""
        for inner, outer in self._nested_pairs():
            if inner != outer and inner.startswith(outer):
                return inner.removeprefix(outer)
        return _DEFAULT_UNIT

    def body_indent(self, block: ServerBlock) -> str:
        """Of the directives in a block; of an empty one, as elsewhere in the file."""
        own = next((self.indent(token) for token in self._names(block)), None)
        if own is not None:
            return own
        if block.opening is None:
            return self.indent(block.key_tokens[0])
        return self.indent(block.key_tokens[0]) + self.unit()

    def _names(self, block: ServerBlock) -> Iterator[Token]:
        """Names of directives that stand first on a line of the Corefile itself."""
        for directive in block.directives:
            token = directive.tokens[0]
            if token.via is None and self.is_first_on_line(token):
                yield token

    def _nested_pairs(self) -> Iterator[tuple[str, str]]:
        """Indents of properties and their directives, then of directives and their blocks or snippets."""
        blocks = [block for block in self._corefile.blocks if not block.key_tokens[0].file]
        for block in blocks:
            for directive in block.directives:
                yield from self._properties(directive.tokens)
        for block in blocks:
            outer = self.indent(block.key_tokens[0])
            yield from ((self.indent(name), outer) for name in self._names(block))
        for snippet in self._corefile.snippets.values():
            if not snippet.key.file and snippet.tokens and self.is_first_on_line(snippet.tokens[0]):
                yield self.indent(snippet.tokens[0]), self.indent(snippet.key)

    def _properties(self, tokens: tuple[Token, ...]) -> Iterator[tuple[str, str]]:
        for occurrence in occurrences(tokens):
            for each in occurrence.properties:
                is_own = not each.name.file and each.name.via is occurrence.name.via
                if is_own and self.is_first_on_line(each.name):
                    yield self.indent(each.name), self.indent(occurrence.name)
