"""Edits as values: what to ask for, what comes back."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from eksaddon.corefile.meaning.resolve import Lameducks, lameducks
from eksaddon.corefile.syntax.tokens import Token
from eksaddon.corefile.syntax.tree import Corefile
from eksaddon.domain.diagnostic import Location


@dataclass(frozen=True, slots=True)
class SetArguments:
    """`cache 30`: the words on the directive's own line; a directive that is missing is inserted.

    Attributes:
        nth: Which of several in the block, from 1; None where only one may be meant.
    """

    directive: str
    args: tuple[str, ...]
    nth: int | None = None


@dataclass(frozen=True, slots=True)
class SetProperty:
    """`max_concurrent 1000` in the braces of `forward`; what is missing of all this is added."""

    directive: str
    name: str
    args: tuple[str, ...] = ()
    nth: int | None = None


@dataclass(frozen=True, slots=True)
class RemoveProperty:
    """Also takes the braces away if they held nothing else."""

    directive: str
    name: str
    nth: int | None = None


@dataclass(frozen=True, slots=True)
class RemoveDirective:
    directive: str
    nth: int | None = None


Request = SetArguments | SetProperty | RemoveProperty | RemoveDirective


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace what stands between start and end.

    Attributes:
        words: The tokens that the new text is meant to be; checked against the lexer.
    """

    start: int
    end: int
    new: str
    words: tuple[str, ...] = field(default=(), repr=False)


class Reason(StrEnum):
    """Why an edit is refused; published in output, so that a value is never renamed."""

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


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was changed.

    Attributes:
        line: From 1; 0 where no place is to blame.
        column: From 1, in characters; 0 where unknown.
        hint: What to do; may be empty.
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
    """The Corefile as asked, proven by reading it again.

    Attributes:
        edits: Spans of the text before, in order and apart; none where it was as asked already.
        before: As read before the edit.
        after: As read after the edit.
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
    """Carries a refusal to the gate of an edit function; never leaves this package."""

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
    """A refusal that points at a token, or at the import in the Corefile that brought it."""
    place = token.via.outermost.keyword if token and token.via and token.file else token
    if place is None:
        return RefusedError(Refused(reason, message, hint))
    column = place.start - corefile.text.rfind("\n", 0, place.start) if corefile else 0
    return RefusedError(Refused(reason, message, hint, place.line, column))


def apply(text: str, edits: Iterable[Edit]) -> str:
    """The text with all edits made; they are in order and do not overlap."""
    parts, at = [], 0
    for edit in edits:
        parts += [text[at : edit.start], edit.new]
        at = edit.end
    return "".join([*parts, text[at:]])
