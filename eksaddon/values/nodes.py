"""A document as a tree of nodes with spans, the same for JSON and YAML."""

from collections.abc import Mapping, Sequence

from eksaddon.domain.json import Json
from eksaddon.frozen import dataclass

DEEPEST = 64
"""Maximum depth of a document, which makes recursion over it safe."""

TOO_DEEP = f"nests deeper than {DEEPEST} levels"


class UnreadableError(Exception):
    """The text cannot be parsed.

    Args:
        reason: A clause with the fault and the fix.
        position: Offset in the text, in characters; None if the fault has no single position.
    """

    def __init__(self, reason: str, position: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.position = position


@dataclass(frozen=True, slots=True)
class Doubt:
    """A place that YAML parsers read differently.

    Attributes:
        message: A sentence with the text at that place and the fix.
    """

    position: int
    message: str


@dataclass(frozen=True, slots=True)
class ScalarNode:
    """A single value.

    Attributes:
        style: `|` or `>` for a block scalar, a quotation mark, or empty for a plain scalar.
    """

    start: int
    end: int
    value: Json
    style: str = ""

    @property
    def is_block(self) -> bool:
        return self.style in {"|", ">"}

    @property
    def is_absent(self) -> bool:
        """Whether the value is omitted; then start and end are those of the next token."""
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
    """A YAML alias.

    Attributes:
        value: Value of the anchor.
    """

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
    """A mapping.

    Attributes:
        value: Includes the keys merged by `<<`, so it can have more keys than `entries`.
    """

    start: int
    end: int
    entries: tuple[Entry, ...]
    flow: bool
    value: Mapping[str, Json]


Node = ScalarNode | SequenceNode | AliasNode | MappingNode
