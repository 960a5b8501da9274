"""Detects the layout of a Corefile (lines, indentation, line endings), which edits follow."""

from bisect import bisect_right
from collections.abc import Iterator

from eksaddon.corefile.syntax.dispenser import occurrences
from eksaddon.corefile.syntax.lexer import BOM
from eksaddon.corefile.syntax.tokens import Token
from eksaddon.corefile.syntax.tree import Corefile, ServerBlock

_BLANKS = " \t"
_DEFAULT_UNIT = "    "


class Layout:
    """The layout of a Corefile's text."""

    def __init__(self, corefile: Corefile) -> None:
        self._corefile = corefile
        self._text = corefile.text
        self._starts = [token.start for token in corefile.tokens]

    def next_token(self, token: Token) -> Token | None:
        """The next token in the text, independent of the parser."""
        number = bisect_right(self._starts, token.start)
        return self._corefile.tokens[number] if number < len(self._starts) else None

    def end_of_line(self, at: int) -> int:
        """Start of the line ending, or the end of the text."""
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
        """Leading white space of the token's line."""
        start = self.start_of_line(token.start)
        end = start
        while end < token.start and self._text[end] in _BLANKS:
            end += 1
        return self._text[start:end]

    def is_first_on_line(self, token: Token) -> bool:
        return self.start_of_line(token.start) + len(self.indent(token)) == token.start

    def is_last_on_line(self, token: Token) -> bool:
        """Whether the token is the last on its line, ignoring comments."""
        following = self.next_token(token)
        return following is None or "\n" in self._text[token.end : following.start]

    def is_blank(self, start: int, end: int) -> bool:
        """Whether a span is blank; CR counts as white space, other kinds do not."""
        return not self._text[start:end].strip(" \t\r\n")

    def newline(self, at: int) -> str:
        """The line ending at a position; at the end of the text, the previous one."""
        end = self._text.find("\n", at)
        if end < 0:
            end = self._text.rfind("\n")
        return "\r\n" if end > 0 and self._text[end - 1] == "\r" else "\n"

    def unit(self) -> str:
        """Indentation of a property relative to its directive, or of a directive relative to its block."""
        for inner, outer in self._nested_pairs():
            if inner != outer and inner.startswith(outer):
                return inner.removeprefix(outer)
        return _DEFAULT_UNIT

    def body_indent(self, block: ServerBlock) -> str:
        """Indentation of directives in a block; for an empty one, that of the rest of the file."""
        own = next((self.indent(token) for token in self._names(block)), None)
        if own is not None:
            return own
        if block.opening is None:
            return self.indent(block.key_tokens[0])
        return self.indent(block.key_tokens[0]) + self.unit()

    def _names(self, block: ServerBlock) -> Iterator[Token]:
        """Directive names at the start of a line in the Corefile itself."""
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
