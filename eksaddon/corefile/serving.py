"""Which server block serves what: finding one by its key, and the overlaps that CoreDNS refuses.

Source: MakeServers, groupConfigsByListenAddr and validateZonesAndListeningAddresses in
core/dnsserver/register.go and the setup of plugin/bind, CoreDNS 1.14.7.
"""

import ipaddress
from collections.abc import Iterator
from dataclasses import replace

from eksaddon.corefile.dispenser import occurrences
from eksaddon.corefile.tokens import Token
from eksaddon.corefile.tree import Corefile, Fault, FaultKind, ServerBlock
from eksaddon.corefile.zones import ZoneAddress, ZoneError, zone_addresses

CLUSTER_DNS = ZoneAddress("dns", ".", "53")
_HIGHEST_PORT = 65_535


def served(block: ServerBlock) -> tuple[ZoneAddress, ...]:
    """All zones of a block, `bind` aside; keys that CoreDNS refuses are left out."""
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


def find_serving_fault(corefile: Corefile) -> Fault | None:
    """What CoreDNS refuses after all plugins are set up: a port that is none, a zone served twice.

    A `bind` to the name of an interface cannot be judged without the machine, and is passed over.
    """
    places = [place for block in corefile.blocks for place in _bound(block)]
    for address, token, _ in places:
        if address.port and not 0 <= int(address.port) <= _HIGHEST_PORT:
            return Fault(FaultKind.SERVING, f"address {address.port}: invalid port", token=token)
    return _find_overlap(places)


_Place = tuple[ZoneAddress, Token, bool]
"""Where a key is served, the key, and whether a `view` filters it."""


def _find_overlap(places: list[_Place]) -> Fault | None:
    registered: set[ZoneAddress] = set()
    by_zone: dict[ZoneAddress, ZoneAddress] = {}
    for address, token, filtered in places:
        anywhere = replace(address, address="")
        if address in registered and not filtered:
            message = f"cannot serve {address} - it is already defined"
            return Fault(FaultKind.SERVING, message, token=token)
        other = _overlapping(address, anywhere, registered, by_zone)
        if address not in registered and other is not None:
            message = f"cannot serve {address} - zone overlap listener capacity with {other}"
            return Fault(FaultKind.SERVING, message, token=token)
        if not filtered:
            registered.add(address)
            by_zone[anywhere] = address
    return None


def _overlapping(
    address: ZoneAddress,
    anywhere: ZoneAddress,
    registered: set[ZoneAddress],
    by_zone: dict[ZoneAddress, ZoneAddress],
) -> ZoneAddress | None:
    """Bound to an address and to all addresses at once."""
    if anywhere not in by_zone:
        return None
    if not address.address:
        return by_zone[anywhere]
    return anywhere if anywhere in registered else None


def _bound(block: ServerBlock) -> Iterator[_Place]:
    hosts = _bind_addresses(block)
    has_view = "view" in block.groups
    for number, (address, token) in enumerate(_keyed(block)):
        for host in hosts:  # CoreDNS filters by `view` only what the first key serves
            yield replace(address, address=host), token, has_view and number == 0


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
        excepted = {word.text for each in occurrence.properties for word in each.args}
        addresses += [word.text for word in occurrence.args if word.text not in excepted]
    return tuple(addresses) if all(_is_ip(address) for address in addresses) else ()


def _is_ip(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
