"""The content of a server block in a comparable form, independent of layout and order."""

from collections.abc import Mapping

from eksaddon.corefile.meaning.durations import NotADuration, parse_duration
from eksaddon.corefile.plugins.table import PLUGINS
from eksaddon.corefile.plugins.values import Duration
from eksaddon.corefile.plugins.vocabulary import Args, Plugin
from eksaddon.corefile.syntax.dispenser import Occurrence, Property, occurrences
from eksaddon.corefile.syntax.tokens import Token
from eksaddon.corefile.syntax.tree import ServerBlock
from eksaddon.corefile.syntax.versions import Version
from eksaddon.corefile.syntax.zones import ZoneAddress, zone_addresses
from eksaddon.frozen import dataclass

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """A word and its arguments: the line of a directive, or a property in its block.

    Attributes:
        words: As written.
        meaning: Equal for clauses that a plugin reads identically.
    """

    words: Words
    meaning: Words

    @property
    def name(self) -> str:
        return self.words[0]


@dataclass(frozen=True, slots=True)
class Statement:
    """One occurrence of a directive.

    Attributes:
        properties: Properties of its block, as written.
        is_ordered: Whether the order of different properties matters to the plugin.
        line: Line in the Corefile; 0 if imported from a file.
    """

    head: Clause
    properties: tuple[Clause, ...]
    is_ordered: bool
    line: int

    @property
    def meaning(self) -> tuple[Words, tuple[Words, ...]]:
        """Equal for statements that a plugin reads identically."""
        clauses = self.properties if self.is_ordered else sorted(self.properties, key=lambda each: each.name)
        return self.head.meaning, tuple(clause.meaning for clause in clauses)


@dataclass(frozen=True, slots=True)
class Block:
    """One server block.

    Attributes:
        keys: Sorted keys, such as `.:53`.
        statements: By directive, in file order.
    """

    keys: Words
    statements: Mapping[str, tuple[Statement, ...]]


def read_block(block: ServerBlock, version: Version) -> Block:
    """Read a block of a valid Corefile."""
    keys = {show_address(address) for key in block.keys for address in zone_addresses(key)}
    names = {id(directive.tokens[0]): directive.name for directive in block.directives}
    statements = {
        name: tuple(
            _statement(name, names.get(id(occurrence.name), occurrence.name.text), occurrence, version)
            for occurrence in occurrences(tokens)
        )
        for name, tokens in block.groups.items()
    }
    return Block(tuple(sorted(keys)), statements)


def show_address(address: ZoneAddress) -> str:
    """Format an address as an equivalent key: `.:53`, `tls://example.org.:853`."""
    scheme = "" if address.scheme == "dns" else f"{address.scheme}://"
    return f"{scheme}{address.zone}:{address.port}"


def _statement(group: str, name: str, occurrence: Occurrence, version: Version) -> Statement:
    plugin = PLUGINS.get(group)
    head = _clause(name, occurrence.args, plugin.form(version).args if plugin is not None else None)
    properties = tuple(_property(plugin, each, version) for each in occurrence.properties)
    line = 0 if occurrence.name.file else occurrence.name.line
    return Statement(head, properties, plugin is None or plugin.ordered, line)


def _property(plugin: Plugin | None, found: Property, version: Version) -> Clause:
    known = plugin.find(found.name.text, version) if plugin is not None else None
    return _clause(found.name.text, found.args, known.args if known is not None else None)


def _clause(name: str, tokens: tuple[Token, ...], spec: Args | None) -> Clause:
    args = tuple(token.text for token in tokens)
    return Clause((name, *args), (name, *_normal(args, spec)))


def _normal(args: Words, spec: Args | None) -> Words:
    """Normalise durations: `60s` becomes `1m`."""
    if spec is None:
        return args
    return tuple(
        _nanoseconds(arg) if isinstance(spec.kind(number), Duration) else arg
        for number, arg in enumerate(args)
    )


def _nanoseconds(text: str) -> str:
    found = parse_duration(text)
    return text if isinstance(found, NotADuration) else f"{found}ns"


def as_text(statement: Statement) -> str:
    """Format a statement on one line: `health { lameduck 5s }`; properties are separated by semicolons."""
    head = " ".join(statement.head.words)
    properties = "; ".join(" ".join(each.words) for each in statement.properties)
    return f"{head} {{ {properties} }}" if properties else head
