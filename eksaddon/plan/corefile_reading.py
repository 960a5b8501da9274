"""Reads from a Corefile what a plan needs: lameducks by server block, and endpoints of probes."""

from functools import lru_cache

from eksaddon.corefile import ServerBlock, occurrences, parse
from eksaddon.corefile.meaning.health import Health
from eksaddon.corefile.meaning.resolve import BlockLameduck, lameducks
from eksaddon.corefile.syntax.tree import Corefile
from eksaddon.corefile.syntax.wording import cut
from eksaddon.frozen import dataclass
from eksaddon.rules.facts import CorefileFacts, Listener

HEALTH_DEFAULT, READY_DEFAULT = ":8080", ":8181"


@dataclass(frozen=True, slots=True)
class LabelledLameduck:
    """The effective lameduck of a server block.

    Attributes:
        label: Keys of the block, such as `.:53` or `a.org b.org`.
        text: As written; None if not set.
    """

    label: str
    text: str | None


@dataclass(frozen=True, slots=True)
class Reading:
    """A Corefile that CoreDNS's parser and its health plugin accept.

    Attributes:
        nanoseconds: Lameduck of each server block with `health`, in order.
    """

    blocks: tuple[LabelledLameduck, ...]
    nanoseconds: tuple[int, ...]
    health: tuple[Listener, ...]
    ready: tuple[Listener, ...]
    plugins: frozenset[str]
    may_be_overridden: bool


@dataclass(frozen=True, slots=True)
class Unparsable:
    """CoreDNS would reject the file.

    Attributes:
        message: CoreDNS's message.
        line: From 1; 0 if CoreDNS reports none.
    """

    message: str
    line: int = 0


@lru_cache(maxsize=512)  # a plan reads a text three times, and a fleet shares texts between versions
def read_corefile(text: str) -> Reading | Unparsable:
    corefile = parse(text)
    found = lameducks(corefile)
    fault = corefile.fault or found.fault
    if fault is not None:
        return Unparsable(cut(fault.text), fault.line)
    return _reading(corefile, found.blocks, may_be_overridden=found.may_be_overridden)


def lameduck_ns(reading: Reading) -> int:
    """What all `health` blocks sleep together."""
    return sum(max(0, one) for one in reading.nanoseconds)


def _reading(corefile: Corefile, blocks: tuple[BlockLameduck, ...], *, may_be_overridden: bool) -> Reading:
    served = corefile.blocks
    return Reading(
        blocks=tuple(LabelledLameduck(" ".join(one.block.keys), _written(one)) for one in blocks),
        nanoseconds=tuple(one.nanoseconds for one in blocks if one.has_health),
        health=_listeners(served, "health", HEALTH_DEFAULT),
        ready=_listeners(served, "ready", READY_DEFAULT),
        plugins=frozenset(name for block in served for name in block.groups),
        may_be_overridden=may_be_overridden,
    )


def _written(found: BlockLameduck) -> str | None:
    match found.health:
        case Health(value=value) if value is not None:
            return value.text
        case _:
            return None


def _listeners(blocks: tuple[ServerBlock, ...], plugin: str, default: str) -> tuple[Listener, ...]:
    found = []
    for block in blocks:
        if plugin in block.groups:
            addresses = [one.args[0].text for one in occurrences(block.groups[plugin]) if one.args]
            host, _, port = (addresses[-1] if addresses else default).rpartition(":")
            found.append(Listener(host.strip("[]"), port))
    return tuple(found)


def corefile_facts(before: Reading | None, after: Reading) -> CorefileFacts:
    return CorefileFacts(
        lameducks=after.nanoseconds,
        lameducks_before=before.nanoseconds if before else (),
        health=after.health,
        ready=after.ready,
        plugins=after.plugins,
        may_be_overridden=after.may_be_overridden,
    )
