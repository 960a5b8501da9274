"""Which server block gets a query, and what its plugins make of it.

Source: Server.ServeDNS in core/dnsserver/server.go and groupConfigsByListenAddr in register.go, CoreDNS
1.8.0 to 1.14.7.
"""

import ipaddress
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from functools import partial
from itertools import islice

from eksaddon.corefile.meaning.serving import served
from eksaddon.corefile.resolution.asked import Asked
from eksaddon.corefile.resolution.outcomes import Answer, Failure, Outcome, Unknown
from eksaddon.corefile.resolution.plugins import HANDLERS, LAST, LOOKS_ON, SERVES_NOTHING, in_order
from eksaddon.corefile.resolution.queries import Query, other_reverse, stock_queries, zone_query
from eksaddon.corefile.resolution.upstreams import is_own_target
from eksaddon.corefile.resolution.zones import ROOT
from eksaddon.corefile.syntax.dispenser import Occurrence, occurrences
from eksaddon.corefile.syntax.tokens import Token
from eksaddon.corefile.syntax.tree import Corefile, ServerBlock
from eksaddon.corefile.syntax.versions import Version
from eksaddon.frozen import dataclass

SERVICE_PORT = "53"
"""Where the cluster DNS Service sends queries over UDP and TCP (source: the add-on's Service)."""

_EVERYWHERE = ""

_FILE_REFUSES: Version = (1, 12, 3)
"""From here on `file` and `auto` refuse what no plugin after them could answer (source: release notes)."""

_MOST_SUSPECTS = 1000
"""Server blocks whose zones are asked for, from the first one on."""

_MOST_HOPS = 4
"""Ports of one pod that a query is followed through."""


@dataclass(frozen=True, slots=True)
class _Served:
    """A zone of a server block at a listener.

    Attributes:
        host: From `bind`; empty without.
    """

    zone: str
    port: str
    host: str
    key: Token
    block: ServerBlock


Listeners = Mapping[str, Mapping[str, Sequence[_Served]]]
"""What is served by address, then by zone; in the order of the text."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """Attributes: outcomes: All that are possible; never empty."""

    query: Query
    outcomes: tuple[Outcome, ...]


def resolve(corefile: Corefile, version: Version) -> tuple[Resolved, ...]:
    """The stock queries at the Service's port; of a Corefile that has server blocks and no fault."""
    servers = _Servers(_listeners(corefile), corefile.blocks[0], version)
    return tuple(Resolved(query, servers.at_service(query)) for query in stock_queries(corefile))


def resolve_other_range(corefile: Corefile, version: Version) -> tuple[Resolved, ...]:
    """The reverse lookup of a Service in EKS's other range, where `kubernetes` serves it."""
    query = other_reverse(corefile)
    if query is None:
        return ()
    servers = _Servers(_listeners(corefile), corefile.blocks[0], version)
    return (Resolved(query, servers.at_service(query)),)


def resolve_zones(corefile: Corefile, version: Version) -> tuple[Resolved, ...]:
    """A name of each zone whose server block has no plugin that answers, or forwards to the pod itself.

    Whether other zones are answered depends on data.
    """
    suspects = {id(block) for block in islice(filter(_is_suspect, corefile.blocks), _MOST_SUSPECTS)}
    if not suspects:
        return ()
    listeners = _listeners(corefile)
    at_port = listeners.get(SERVICE_PORT, {})
    served = (one for zones in at_port.values() for ones in zones.values() for one in ones)
    asked = [zone_query(one.zone) for one in served if one.zone != ROOT and id(one.block) in suspects]
    servers = _Servers(listeners, corefile.blocks[0], version)
    return tuple(Resolved(query, servers.at_service(query)) for query in dict.fromkeys(asked))


def _is_suspect(block: ServerBlock) -> bool:
    answers = set(block.groups) - SERVES_NOTHING - LOOKS_ON
    return not answers or any(is_own_target(word.text) for word in block.groups.get("forward", ()))


def _listeners(corefile: Corefile) -> Mapping[str, Listeners]:
    """By port."""
    found: dict[str, dict[str, dict[str, list[_Served]]]] = {}
    for one in _all_served(corefile):
        at_port = found.setdefault(one.port, {})
        at_port.setdefault(one.host, {}).setdefault(one.zone, []).append(one)
    return found


def _all_served(corefile: Corefile) -> Iterator[_Served]:
    for block in corefile.blocks:
        hosts = _hosts(block)
        for address in served(block):
            if address.scheme == "dns":
                for host in hosts:
                    yield _Served(address.zone, address.port, host, block.key_tokens[0], block)


def _hosts(block: ServerBlock) -> tuple[str, ...]:
    if "bind" not in block.groups:
        return (_EVERYWHERE,)
    found = occurrences(block.groups["bind"])
    excepted = {word.text for each in found for one in each.properties for word in one.args}
    return tuple(word.text for each in found for word in each.args if word.text not in excepted)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "lo"


def _is_everywhere(host: str) -> bool:
    return host in {_EVERYWHERE, "0.0.0.0", "::"}  # noqa: S104  # compared with, not bound to


def _is_one_address(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class _Servers:
    """Attributes: first: The server block that is named where none serves a query."""

    listeners: Mapping[str, Listeners]
    first: ServerBlock
    version: Version
    _read: dict[tuple[int, str], tuple[Occurrence, ...]] = field(default_factory=dict)

    def at_service(self, query: Query) -> tuple[Outcome, ...]:
        at_port = self.listeners.get(SERVICE_PORT)
        if at_port is None:
            return (_no_port(self.first),)
        hosts = [host for host in at_port if not _is_loopback(host)]
        if not hosts:
            return (_loopback_only(_any(at_port)),)
        seen = frozenset({SERVICE_PORT})
        outcomes = [found for host in hosts for found in self._at(at_port[host], query, seen)]
        if all(_is_one_address(host) for host in hosts):
            outcomes.append(_one_address(_any(at_port)))
        return tuple(dict.fromkeys(outcomes))

    def _of_pod(self, query: Query, seen: frozenset[str], port: str) -> tuple[Outcome, ...] | None:
        """At the loopback interface: nothing where it comes back to a port that has seen the query."""
        at_port = self.listeners.get(port, {})
        hosts = [host for host in at_port if _is_loopback(host) or _is_everywhere(host)]
        if not hosts:
            return None
        if port in seen:
            return ()
        if len(seen) == _MOST_HOPS:
            return (Unknown(),)
        return tuple(found for host in hosts for found in self._at(at_port[host], query, seen | {port}))

    def _at(
        self, zones: Mapping[str, Sequence[_Served]], query: Query, seen: frozenset[str]
    ) -> tuple[Outcome, ...]:
        """At one listener: the most specific zone, with those that a `view` may pass by."""
        outcomes: list[Outcome] = []
        for zone in _zones_of(query.name):
            for one in zones.get(zone, ()):
                if not set(one.block.groups) - SERVES_NOTHING:
                    return (*outcomes, _empty_block(one))
                outcomes += self._chain(one, query, seen)
                if "view" not in one.block.groups:
                    return tuple(outcomes)
        return (*outcomes, _no_zone(next(iter(zones.values()))[0], query))

    def _chain(self, served: _Served, query: Query, seen: frozenset[str]) -> list[Outcome]:
        block = served.block
        outcomes: list[Outcome] = []
        if set(block.groups) - SERVES_NOTHING - LOOKS_ON - set(HANDLERS):
            outcomes.append(Unknown())  # of another build, or of an older CoreDNS
        for name in in_order(self.version):
            if name in block.groups:
                found = self._occurrences(block, name)
                step = HANDLERS[name](
                    Asked(query, block, found, self.version, partial(self._of_pod, query, seen))
                )
                outcomes += step.outcomes
                if not step.passes:
                    return outcomes
        return [*outcomes, _end(served, self.version)]

    def _occurrences(self, block: ServerBlock, name: str) -> tuple[Occurrence, ...]:
        """Of one directive; read once for all queries."""
        key = id(block), name
        if key not in self._read:
            self._read[key] = occurrences(block.groups[name])
        return self._read[key]


def _any(listeners: Listeners) -> _Served:
    return next(iter(next(iter(listeners.values())).values()))[0]


def _zones_of(name: str) -> Iterator[str]:
    """From the name itself up to the root."""
    while name:
        yield name
        name = name.partition(".")[2]
    yield ROOT


def _no_port(block: ServerBlock) -> Failure:
    reason = f"no server block serves plain DNS on port {SERVICE_PORT}, where the Service sends queries"
    return Failure("dns-port", Answer.NOTHING, block.key_tokens[0], reason, f"Serve `.:{SERVICE_PORT}`.")


def _loopback_only(one: _Served) -> Failure:
    reason = f"`bind {one.host}` serves port {SERVICE_PORT} inside of the pod only"
    return Failure("bind-unreachable", Answer.NOTHING, one.key, reason, "Remove `bind`.")


def _one_address(one: _Served) -> Failure:
    reason = f"`bind {one.host}` names one address, and a pod's address is not known in advance"
    return Failure(
        "bind-unreachable", Answer.NOTHING, one.key, reason, "Remove `bind`.", is_certain=False, is_own=True
    )


def _empty_block(one: _Served) -> Failure:
    reason = "no plugin of this server block answers queries"
    return Failure("no-answer", Answer.REFUSED, one.key, reason, "Add a plugin that answers, as `forward`.")


def _no_zone(one: _Served, query: Query) -> Failure:
    reason = f"no server block on port {one.port} has a zone for it"
    advice = f"Add `forward . /etc/resolv.conf` in a server block `.:{one.port}`."
    if query.domain:
        advice = f"Add `kubernetes {query.domain.rstrip('.')}` in a server block for it."
    return Failure("no-zone", Answer.REFUSED, one.key, reason, advice)


def _end(one: _Served, version: Version) -> Failure:
    last = next((name for name in reversed(LAST) if name in one.block.groups), "")
    refuses = last in {"file", "auto"} and version >= _FILE_REFUSES
    answer = Answer.REFUSED if refuses else Answer.SERVFAIL
    reason = "no plugin of this server block answers it"
    return Failure("no-answer", answer, one.key, reason, "Add a plugin that answers, as `forward`.")
