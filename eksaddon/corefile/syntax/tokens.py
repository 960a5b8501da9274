"""Tokens with their origin, and conversion between bytes and text."""

from enum import Enum
from typing import NamedTuple

from eksaddon.frozen import dataclass
from eksaddon.regex import regex

_NOT_UTF8 = regex("[\ud800-\udfff]")
_FOREIGN = regex("[\ud800-\udc7f\udd00-\udfff]")


class Token(NamedTuple):
    """A word as read by CoreDNS.

    Attributes:
        text: As in CoreDNS: without quotes, without CR outside quotes, U+FFFD for what is not UTF-8,
            environment variables replaced where it does so.
        line: From 1, where the token starts.
        start: First character in the text of `file`, quotes included.
        end: After the last character, quotes included.
        file: Absolute path of the imported file that holds it; empty for the Corefile itself.
        raw: The text before environment variables were replaced.
        via: The import that spliced it in; None if it is in the Corefile itself.
    """

    text: str
    line: int
    start: int
    end: int
    quoted: bool
    file: str
    raw: str
    via: "Import | None"

    @property
    def end_line(self) -> int:
        """The line that CoreDNS takes a word behind it to stand on."""
        return self.line + self.text.count("\n")

    @property
    def from_environment(self) -> bool:
        return self.text != self.raw


class ImportKind(Enum):
    SNIPPET = "snippet"
    FILES = "files"
    UNSEEN = "unseen"
    """Files that the parser was not given; what they hold is unknown."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Import:
    """One `import`, each time it is processed; compared by identity, since chains of them may be very long.

    Attributes:
        name: The argument, environment variables replaced.
        files: Absolute paths of the files that were read, in order.
    """

    keyword: Token
    pattern: Token
    name: str
    kind: ImportKind
    files: tuple[str, ...] = ()

    @property
    def outermost(self) -> "Import":
        """The import in the Corefile itself that led here."""
        found = self
        while found.keyword.via is not None:
            found = found.keyword.via
        return found


def decode(data: bytes) -> str:
    """As the text whose characters the tokens' spans count; `encode` gives the same bytes back."""
    return data.decode("utf-8", "surrogateescape")


def encode(text: str) -> bytes:
    """The bytes that `decode` read; half a character from elsewhere (JSON has such) becomes U+FFFD."""
    return _FOREIGN.sub("\ufffd", text).encode("utf-8", "surrogateescape")


def shown(text: str) -> str:
    """As CoreDNS prints it: U+FFFD for each byte that is not UTF-8."""
    return text if text.isascii() else _NOT_UTF8.sub("\ufffd", text)
