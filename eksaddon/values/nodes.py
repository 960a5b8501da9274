"""A document's text as a tree of spans, the same for JSON and YAML."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eksaddon.domain.json import Json

DEEPEST = 64
"""Levels of a document; code that follows them may recurse."""

TOO_DEEP = f"nests deeper than {DEEPEST} levels"


class UnreadableError(Exception):
    """The text cannot be understood.

    Args:
        reason: One clause, with the way out.
        position: Offset of the place in the text, in characters; None where no single place is to blame.
    """

    def __init__(self, reason: str, position: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.position = position


@dataclass(frozen=True, slots=True)
class Doubt:
    """Parsers disagree about a place.

    Attributes:
        message: A sentence that names what stands there, with the way out.
    """

    position: int
    message: str


@dataclass(frozen=True, slots=True)
class ScalarNode:
    """Attributes: style: `|` or `>` for a block scalar, a quotation mark, or empty for a plain one."""

    start: int
    end: int
    value: Json
    style: str = ""

    @property
    def is_block(self) -> bool:
        return self.style in {"|", ">"}

    @property
    def is_absent(self) -> bool:
        """Nothing stands there, and start and end are those of whatever comes next."""
        return self.start == self.end


@dataclass(frozen=True, slots=True)
class SequenceNode:
    start: int
    end: int
    items: "tuple[Node, ...]"
    flow: bool
    value: Sequence[Json]


@dataclass(frozen=True, slots=True)
class AliasNode:
    """Attributes: value: What the anchor stands for."""

    start: int
    end: int
    value: Json


@dataclass(frozen=True, slots=True)
class Entry:
    key: str
    start: int
    end: int
    node: "Node"


@dataclass(frozen=True, slots=True)
class MappingNode:
    """Attributes: value: With what a merge key `<<` brings in, so it may hold more keys than the entries."""

    start: int
    end: int
    entries: tuple[Entry, ...]
    flow: bool
    value: Mapping[str, Json]


Node = ScalarNode | SequenceNode | AliasNode | MappingNode
