"""Resolves the effective lameduck of each block and of the process."""

from eksaddon.corefile.meaning.health import Health, read_health
from eksaddon.corefile.syntax.tokens import Import, ImportKind
from eksaddon.corefile.syntax.tree import Corefile, Directive, Fault, ServerBlock
from eksaddon.frozen import dataclass


@dataclass(frozen=True, slots=True)
class BlockLameduck:
    """The lameduck of one server block.

    Attributes:
        health: None if the block has no health; a fault if CoreDNS rejects it.
        may_be_overridden: A later import that cannot be read may set another one.
    """

    block: ServerBlock
    health: Health | Fault | None
    may_be_overridden: bool

    @property
    def has_health(self) -> bool:
        return self.health is not None

    @property
    def nanoseconds(self) -> int:
        """Nanoseconds that CoreDNS waits for this block at shutdown."""
        return self.health.effective if isinstance(self.health, Health) else 0


@dataclass(frozen=True, slots=True)
class Lameducks:
    """Lameducks of all server blocks in order; the process waits for them in sequence.

    Attributes:
        may_be_overridden: One of the blocks may be, or an unread import may add blocks.
    """

    blocks: tuple[BlockLameduck, ...]
    may_be_overridden: bool

    @property
    def total(self) -> int:
        """Total nanoseconds of the process: the blocks add up (measured on CoreDNS 1.14.7)."""
        return sum(each.nanoseconds for each in self.blocks)

    @property
    def fault(self) -> Fault | None:
        return next((each.health for each in self.blocks if isinstance(each.health, Fault)), None)


def lameducks(corefile: Corefile, filename: str = "Corefile") -> Lameducks:
    """The effective lameducks; for an invalid Corefile, those before the fault."""
    blocks = tuple(
        BlockLameduck(block, health, _may_be_overridden(block, health))
        for block in corefile.blocks
        for health in [read_health(block, filename)]
    )
    outside = any(is_unseen(item) for item in corefile.items)
    return Lameducks(blocks, outside or any(each.may_be_overridden for each in blocks))


def is_unseen(entry: object) -> bool:
    return isinstance(entry, Import) and entry.kind is ImportKind.UNSEEN


def unseen_imports(block: ServerBlock) -> tuple[Import, ...]:
    """Unread imports in the block or its directives, in order."""
    return tuple(found for entry in block.body for found in _imports(entry) if is_unseen(found))


def _imports(entry: Directive | Import) -> tuple[Import, ...]:
    return (entry,) if isinstance(entry, Import) else entry.imports


def _may_be_overridden(block: ServerBlock, health: Health | Fault | None) -> bool:
    unseen = unseen_imports(block)
    if not unseen or not isinstance(health, Health) or health.value is None:
        return bool(unseen)
    holder = next(
        number
        for number, entry in enumerate(block.body)
        if isinstance(entry, Directive) and any(token is health.value for token in entry.tokens)
    )
    return any(is_unseen(found) for entry in block.body[holder:] for found in _imports(entry))
