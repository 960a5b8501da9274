"""Names for the arguments on a directive's line that have a fixed place.

Source: the README of each plugin, whose syntax section names them, CoreDNS 1.14.7.
"""

from collections.abc import Mapping
from types import MappingProxyType

from eksaddon.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of an argument.

    Attributes:
        start: Index of its first word.
        is_rest: Whether it is everything from there on, and not one word.
        before: The words that precede it in a directive that does not exist yet.
        is_number: It may be missing, and is present only where a number stands.
    """

    start: int = 0
    is_rest: bool = False
    before: tuple[str, ...] = ()
    is_number: bool = False


SLOTS: Mapping[tuple[str, str], Slot] = MappingProxyType({
    ("bufsize", "size"): Slot(),
    ("cache", "ttl"): Slot(is_number=True),
    ("forward", "from"): Slot(),
    ("forward", "to"): Slot(1, is_rest=True, before=(".",)),
    ("health", "address"): Slot(),
    ("kubernetes", "zones"): Slot(is_rest=True),
    ("loadbalance", "policy"): Slot(),
    ("prometheus", "address"): Slot(),
    ("ready", "address"): Slot(),
    ("reload", "interval"): Slot(),
    ("reload", "jitter"): Slot(1, before=("30s",)),
})  # fmt: skip
"""By directive and name; none of these names is a property of the directive."""
