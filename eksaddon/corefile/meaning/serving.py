"""Finds server blocks by key, and overlaps that CoreDNS rejects.

Source: MakeServers, groupConfigsByListenAddr and validateZonesAndListeningAddresses in
core/dnsserver/register.go and the setup of plugin/bind, CoreDNS 1.14.7.
"""

import ipaddress
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from eksaddon.corefile.syntax.dispenser import occurrences
from eksaddon.corefile.syntax.tokens import Token
from eksaddon.corefile.syntax.tree import Corefile, Fault, FaultKind, ServerBlock
from eksaddon.corefile.syntax.versions import NEWEST_KNOWN, Version
from eksaddon.corefile.syntax.zones import SCHEME_SINCE, ZoneAddress, ZoneError, zone_addresses

CLUSTER_DNS = ZoneAddress("dns", ".", "53")
_HIGHEST_PORT = 65_535
VIEW_ANYWHERE: Version = (1, 14, 3)
"""From here on a block with `view` may follow one without for the same zone; before, it must come first."""


def served(block: ServerBlock) -> tuple[ZoneAddress, ...]:
    """All zones of a block, `bind` aside; keys that CoreDNS rejects are omitted."""
    return tuple(address for address, _ in _keyed(block))


def main_block(corefile: Corefile) -> ServerBlock | None:
    """The block that answers the cluster: `.` on port 53, else the first; None where there is no block."""
    for block in corefile.blocks:
        if CLUSTER_DNS in served(block):
            return block
    return next(iter(corefile.blocks), None)


def matching_blocks(corefile: Corefile, selector: str) -> tuple[ServerBlock, ...]:
    """The blocks that a user means by a key, however it is written, or by a number as in `#2`, from 1."""
    blocks = corefile.blocks
    if selector.startswith("#"):
        number = selector[1:]
        is_block = number.isascii() and number.isdigit() and 0 < int(number[:9]) <= len(blocks)
        return (blocks[int(number[:9]) - 1],) if is_block else ()
    try:
        wanted = set(zone_addresses(selector))
    except ZoneError:
        return ()
    return tuple(block for block in blocks if wanted & set(served(block)))


def find_serving_fault(corefile: Corefile, version: Version = NEWEST_KNOWN) -> Fault | None:
    """What CoreDNS refuses after all plugins are set up: a port that is none, a zone served twice, and so on.

    A `bind` to the name of an interface cannot be judged without the machine, and is passed over.
    """
    places = [place for block in corefile.blocks for place in _bound(block)]
    for place in places:
        port = place.address.port
        if port and not 0 <= int(port) <= _HIGHEST_PORT:
            return Fault(FaultKind.SERVING, f"address {port}: invalid port", token=place.key)
    open_doh3 = _find_open_doh3(places) if version >= SCHEME_SINCE["https3"] else None
    return open_doh3 or _find_overlap(places, version)


class _Place(NamedTuple):
    """Attributes: is_filtered: By a `view`; others may then serve the same."""

    address: ZoneAddress
    key: Token
    is_filtered: bool
    has_tls: bool


def _find_open_doh3(places: Sequence[_Place]) -> Fault | None:
    listeners = [(place, (place.address.port, place.address.address)) for place in places]
    listeners = [(place, listener) for place, listener in listeners if place.address.scheme == "https3"]
    secured = {listener for place, listener in listeners if place.has_tls}
    for place, listener in listeners:
        if listener not in secured:
            return Fault(FaultKind.SERVING, "DoH3 requires TLS, no TLS config found", token=place.key)
    return None


def _find_overlap(places: Sequence[_Place], version: Version) -> Fault | None:
    registered: set[ZoneAddress] = set()
    by_zone: dict[ZoneAddress, ZoneAddress] = {}
    for address, key, is_filtered, _ in places:
        anywhere = replace(address, address="")
        if address in registered and not (is_filtered and version >= VIEW_ANYWHERE):
            message = f"cannot serve {address} - it is already defined"
            return Fault(FaultKind.SERVING, message, token=key)
        other = _overlapping(address, anywhere, registered, by_zone)
        if address not in registered and other is not None:
            message = f"cannot serve {address} - zone overlap listener capacity with {other}"
            return Fault(FaultKind.SERVING, message, token=key)
        if not is_filtered:
            registered.add(address)
            by_zone[anywhere] = address
    return None


def _overlapping(
    address: ZoneAddress,
    anywhere: ZoneAddress,
    registered: set[ZoneAddress],
    by_zone: dict[ZoneAddress, ZoneAddress],
) -> ZoneAddress | None:
    """Bound both to an address and to all addresses."""
    if anywhere not in by_zone:
        return None
    if not address.address:
        return by_zone[anywhere]
    return anywhere if anywhere in registered else None


def _bound(block: ServerBlock) -> Iterator[_Place]:
    hosts = _bind_addresses(block)
    for address, key in _keyed(block):
        is_filtered = "view" in block.groups and address.scheme != "unix"  # which has no server to filter for
        for host in hosts:
            bound = replace(address, address=host) if host else address
            yield _Place(bound, key, is_filtered, "tls" in block.groups)


def _keyed(block: ServerBlock) -> Iterator[tuple[ZoneAddress, Token]]:
    for key, token in zip(block.keys, block.key_tokens, strict=True):
        try:
            for address in zone_addresses(key):
                yield address, token
        except ZoneError:
            continue


def _bind_addresses(block: ServerBlock) -> tuple[str, ...]:
    """One empty address without `bind`; none where an interface is named."""
    if "bind" not in block.groups:
        return ("",)
    addresses: list[str] = []
    for occurrence in occurrences(block.groups["bind"]):
        excepted = {word.text for each in occurrence.properties[-1:] for word in each.args}
        addresses += [word.text for word in occurrence.args if word.text not in excepted]
    return tuple(addresses) if all(_is_ip(address) for address in addresses) else ()


def _is_ip(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
