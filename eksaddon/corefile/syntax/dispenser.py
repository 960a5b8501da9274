"""Reading a directive's tokens as a plugin's setup does: by lines, not by braces.

Source: caddyfile/dispenser.go of coredns/caddy 15135a9; the loop is the one that nearly every plugin has:
for each Next, RemainingArgs; for each NextBlock, the property and its RemainingArgs.
"""

from collections.abc import Iterator, Sequence

from eksaddon.corefile.syntax.tokens import Token
from eksaddon.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Property:
    """Attributes: name: May be any word, `{` as well: the rules do not support nesting."""

    name: Token
    args: tuple[Token, ...]

    @property
    def words(self) -> tuple[str, ...]:
        return (self.name.text, *(arg.text for arg in self.args))


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One round of a plugin's outer loop.

    Attributes:
        name: Not read by plugins: words after a closing brace on its line are included too.
        args: To the end of the line or a `{`; a `}` on the line is an argument.
        opening: The `{` on the line; None: no properties.
        closing: The `}`; None where nothing was opened, or nothing closes it.
    """

    name: Token
    args: tuple[Token, ...]
    opening: Token | None
    properties: tuple[Property, ...]
    closing: Token | None


def same_line(token: Token, following: Token) -> bool:
    """Whether the second stands behind the first for CoreDNS; imported snippets keep their line numbers."""
    line = token.end_line if "\n" in token.text else token.line
    return line == following.line and token.file == following.file


def occurrences(tokens: Sequence[Token]) -> tuple[Occurrence, ...]:
    """Read all tokens of one directive name in one server block."""
    return tuple(_occurrences(tokens))


def _occurrences(tokens: Sequence[Token]) -> Iterator[Occurrence]:
    at = 0
    while at < len(tokens):
        name = tokens[at]
        args = _arguments(tokens, at)
        at += 1 + len(args)
        opening, properties, closing = None, [], None
        if at < len(tokens) and tokens[at].text == "{" and same_line(tokens[at - 1], tokens[at]):
            opening = tokens[at]
            at += 1
            while at < len(tokens) and tokens[at].text != "}":
                properties.append(Property(tokens[at], _arguments(tokens, at)))
                at += 1 + len(properties[-1].args)
            if at < len(tokens):
                closing = tokens[at]
                at += 1
        yield Occurrence(name, args, opening, tuple(properties), closing)


def _arguments(tokens: Sequence[Token], at: int) -> tuple[Token, ...]:
    end, count, previous = at + 1, len(tokens), tokens[at]
    while end < count:
        token = tokens[end]
        if token.text == "{" or not same_line(previous, token):
            break
        end, previous = end + 1, token
    return tuple(tokens[at + 1 : end])
