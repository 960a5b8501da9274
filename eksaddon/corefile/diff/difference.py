"""Compares two Corefiles as CoreDNS reads them.

The input of each server block's plugins is compared: imports and variables resolved, without comments and
layout. Order matters only if CoreDNS uses it: among occurrences of the same plugin, among arguments, and
among properties of the few plugins that read theirs in order.
Plugins themselves run in a fixed order.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from eksaddon.corefile.diff.statements import Block, Statement, Words, read_block
from eksaddon.corefile.syntax.parser import parse
from eksaddon.corefile.syntax.surroundings import STOCK, Surroundings
from eksaddon.corefile.syntax.tree import Fault, ServerBlock
from eksaddon.corefile.syntax.versions import NEWEST_KNOWN, Version
from eksaddon.frozen import dataclass


@dataclass(frozen=True, slots=True)
class DirectiveChange:
    """A changed directive of a server block.

    Attributes:
        before: All its occurrences; empty if it is new.
        after: All its occurrences; empty if it was removed.
    """

    name: str
    before: tuple[Statement, ...]
    after: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class BlockAdded:
    keys: Words
    directives: tuple[DirectiveChange, ...]


@dataclass(frozen=True, slots=True)
class BlockRemoved:
    keys: Words
    directives: tuple[DirectiveChange, ...]


@dataclass(frozen=True, slots=True)
class BlockChanged:
    """A server block in both Corefiles.

    Attributes:
        keys: Keys before.
        gained: New keys.
        lost: Removed keys.
    """

    keys: Words
    gained: Words
    lost: Words
    directives: tuple[DirectiveChange, ...]


BlockChange = BlockAdded | BlockRemoved | BlockChanged


@dataclass(frozen=True, slots=True)
class Difference:
    """The differences.

    Attributes:
        changes: By server block; empty if both Corefiles are equivalent.
    """

    changes: tuple[BlockChange, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.changes


@dataclass(frozen=True, slots=True)
class Incomparable:
    """CoreDNS rejects one or both.

    Attributes:
        before: Why it rejects the first; None if it does not.
        after: Why it rejects the second; None if it does not.
    """

    before: Fault | None
    after: Fault | None


Comparison = Difference | Incomparable


def compare(
    before: str, after: str, surroundings: Surroundings = STOCK, *, version: Version = NEWEST_KNOWN
) -> Comparison:
    """Compare two Corefiles.

    Args:
        surroundings: Files and variables; directives of any name are accepted.
        version: Version whose arguments and properties are compared.
    """
    any_name = replace(surroundings, directives=None)
    first, second = parse(before, any_name), parse(after, any_name)
    if first.fault is not None or second.fault is not None:
        return Incomparable(first.fault, second.fault)
    old, new = ([read_block(block, version) for block in each.blocks] for each in (first, second))
    return Difference(tuple(_changes(old, new)))


def _changes(old: Sequence[Block], new: Sequence[Block]) -> Iterator[BlockChange]:
    partners = _partners(old, new)
    for number, block in enumerate(old):
        partner = partners.get(number)
        if partner is None:
            yield BlockRemoved(block.keys, _directives(block.statements, {}))
        elif changed := _changed(block, new[partner]):
            yield changed
    taken = set(partners.values())
    for number, block in enumerate(new):
        if number not in taken:
            yield BlockAdded(block.keys, _directives({}, block.statements))


def same_block(one: ServerBlock, other: ServerBlock, version: Version = NEWEST_KNOWN) -> bool:
    """Whether two server blocks of valid Corefiles mean the same to CoreDNS."""
    return _changed(read_block(one, version), read_block(other, version)) is None


def _changed(old: Block, new: Block) -> BlockChanged | None:
    gained = tuple(key for key in new.keys if key not in old.keys)
    lost = tuple(key for key in old.keys if key not in new.keys)
    directives = _directives(old.statements, new.statements)
    return BlockChanged(old.keys, gained, lost, directives) if gained or lost or directives else None


def _directives(
    old: Mapping[str, tuple[Statement, ...]], new: Mapping[str, tuple[Statement, ...]]
) -> tuple[DirectiveChange, ...]:
    pairs = ((name, old.get(name, ()), new.get(name, ())) for name in dict.fromkeys([*old, *new]))
    return tuple(
        DirectiveChange(name, before, after)
        for name, before, after in pairs
        if [each.meaning for each in before] != [each.meaning for each in after]
    )


def _partners(old: Sequence[Block], new: Sequence[Block]) -> dict[int, int]:
    """Match old to new blocks: first by equal keys, then by any common key, in order."""
    partners: dict[int, int] = {}
    free = dict.fromkeys(range(len(new)))
    same: dict[Words, list[int]] = {}
    for number in reversed(free):
        same.setdefault(new[number].keys, []).append(number)
    for number, block in enumerate(old):
        if waiting := same.get(block.keys):
            partners[number] = waiting.pop()
            del free[partners[number]]
    holders: dict[str, list[int]] = {}
    for number in reversed(free):
        for key in new[number].keys:
            holders.setdefault(key, []).append(number)
    for number, block in enumerate(old):
        if number not in partners:
            found = next((holder for key in block.keys for holder in _last_free(holders, key, free)), None)
            if found is not None:
                partners[number] = found
                del free[found]
    return partners


def _last_free(holders: Mapping[str, list[int]], key: str, free: Mapping[int, None]) -> Iterator[int]:
    waiting = holders.get(key, [])
    while waiting and waiting[-1] not in free:
        waiting.pop()
    yield from waiting[-1:]
