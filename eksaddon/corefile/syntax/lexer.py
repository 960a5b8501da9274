"""Splits text into tokens.

Source: caddyfile/lexer.go of coredns/caddy 15135a9, as in CoreDNS 1.13.0 to 1.14.7; older ones read the same.
"""

import re
from collections.abc import Iterator, Sequence

from eksaddon.corefile.syntax.tokens import Token, shown
from eksaddon.domain.errors import EksdnsError
from eksaddon.regex import regex

MAX_CHARACTERS = 4 * 1024 * 1024
"""Four times what a ConfigMap can hold; bounds memory."""

BOM = "\ufeff"

SPACES = "\t\n\v\f \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
"""Go's unicode.IsSpace as the inside of a character class, less CR, which ends no token."""

_COMMENT = r"\# [^\n]*+"
_QUOTED = r'" (?P<inside> (?: [^"\\]++ | \\. )*+ ) (?P<close> " | \\?\Z )'
_WORD = rf'(?P<word> [^{SPACES}\r\#"] [^{SPACES}\r\#]*+ (?: \r++ [^{SPACES}\r\#]++ )*+ )'
_GLUED = rf"(?: \r*+ \# [^{SPACES}]*+ )?+"
"""A comment that touches a word ends at the next white space; one at token start ends with its line."""
_PIECE = regex(rf"{_COMMENT} | {_QUOTED} | {_WORD} {_GLUED}", re.VERBOSE | re.DOTALL)


class CorefileTooLargeError(EksdnsError):
    """The text is longer than any Corefile can be."""

    def __init__(self, length: int) -> None:
        super().__init__(
            f"the Corefile has {length} characters, more than {MAX_CHARACTERS}",
            hint="a ConfigMap is limited to 1 MiB; is this the right file?",
        )


def lex(text: str, file: str = "") -> list[Token]:
    """Split a text into tokens, in time linear in its length; their spans count the characters of `text`.

    Raises:
        CorefileTooLargeError: The text is longer than MAX_CHARACTERS.
    """
    if len(text) > MAX_CHARACTERS:
        raise CorefileTooLargeError(len(text))
    text = shown(text)
    tokens: list[Token] = []
    line, counted = 1, 0
    for piece in _PIECE.finditer(text, 1 if text.startswith(BOM) else 0):
        kind = piece.lastgroup
        if kind is None:
            continue
        start, end = piece.span("word") if kind == "word" else piece.span()
        line += text.count("\n", counted, start)
        counted = start
        if kind == "word":
            plain = piece["word"].replace("\r", "")
        elif not piece["inside"] and piece["close"] != '"':
            continue  # a quote and nothing else before the end of the file
        else:
            plain = piece["inside"].replace('\\"', '"')
        tokens.append(Token(plain, line, start, end, kind != "word", file, plain, None))
    return tokens


def pieces(text: str, tokens: Sequence[Token]) -> Iterator[str]:
    """What lies before, in and between the tokens, in turn; joined it is the text again."""
    at = 0
    for token in tokens:
        yield text[at : token.start]
        yield text[token.start : token.end]
        at = token.end
    yield text[at:]
