"""The shape of what is known about a plugin: how its setup reads its tokens, by CoreDNS version.

The tables themselves are in `plugins_*.py`; this is the vocabulary they are written in.
"""

from collections.abc import Callable, Mapping, Sequence
from enum import Enum

from eksaddon.corefile.plugins.values import Anything, Value
from eksaddon.corefile.syntax.versions import ENDLESS, FIRST, Version
from eksaddon.frozen import dataclass

MANY = 1_000_000
"""No upper limit for a count of arguments."""


class Reading(Enum):
    """Which of the Dispenser's calls takes the arguments; they differ in what ends them."""

    NOTHING = "nothing"
    """No call: a word on the same line is the next property."""
    ONE = "one"
    """NextArg once: further words on the line are properties."""
    LINE = "line"
    """RemainingArgs: to the end of the line or a `{`; a `}` is an argument."""
    HEAD = "head"
    """NextArg once, then as LINE: a `{` may be the first argument."""
    WHOLE = "whole"
    """NextArg until it fails: to the end of the line, braces included."""


class Repeat(Enum):
    """How CoreDNS treats a second occurrence in the same server block."""

    EACH = "each"
    ONCE = "once"
    FIRST = "first"
    """Only the first is read; the rest is silently ignored."""


class Block(Enum):
    """How a plugin treats `{ … }` after its arguments."""

    READ = "read"
    REFUSED = "refused"
    UNREAD = "unread"
    """Not looked for: its tokens are then read as further occurrences, if those are read."""
    UNCHECKED = "unchecked"
    """Read only for some arguments; taken as it comes."""
    ARGUMENTS = "arguments"
    """Its words are further arguments, if fewer than two stand on the line (rewrite)."""
    ENTRIES = "entries"
    """A word that is not a property begins an entry, until `fallthrough` was read (hosts)."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A fault among arguments.

    Attributes:
        index: Which argument, from 0; below 0 the word before them.
        clause: What is wrong with it, to be read after its text.
    """

    index: int
    clause: str


Properties = Mapping[str, Sequence[Sequence[str]]]
"""The arguments of each property of a block, by its name, in order."""

WholeCheck = Callable[[Sequence[str], Properties, Sequence[str]], str]
"""A rule over a plugin's arguments, properties and the keys of its server block; a clause if it is broken."""

Check = Callable[[Sequence[str], Version], Wrong | None]
"""A rule over all arguments together."""


@dataclass(frozen=True, slots=True)
class Args:
    """The arguments of a plugin or of a property.

    Attributes:
        kinds: By position; the last one holds for all that follow.
        joined: Whether the one kind is for all arguments joined with blanks.
        used: How many the plugin uses; it takes the others and forgets them.
    """

    reading: Reading
    least: int = 0
    most: int = 0
    kinds: tuple[Value, ...] = ()
    check: Check | None = None
    joined: bool = False
    used: int = MANY

    def kind(self, index: int) -> Value:
        if not self.kinds:
            return Anything()
        return self.kinds[min(index, len(self.kinds) - 1)]


NOTHING = Args(Reading.NOTHING)
FLAG = Args(Reading.LINE)
"""Takes the line and refuses any argument on it."""

ANY_ARGS = Args(Reading.LINE, most=MANY)


def line(least: int, most: int, *kinds: Value) -> Args:
    return Args(Reading.LINE, least, most, kinds)


def one(kind: Value) -> Args:
    return Args(Reading.ONE, 1, 1, (kind,))


@dataclass(frozen=True, slots=True)
class Property:
    """A word inside of a plugin's block.

    Attributes:
        since: The first version that knows it in this form; `until` is the first that does not.
        deprecated: First version that calls it deprecated.
        ignored: First version that reads it and does nothing with it.
        once: Whether a second one in the same block is refused.
        instead: What to write now, for one that is ignored or gone.
    """

    name: str
    args: Args = NOTHING
    since: Version = FIRST
    until: Version = ENDLESS
    deprecated: Version = ENDLESS
    ignored: Version = ENDLESS
    once: bool = False
    instead: str = ""

    def exists(self, version: Version) -> bool:
        return self.since <= version < self.until


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two properties that are refused together."""

    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Needs:
    """A property that is refused without another.

    Attributes:
        name: The property that needs; empty for the plugin itself.
        other: What it needs; empty for any property at all.
    """

    name: str
    other: str
    since: Version = FIRST


@dataclass(frozen=True, slots=True)
class Form:
    """How the setup of a plugin reads its tokens from a version on.

    Attributes:
        args_or_block: Whether a block behind arguments is not read (dns64).
        reads_for: With `Block.UNCHECKED`: the first argument for which the block is read all the same.
    """

    args: Args = ANY_ARGS
    repeat: Repeat = Repeat.EACH
    block: Block = Block.READ
    since: Version = FIRST
    args_or_block: bool = False
    reads_for: str = ""

    @property
    def only_block(self) -> bool:
        """Whether nothing but the properties make an occurrence (header)."""
        return self.args.reading is Reading.NOTHING and self.block is Block.READ


@dataclass(frozen=True, slots=True)
class Plugin:
    """One directive.

    Attributes:
        forms: Oldest first.
        refuses_unknown: First version that refuses a property it does not know; before, it is skipped.
        whole: A rule over one occurrence with its block, asked if nothing else is wrong with it.
        ordered: Whether the order of different properties in the block means something.
        folded: Whether upper and lower case of a property are the same.
        only_named: Whether words that are read as an occurrence, but are not its name, are skipped.
    """

    name: str
    forms: tuple[Form, ...]
    properties: tuple[Property, ...] = ()
    refuses_unknown: Version = FIRST
    conflicts: tuple[Conflict, ...] = ()
    needs: tuple[Needs, ...] = ()
    whole: WholeCheck | None = None
    ordered: bool = False
    folded: bool = False
    only_named: bool = False

    def form(self, version: Version) -> Form:
        fitting = [form for form in self.forms if form.since <= version]
        return fitting[-1] if fitting else self.forms[0]

    def find(self, name: str, version: Version) -> Property | None:
        """The property in the form that a version reads."""
        word = name.lower() if self.folded else name
        return next((each for each in self.properties if each.name == word and each.exists(version)), None)

    def ever(self, name: str) -> tuple[Property, ...]:
        """Every form that the property has had, oldest first."""
        word = name.lower() if self.folded else name
        return tuple(each for each in self.properties if each.name == word)
