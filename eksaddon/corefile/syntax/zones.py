"""Server block keys and zone arguments: which zones, ports and schemes CoreDNS makes of them.

Source: plugin/normalize.go, plugin/pkg/cidr, plugin/pkg/parse and core/dnsserver of CoreDNS 1.14.7,
IsDomainName of github.com/miekg/dns 1.1.72.
"""

import ipaddress
import re
import unicodedata
from collections.abc import Iterable, Mapping

from eksaddon.corefile.syntax.tokens import shown
from eksaddon.corefile.syntax.tree import Fault, FaultKind, ServerBlock
from eksaddon.corefile.syntax.versions import Version
from eksaddon.frozen import dataclass
from eksaddon.regex import regex

DEFAULT_PORTS = {
    "tls": "853",
    "dns": "53",
    "quic": "853",
    "grpc": "443",
    "https3": "443",
    "https": "443",
    "unix": "",
}
SCHEME_SINCE: Mapping[str, Version] = {"quic": (1, 11, 0), "unix": (1, 11, 0), "https3": (1, 13, 2)}
"""Those that older versions take for a part of the zone (source: plugin/pkg/transport of each tag)."""

_SCHEME = regex("(tls|dns|quic|grpc|https3|https|unix)://")
_PLAIN_NAME = regex(r"(?=.{1,253}\Z)[\w-]{1,63}(?:\.[\w-]{1,63})*\.?", re.ASCII)
"""Nearly all keys and zones: a text may have 100,000 of them, and they are what they stand for."""

_PORT = regex(r"[+-]?[0-9]+")
_LONGEST_ZONE = 255
_LONGEST_LABEL = 63
_LONGEST_NAME = 256
_INT64 = 1 << 63


@dataclass(frozen=True, slots=True)
class ZoneAddress:
    """What one server listens to, and for which zone.

    Attributes:
        zone: Lower case, with its final dot.
        port: Decimal digits without leading zeros.
        address: From `bind`; empty: all addresses.
    """

    scheme: str
    zone: str
    port: str
    address: str = ""

    def __str__(self) -> str:
        bound = f" on {self.address}" if self.address else ""
        return f"{self.scheme}://{self.zone}:{self.port}{bound}"


class ZoneError(ValueError):
    """CoreDNS's words about a key or zone that it does not accept."""


def zone_addresses(key: str) -> tuple[ZoneAddress, ...]:
    """What a server block's key stands for; more than one for a network that ends inside an octet.

    Raises:
        ZoneError: CoreDNS refuses the key.
    """
    if _PLAIN_NAME.fullmatch(key):
        return (ZoneAddress("dns", _dotted(key.lower()), DEFAULT_PORTS["dns"]),)
    scheme, rest = _split_scheme(key)
    hosts, port = _split_host_port(rest)
    for host in hosts:
        _split_host_port(_full(host))
    return tuple(ZoneAddress(scheme, _normal(host), port or DEFAULT_PORTS[scheme]) for host in hosts)


PLAIN_DOT_SINCE = (1, 11, 0)
"""First CoreDNS whose miekg/dns looks for backslashes only where a name has some (from v1.1.51 on)."""


def has_doubled_dot(zone: str) -> bool:
    """Whether CoreDNS before PLAIN_DOT_SINCE puts a second dot behind a zone's last one, and then refuses it.

    Its dns.IsFqdn counts the bytes from the last letter on; of a letter of two or four bytes, their number is
    the one of an escaped dot.
    """
    letters = zone.removesuffix(".").rstrip("\\")
    backslashes = len(zone.removesuffix(".")) - len(letters)
    width = len(shown(letters[-1]).encode()) if letters else 1
    return (backslashes + width) % 2 == 0


def normal_zones(text: str) -> tuple[str, ...]:
    """The zones that a plugin makes of an argument; none if it is not a zone."""
    if _PLAIN_NAME.fullmatch(text):
        return (_dotted(text.lower()),)
    try:
        hosts, _ = _split_host_port(_split_scheme(text)[1])
    except ZoneError:
        return ()
    return tuple(_normal(host) for host in hosts)


def find_key_fault(blocks: Iterable[ServerBlock]) -> Fault | None:
    """The first key that CoreDNS refuses before it sets up any plugin."""
    for block in blocks:
        for key, token in zip(block.keys, block.key_tokens, strict=True):
            try:
                zone_addresses(key)
            except ZoneError as error:
                return Fault(FaultKind.KEY, str(error), token=token)
    return None


def is_domain_name(text: str) -> bool:
    """Whether miekg/dns takes it for a name; nearly everything without empty or overlong labels is one."""
    if not text:
        return False
    name = _full(shown(text)).encode()
    if b"\\" in name:
        return _is_escaped_domain_name(name)
    if name == b".":
        return True
    labels = name[:-1].split(b".")
    return all(0 < len(label) <= _LONGEST_LABEL for label in labels) and len(name) <= _LONGEST_NAME


def _is_escaped_domain_name(name: bytes) -> bool:
    """The loop of IsDomainName, its treatment of escapes included."""
    offset = begin = at = 0
    was_dot = escaped = False
    while at < len(name):
        letter = name[at : at + 1]
        if letter == b"\\":
            escaped = not escaped
            if offset + 1 > _LONGEST_NAME:
                return False
            skipped = 3 if re.match(rb"[0-9]{3}", name[at + 1 : at + 4]) else 1
            at += skipped
            begin += skipped
            was_dot = False
        elif letter == b".":
            escaped = False
            length = at - begin
            if (at == 0 and len(name) > 1) or was_dot or length > _LONGEST_LABEL:
                return False
            was_dot = True
            offset += 1 + length
            if offset > _LONGEST_NAME:
                return False
            begin = at + 1
        else:
            escaped = was_dot = False
        at += 1
    return not escaped


def _split_scheme(key: str) -> tuple[str, str]:
    found = _SCHEME.match(key)
    return (found[1], key[found.end() :]) if found else ("dns", key)


def _split_host_port(text: str) -> tuple[tuple[str, ...], str]:
    """Zones and port; the port is empty if none is given."""
    host, colon, last = text.rpartition(":")
    if not last:
        raise ZoneError(f"expecting data after last colon: {go_quoted(text)}")
    port = _port(last) if colon else ""
    zone = host if port else text
    size = len(shown(zone).encode())
    if size > _LONGEST_ZONE:
        raise ZoneError(f"specified zone is too long: {size} > {_LONGEST_ZONE}")
    if not is_domain_name(zone):
        raise ZoneError(f"zone is not a valid domain name: {zone}")
    network = _network(zone)
    if network is None:
        return (zone,), port
    if zone.startswith(":") or (zone.startswith("0") and ":" in zone):
        raise ZoneError(f"invalid CIDR {zone}")
    return tuple(_reverse_zones(network)), port


def _port(text: str) -> str:
    if not _PORT.fullmatch(text) or len(text.lstrip("+-0")) > len(str(_INT64)):
        return ""
    digits = text.lstrip("+-").lstrip("0") or "0"
    number = -int(digits) if text.startswith("-") else int(digits)
    return str(number) if -_INT64 <= number < _INT64 else ""


_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _network(zone: str) -> _Network | None:
    address, slash, mask = zone.partition("/")
    if not slash or not mask.isascii() or not mask.isdigit() or "%" in address:
        return None
    try:
        return ipaddress.ip_network((address, int(mask)), strict=False)
    except ValueError:
        return None


def _reverse_zones(network: _Network) -> list[str]:
    """One zone for each network whose size is a whole number of labels."""
    bits_of_label = 8 if network.version == 4 else 4  # noqa: PLR2004
    whole = -(-network.prefixlen // bits_of_label) * bits_of_label
    labels = whole // bits_of_label
    of_address = network.max_prefixlen // bits_of_label
    return [
        ".".join(subnet.network_address.reverse_pointer.split(".")[of_address - labels :]) + "."
        for subnet in network.subnets(new_prefix=whole)
    ]


def _full(name: str) -> str:
    """With its final dot; an escaped one does not count.

    dns.IsFqdn tells an escape by counting bytes, those of the last letter before the backslashes included.
    """
    if not name.endswith("."):
        return name + "."
    letters = name[:-1].rstrip("\\")
    backslashes = len(name) - 1 - len(letters)
    width = len(shown(letters[-1]).encode()) if letters else 1
    return name + "." if backslashes and (backslashes + width) % 2 == 0 else name


def _dotted(name: str) -> str:
    return name if name.endswith(".") else f"{name}."


def _normal(name: str) -> str:
    """As strings.ToLower: letter by letter, without the context rules that Python's lower() has."""
    full = _full(name)
    return full.lower() if full.isascii() else "".join(letter.lower()[0] for letter in full)


def go_quoted(text: str) -> str:
    """As Go's %q."""
    return '"' + "".join(_go_letter(letter) for letter in shown(text)) + '"'


_NAMED = {"\a": r"\a", "\b": r"\b", "\f": r"\f", "\n": r"\n", "\r": r"\r", "\t": r"\t", "\v": r"\v"}
_NAMED |= {'"': r"\"", "\\": r"\\"}


def _go_letter(letter: str) -> str:
    if letter in _NAMED:
        return _NAMED[letter]
    if letter == " " or unicodedata.category(letter)[0] in "LMNPS":
        return letter
    code = ord(letter)
    if code < 0x20 or code == 0x7F:  # noqa: PLR2004 - ASCII control characters
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004 - outside the BMP
