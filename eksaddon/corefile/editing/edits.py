"""Requests and results of edits."""

from collections.abc import Iterable
from dataclasses import field
from enum import StrEnum

from eksaddon.corefile.meaning.resolve import Lameducks, lameducks
from eksaddon.corefile.plugins.slots import Slot
from eksaddon.corefile.syntax.tokens import Token
from eksaddon.corefile.syntax.tree import Corefile
from eksaddon.corefile.syntax.wording import cut
from eksaddon.domain.diagnostic import Location
from eksaddon.frozen import dataclass


@dataclass(frozen=True, slots=True)
class SetArguments:
    """Set the words on a directive's line, such as `cache 30`; a missing directive is inserted.

    Attributes:
        nth: Index of the occurrence in the block, from 1; None if there must be only one.
    """

    directive: str
    args: tuple[str, ...]
    nth: int | None = None


@dataclass(frozen=True, slots=True)
class SetProperty:
    """Set a property, such as `max_concurrent 1000` in `forward`; missing parts are added.

    Attributes:
        number: Index of the property in the directive, from 1; None if there must be only one.
    """

    directive: str
    name: str
    args: tuple[str, ...] = ()
    nth: int | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True)
class RemoveProperty:
    """Remove a property, and its braces if they become empty."""

    directive: str
    name: str
    nth: int | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True)
class RemoveDirective:
    directive: str
    nth: int | None = None


@dataclass(frozen=True, slots=True)
class SetSlot:
    """Set a named argument on a directive's line, such as the TTL of `cache`; the others are kept."""

    directive: str
    slot: Slot
    args: tuple[str, ...]
    nth: int | None = None


@dataclass(frozen=True, slots=True)
class Require:
    """Insert a directive or property without words if it is missing; one that exists keeps its words.

    Attributes:
        name: The property; empty for the directive.
    """

    directive: str
    name: str = ""
    nth: int | None = None
    number: int | None = None


Request = SetArguments | SetProperty | RemoveProperty | RemoveDirective | SetSlot | Require


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the text between start and end.

    Attributes:
        words: The expected tokens of the new text; checked with the lexer.
    """

    start: int
    end: int
    new: str
    words: tuple[str, ...] = field(default=(), repr=False)


class Reason(StrEnum):
    """Why an edit is refused; values are published in output and must not be renamed."""

    UNPARSABLE = "unparsable"
    STRUCTURE = "structure"
    REFUSED_BY_COREDNS = "refused-by-coredns"
    NO_SUCH_BLOCK = "no-such-block"
    AMBIGUOUS = "ambiguous"
    FROM_ENVIRONMENT = "from-environment"
    FROM_SNIPPET = "from-snippet"
    FROM_FILE = "from-file"
    BAD_VALUE = "bad-value"
    NOT_PROVEN = "not-proven"
    NOT_OWNED = "not-owned"
    CONTRADICTORY = "contradictory"


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was changed.

    Attributes:
        line: From 1; 0 without a position.
        column: From 1, in characters; 0 if unknown.
        hint: How to fix it; can be empty.
    """

    reason: Reason
    message: str
    hint: str = ""
    line: int = 0
    column: int = 0

    def location(self, source: str) -> Location:
        return Location(source, self.line, self.column)


@dataclass(frozen=True, slots=True)
class Edited:
    """The edited Corefile, verified by parsing it.

    Attributes:
        edits: Disjoint spans of the previous text, in order; empty if nothing had to change.
        before: Parsed before the edit.
        after: Parsed after the edit.
    """

    edits: tuple[Edit, ...]
    before: Corefile
    after: Corefile

    @property
    def text(self) -> str:
        return self.after.text

    @property
    def is_changed(self) -> bool:
        return bool(self.edits)

    @property
    def lameducks_before(self) -> Lameducks:
        return lameducks(self.before)

    @property
    def lameducks_after(self) -> Lameducks:
        return lameducks(self.after)


class RefusedError(Exception):
    """Internal exception with a refusal; never raised outside this package."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.message)
        self.refused = refused


def refusal(
    reason: Reason,
    message: str,
    *,
    hint: str = "",
    corefile: Corefile | None = None,
    token: Token | None = None,
) -> RefusedError:
    """Build a refusal at a token, or at the import in the Corefile that contains it."""
    message, hint = cut(message), cut(hint)
    place = token.via.outermost.keyword if token and token.via and token.file else token
    if place is None:
        return RefusedError(Refused(reason, message, hint))
    column = place.start - corefile.text.rfind("\n", 0, place.start) if corefile else 0
    return RefusedError(Refused(reason, message, hint, place.line, column))


def apply(text: str, edits: Iterable[Edit]) -> str:
    """Apply ordered, disjoint edits."""
    parts, at = [], 0
    for edit in edits:
        parts += [text[at : edit.start], edit.new]
        at = edit.end
    return "".join([*parts, text[at:]])
