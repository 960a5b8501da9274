"""Where forward and grpc may send queries, by version.

Source: plugin/forward, plugin/grpc and plugin/pkg/parse of github.com/coredns/coredns, 1.8.0 to 1.14.7.
"""

from collections.abc import Sequence

from eksaddon.corefile.meaning.durations import NotADuration, parse_duration
from eksaddon.corefile.plugins.values import SECOND, is_ip, is_mistyped_ip, strip_ip_zone, strip_port
from eksaddon.corefile.plugins.vocabulary import Properties, Wrong
from eksaddon.corefile.syntax.versions import FIRST, Version
from eksaddon.corefile.syntax.zones import SCHEME_SINCE, is_domain_name, normal_zones
from eksaddon.regex import regex

MOST_UPSTREAMS = 15
"""`max` in plugin/forward and plugin/grpc."""

_SCHEME = regex(r"(tls|dns|quic|grpc|https3|https|unix)://")


def forward_to(args: Sequence[str], version: Version) -> Wrong | None:
    if version >= (1, 8, 4) and not normal_zones(args[0]):
        return Wrong(0, "is not a zone")
    for index, arg in enumerate(args[1:], start=1):
        if problem := _forward_problem(arg, version):
            return Wrong(index, problem)
    return _too_many(args) or _no_server(args)


def _no_server(args: Sequence[str]) -> Wrong | None:
    if len(args) > 1 and DIRECTORIES.issuperset(args[1:]):
        return Wrong(1, "is a directory, which names no server")
    return None


def _too_many(args: Sequence[str]) -> Wrong | None:
    if len(args) <= MOST_UPSTREAMS + 1:
        return None
    return Wrong(MOST_UPSTREAMS + 1, f"exceeds the limit of {MOST_UPSTREAMS} upstreams")


def _forward_problem(text: str, version: Version) -> str:
    scheme, address = _split_scheme(text, version)
    if not address:
        return "has no address"
    if "://" in address:
        return "starts with a protocol that this version does not support"
    if _may_be_file(scheme, address):
        return "must not have a path" if scheme == "https" and version >= (1, 14, 5) else ""
    allowed = ("", "dns", "tls", "https") if version >= (1, 14, 5) else ("", "dns", "tls")
    if scheme not in allowed:
        unread = scheme == "https3" and _is_literal(address)
        return "" if unread else f"is not supported: this version cannot forward to `{scheme}://`"
    return "" if _is_literal(address) else _host_problem(address, version)


def _may_be_file(scheme: str, address: str) -> bool:
    """A path: what it holds cannot be known here."""
    if address in DIRECTORIES:
        return True
    return scheme != "unix" and ("/" in address if scheme != "https" else address.startswith("/"))


DIRECTORIES = frozenset({".", ".."})
"""Opened as a file of name servers, they hold none, and CoreDNS does not complain."""


def _is_literal(address: str) -> bool:
    return is_ip(strip_ip_zone(strip_port(address).strip("[]")))


def _host_problem(address: str, version: Version) -> str:
    if version < (1, 14, 4):
        return "is neither an IP address nor a file; host names are supported since CoreDNS 1.14.4"
    if is_mistyped_ip(strip_port(address)):
        return "is not a valid IP address"
    known = "/" not in address and is_domain_name(strip_port(address).strip("[]"))
    return "" if known else "is neither an address nor a host name"


def _split_scheme(text: str, version: Version) -> tuple[str, str]:
    found = _SCHEME.match(text)
    if found is None or version < SCHEME_SINCE.get(found[1], FIRST):
        return "", text
    return found[1], text[found.end() :]


def grpc_to(args: Sequence[str], version: Version) -> Wrong | None:
    if version >= (1, 9, 1) and not normal_zones(args[0]):
        return Wrong(0, "is not a zone")
    for index, arg in enumerate(args[1:], start=1):
        scheme, address = _split_scheme(arg, version)
        is_path = address in DIRECTORIES or ("/" in address and "://" not in address)
        if scheme != "unix" and not is_path and not _is_literal(address):
            return Wrong(index, "is neither an IP address nor a file")
    return _too_many(args) or _no_server(args)


def forward_block(_args: Sequence[str], properties: Properties, _zones: Sequence[str]) -> str:
    """`max_age` must reach `expire`, which is 10s unless set."""
    age, expire = _last_duration(properties, "max_age", 0), _last_duration(properties, "expire", 10 * SECOND)
    return "has a `max_age` below its `expire`, which is 10s unless set" if 0 < age < expire else ""


def _last_duration(properties: Properties, name: str, default: int) -> int:
    given = properties.get(name, ())
    found = parse_duration(given[-1][0]) if given else default
    return default if isinstance(found, NotADuration) else found
