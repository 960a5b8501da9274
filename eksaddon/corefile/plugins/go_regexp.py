r"""Whether Go's regexp package compiles a pattern; an own reading of the RE2 syntax that builds nothing.

Source: https://github.com/google/re2/wiki/Syntax and the documentation of Go's regexp/syntax (Perl flags).
Unicode class names (`\p{Greek}`) are taken as they come.
"""

import re

from eksaddon.frozen import dataclass
from eksaddon.regex import regex

MAX_REPEAT = 1000
"""Go's limit for the counts of `{n,m}`, and for the product of nested ones."""

MAX_DEPTH = 1000
"""Go's limit for nested groups."""

_REPEAT = regex(r"\{([0-9]+)(,([0-9]*))?\}")
_NAMED = regex(r"\(\?P?<([^>]*)>")
_NAME = regex(r"[A-Za-z0-9_]+")
_FLAGS = regex(r"\(\?([imsU]*)(?:(-)([imsU]+))?([:)])")
_POSIX = regex(
    r"\[:\^?(?:alnum|alpha|ascii|blank|cntrl|digit|graph|lower|print|punct|space|upper|word|xdigit):\]"
)
_HEX = regex(r"x(?:[0-9A-Fa-f]{2}|\{[0-9A-Fa-f]{1,8}\})")
_OCTAL = regex(r"0[0-7]{0,2}|[1-7][0-7]{1,2}")
_UNICODE = regex(r"[pP](?:\{\^?[^{}]+\}|[A-Za-z])")
_CONTROLS = dict(zip("afnrtv", "\a\f\n\r\t\v", strict=True))
_MAX_RUNE = 0x10FFFF


@dataclass(frozen=True, slots=True)
class Compiles:
    """Attributes: groups: How many capturing groups the pattern has."""

    groups: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Attributes: reason: In Go's words."""

    reason: str


class _PatternError(Exception):
    """Ends the reading; becomes a Refused."""


def read_regexp(pattern: str) -> Compiles | Refused:
    try:
        return Compiles(_Reader(pattern).read())
    except _PatternError as fault:
        return Refused(str(fault))


@dataclass(slots=True)
class _Group:
    """An open parenthesis.

    Attributes:
        operand: Whether something stands before that a repetition could repeat.
        repeat: The product of the counts inside of the operand so far.
        largest: The largest such product in the group.
    """

    operand: bool = False
    repeat: int = 1
    largest: int = 1


class _Reader:
    """One pass from left to right with a stack of open groups; no backtracking, so linear."""

    def __init__(self, pattern: str) -> None:
        self._text = pattern
        self._at = 0
        self._groups = 0
        self._stack = [_Group()]
        self._after_repeat = ""

    def read(self) -> int:
        while self._at < len(self._text):
            self._step(self._text[self._at])
        if len(self._stack) > 1:
            raise _PatternError(f"missing closing ): `{self._text}`")
        return self._groups

    def _step(self, letter: str) -> None:
        match letter:
            case "*" | "+" | "?":
                self._repeat(self._at, self._at + 1, 1)
                return
            case "{" if counts := _REPEAT.match(self._text, self._at):
                self._repeat_counted(counts)
                return
            case "(":
                self._open()
            case ")":
                self._close()
            case "|":
                self._stack[-1].operand = False
                self._at += 1
            case "[":
                self._class()
            case "\\":
                self._escape()
            case _:
                self._atom(self._at + 1)
        self._after_repeat = ""

    def _atom(self, end: int, size: int = 1) -> None:
        top = self._stack[-1]
        top.operand, top.repeat = True, size
        top.largest = max(top.largest, size)
        self._at = end

    def _repeat_counted(self, counts: re.Match[str]) -> None:
        low = int(counts[1])
        high = low if counts[2] is None else int(counts[3] or low)
        if max(low, high) > MAX_REPEAT or low > high:
            raise _PatternError(f"invalid repeat count: `{counts[0]}`")
        self._repeat(self._at, counts.end(), max(high, 1))

    def _repeat(self, start: int, end: int, size: int) -> None:
        if self._text[end : end + 1] == "?":
            end += 1
        operator = self._text[start:end]
        if self._after_repeat:
            raise _PatternError(f"invalid nested repetition operator: `{self._after_repeat}{operator}`")
        top = self._stack[-1]
        if not top.operand:
            raise _PatternError(f"missing argument to repetition operator: `{operator[0]}`")
        if top.repeat * size > MAX_REPEAT:
            raise _PatternError(f"invalid repeat count: `{operator}`")
        self._atom(end, top.repeat * size)
        self._after_repeat = operator

    def _open(self) -> None:
        if self._text.startswith("(?", self._at):
            flags = _FLAGS.match(self._text, self._at)
            if flags is None:
                self._open_named()
            else:
                self._open_flags(flags)
            return
        self._push(self._at + 1)
        self._groups += 1

    def _open_flags(self, flags: re.Match[str]) -> None:
        if flags[4] == ":":
            self._push(flags.end())
        else:
            self._at = flags.end()

    def _open_named(self) -> None:
        named = _NAMED.match(self._text, self._at)
        if named is None:
            raise _PatternError(
                f"invalid or unsupported Perl syntax: `{self._text[self._at : self._at + 4]}`"
            )
        if not _NAME.fullmatch(named[1]):
            raise _PatternError(f"invalid named capture: `{named[0]}`")
        self._groups += 1
        self._push(named.end())

    def _push(self, end: int) -> None:
        self._stack.append(_Group())
        self._at = end
        if len(self._stack) > MAX_DEPTH:
            raise _PatternError("expression nests too deeply")

    def _close(self) -> None:
        if len(self._stack) == 1:
            raise _PatternError(f"unexpected ): `{self._text}`")
        inner = self._stack.pop()
        self._atom(self._at + 1, inner.largest)

    def _escape(self) -> None:
        following = self._text[self._at + 1 : self._at + 2]
        if following == "Q":
            end = self._text.find("\\E", self._at + 2)
            literal = self._text[self._at + 2 : end if end >= 0 else None]
            self._at = len(self._text) if end < 0 else end + 2
            if literal:
                self._atom(self._at)
            return
        if following and following in "AbBz":
            self._atom(self._at + 2)
            return
        self._atom(self._escape_end()[0])

    def _escape_end(self) -> tuple[int, int | None]:
        r"""Where the escape at the cursor ends, and its code point; None for a class such as `\d`."""
        start = self._at + 1
        letter = self._text[start : start + 1]
        if not letter:
            raise _PatternError("trailing backslash at end of expression: ``")
        if letter in "dDsSwW":
            return start + 1, None
        if found := _UNICODE.match(self._text, start):
            return found.end(), None
        if letter in _CONTROLS:
            return start + 1, ord(_CONTROLS[letter])
        if found := _HEX.match(self._text, start):
            return found.end(), self._code(found[0][1:].strip("{}"))
        return self._octal_end(start, letter)

    def _code(self, digits: str) -> int:
        code = int(digits, 16)
        if code > _MAX_RUNE:
            raise _PatternError(f"invalid escape sequence: `\\x{{{digits}}}`")
        return code

    def _octal_end(self, start: int, letter: str) -> tuple[int, int]:
        octal = _OCTAL.match(self._text, start)
        if octal is not None:
            return octal.end(), int(octal[0], 8)
        if letter.isascii() and not letter.isalnum():
            return start + 1, ord(letter)
        raise _PatternError(f"invalid escape sequence: `\\{letter}`")

    def _class(self) -> None:
        opened = self._at
        self._at += 2 if self._text.startswith("[^", self._at) else 1
        first = True
        while first or not self._text.startswith("]", self._at):
            if self._at >= len(self._text):
                raise _PatternError(f"missing closing ]: `{self._text[opened:]}`")
            self._class_item()
            first = False
        self._atom(self._at + 1)

    def _class_item(self) -> None:
        if self._text.startswith("[:", self._at) and self._text.find(":]", self._at + 2) >= 0:
            posix = _POSIX.match(self._text, self._at)
            if posix is None:
                raise _PatternError(f"invalid character class range: `{self._text[self._at : self._at + 9]}`")
            self._at = posix.end()
            return
        start = self._at
        low = self._class_letter()
        ranged = self._text.startswith("-", self._at) and not self._text.startswith("-]", self._at)
        if low is None or not ranged or self._at + 1 >= len(self._text):
            return
        self._at += 1
        high = self._class_letter()
        if high is None or high < low:
            raise _PatternError(f"invalid character class range: `{self._text[start : self._at]}`")

    def _class_letter(self) -> int | None:
        if self._text[self._at] == "\\":
            self._at, code = self._escape_end()
            return code
        self._at += 1
        return ord(self._text[self._at - 1])
