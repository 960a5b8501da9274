"""What a Corefile comes to, imports and order included: the lameduck of each block and of the process."""

from dataclasses import dataclass

from eksaddon.corefile.meaning.health import Health, read_health
from eksaddon.corefile.syntax.tokens import Import, ImportKind
from eksaddon.corefile.syntax.tree import Corefile, Directive, Fault, ServerBlock


@dataclass(frozen=True, slots=True)
class BlockLameduck:
    """The lameduck of one server block.

    Attributes:
        health: None where the block has no health; a fault where CoreDNS refuses it.
        may_be_overridden: An import that cannot be seen comes later and may hold another one.
    """

    block: ServerBlock
    health: Health | Fault | None
    may_be_overridden: bool

    @property
    def has_health(self) -> bool:
        return self.health is not None

    @property
    def nanoseconds(self) -> int:
        """How long CoreDNS waits for this block when it stops."""
        return self.health.effective if isinstance(self.health, Health) else 0


@dataclass(frozen=True, slots=True)
class Lameducks:
    """All server blocks that CoreDNS keeps, in order; the process waits for them one after the other.

    Attributes:
        may_be_overridden: One of the blocks may be, or an unseen import may bring further blocks.
    """

    blocks: tuple[BlockLameduck, ...]
    may_be_overridden: bool

    @property
    def total(self) -> int:
        """Nanoseconds of the whole process: the blocks add up (measured on CoreDNS 1.14.7)."""
        return sum(each.nanoseconds for each in self.blocks)

    @property
    def fault(self) -> Fault | None:
        return next((each.health for each in self.blocks if isinstance(each.health, Fault)), None)


def lameducks(corefile: Corefile, filename: str = "Corefile") -> Lameducks:
    """The effective lameducks; of a Corefile with a fault, those in front of it."""
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
    """Those in the block or in one of its directives, in order."""
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
