"""What becomes of a query that is forwarded, as far as the pod itself is the upstream.

Source: plugin/forward, plugin/grpc and plugin/loop of CoreDNS 1.8.0 to 1.14.7.
"""

import ipaddress
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from eksaddon.corefile.plugins.values import is_ip, strip_port
from eksaddon.corefile.resolution.asked import Asked
from eksaddon.corefile.resolution.outcomes import (
    PASS,
    Answer,
    Answered,
    Failure,
    Outcome,
    Step,
    Unknown,
    ends,
)
from eksaddon.corefile.resolution.zones import longest
from eksaddon.corefile.syntax.dispenser import Occurrence
from eksaddon.corefile.syntax.tokens import Token
from eksaddon.corefile.syntax.zones import normal_zones

CLUSTER_DNS = frozenset({"10.100.0.10", "172.20.0.10"})
"""The cluster DNS Service's address in the two ranges that EKS chooses from (source: EKS user guide)."""

_DNS_PORT = "53"


def upstream(asked: Asked) -> Step:
    """The first `forward` whose zone covers the name, and which does not except it, has the last word."""
    for found in asked.found:
        if not _takes(found, asked.query.name):
            continue
        targets = found.args[1:]
        outcomes = [each for target in targets for each in _of_target(asked, found, target)]
        if len(targets) > 1:
            outcomes = [_partly(each) for each in outcomes]
        return ends(*outcomes)
    return PASS


@lru_cache(maxsize=4096)  # words are few in long Corefiles
def is_own_target(word: str) -> bool:
    """Whether an upstream of `forward` is the pod itself, or the cluster DNS Service."""
    host = strip_port(word.removeprefix("dns://")).strip("[]")
    return is_ip(host) and (host in CLUSTER_DNS or _is_own(host))


def _takes(found: Occurrence, name: str) -> bool:
    zone = normal_zones(found.args[0].text)[0]
    if longest([zone], name) is None:
        return False
    excepted = (arg.text for each in found.properties if each.name.text == "except" for arg in each.args)
    return name == zone or longest((part for word in excepted for part in normal_zones(word)), name) is None


def _of_target(asked: Asked, found: Occurrence, target: Token) -> Iterator[Outcome]:
    address = target.text.removeprefix("dns://")
    host = strip_port(address).strip("[]")
    if found.name.text != "forward" or "://" in address or not is_ip(host):
        yield Answered(target, found.name.text)
    elif host in CLUSTER_DNS:
        reason = f"`{host}` is usually the address of the cluster DNS Service itself: a loop"
        advice = "Forward to the VPC resolver: `forward . /etc/resolv.conf`."
        yield Failure("forward-loop", Answer.NOTHING, target, reason, advice, is_certain=False, is_own=True)
    elif _is_own(host):
        yield from _of_pod(asked, target, _port(address, host))
    else:
        yield Answered(target, found.name.text)


def _is_own(host: str) -> bool:
    address = ipaddress.ip_address(host)
    return address.is_loopback or address.is_unspecified


def _port(address: str, host: str) -> str:
    port = address.rpartition(":")[2]
    return _DNS_PORT if address.strip("[]") == host else port


def _of_pod(asked: Asked, target: Token, port: str) -> Iterator[Outcome]:
    outcomes = asked.of_pod(port)
    if outcomes is None:
        reason = f"no server block of this Corefile listens on port {port} of the pod"
        advice = "The add-on's pods run CoreDNS alone; forward to a server outside of the pod."
        yield Failure("forward-unreachable", Answer.SERVFAIL, target, reason, advice, is_certain=False)
    elif not outcomes:
        reason = "the query is forwarded to this CoreDNS itself"
        reason += ", which exits because of `loop`" if "loop" in asked.block.groups else ", in a loop"
        advice = "Forward to the VPC resolver: `forward . /etc/resolv.conf`."
        yield Failure("forward-loop", Answer.NOTHING, target, reason, advice)
    else:
        yield from outcomes


def _partly(outcome: Outcome) -> Outcome:
    """For one of several upstreams: it gets some of the queries."""
    match outcome:
        case Failure(rule="forward-loop"):
            return replace(outcome, is_certain=False, is_own=True)
        case Failure(rule="forward-unreachable"):
            return Unknown()
        case _:
            return outcome
