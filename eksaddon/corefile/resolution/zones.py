"""Which zones a plugin serves, and which names they cover.

Source: plugin/normalize.go and plugin/pkg/fall of CoreDNS 1.14.7.
"""

from collections.abc import Iterable, Sequence

from eksaddon.corefile.syntax.dispenser import Occurrence
from eksaddon.corefile.syntax.tokens import Token
from eksaddon.corefile.syntax.tree import ServerBlock
from eksaddon.corefile.syntax.zones import normal_zones

ROOT = "."


def covers(zone: str, name: str) -> bool:
    return zone in (ROOT, name) or name.endswith(f".{zone}")


def longest(zones: Iterable[str], name: str) -> str | None:
    """The most specific zone that covers a name."""
    return max((zone for zone in zones if covers(zone, name)), key=len, default=None)


def origins(args: Sequence[Token], block: ServerBlock) -> tuple[str, ...]:
    """The zones of a directive: its arguments, or those of its server block."""
    words = [arg.text for arg in args] or list(block.keys)
    return tuple(zone for word in words for zone in normal_zones(word))


def falls_through(occurrence: Occurrence, name: str) -> bool:
    """Whether the last `fallthrough` of a directive lets a name pass."""
    found = [each for each in occurrence.properties if each.name.text == "fallthrough"]
    if not found:
        return False
    words = [arg.text for arg in found[-1].args] or [ROOT]
    return longest((zone for word in words for zone in normal_zones(word)), name) is not None
