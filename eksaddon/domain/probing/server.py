"""DNS servers as they are named on the command line and in the fleet file."""

import ipaddress

from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.selection import ClusterPattern, read_cluster_pattern
from eksaddon.domain.target import ClusterRef
from eksaddon.frozen import dataclass
from eksaddon.regex import regex

DEFAULT_PORT = 53
MOST_PORT = 65_535

_WORD = r"[^:\[\]]*"
_PLACE = regex(
    rf"(?:\[(?P<bracketed>[^\[\]]*)\]|(?P<plain>{_WORD}))(?::(?P<port>[0-9]{{1,5}}))?"
    rf"|(?P<bare>{_WORD}:[^\[\]]*:[^\[\]]*)"
)
_USAGE = "examples: 10.0.0.10, 10.0.0.10:53, [fd00::a]:53, CLUSTER=10.0.0.10"


@dataclass(frozen=True, slots=True)
class DnsServer:
    """Where lookups go.

    Attributes:
        address: An IP address: a probe of DNS cannot rest on DNS.
        clusters: Those that it answers for; None for all.
    """

    address: str
    port: int = DEFAULT_PORT
    clusters: ClusterPattern | None = None

    def answers_for(self, ref: ClusterRef, account_name: str) -> bool:
        return self.clusters is None or self.clusters.matches(ref, account_name)


def read_server(text: str) -> DnsServer:
    """Read `[CLUSTER=]ADDRESS[:PORT]`.

    Raises:
        EksdnsError: It is none.
    """
    pattern, _, place = text.rpartition("=")
    clusters = read_cluster_pattern(pattern) if pattern else None
    if pattern and clusters is None:
        raise _usage(f"invalid cluster name {pattern!r}")
    found = _PLACE.fullmatch(place)
    if found is None:
        raise _usage(f"invalid address {place!r}")
    address = found["bracketed"] or found["plain"] or found["bare"] or ""
    port = int(found["port"]) if found["port"] else DEFAULT_PORT
    try:
        ipaddress.ip_address(address)
    except ValueError:
        raise _usage(f"{address!r} is not an IP address") from None
    if not 1 <= port <= MOST_PORT:
        raise _usage(f"{port} is not a port from 1 to {MOST_PORT}")
    return DnsServer(address, port, clusters)


def _usage(message: str) -> EksdnsError:
    return EksdnsError(message, hint=_USAGE, exit_code=ExitCode.USAGE)
