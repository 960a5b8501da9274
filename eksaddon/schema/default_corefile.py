"""The Corefile that EKS ships where the add-on stores none."""

from dataclasses import dataclass

from eksaddon.schema.versions import AddonVersion

_FIRST_KNOWN = {(1, 9, 3): 6, (1, 10, 1): 3}
"""From these builds on the default has `ready` and a lameduck of 5s, as every later line.

Inferred from dates: the exact build is published nowhere (aws/containers-roadmap#2026)."""

_TEXT = """\
.:53 {
    errors
    health {
        lameduck 5s
      }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
      pods insecure
      fallthrough in-addr.arpa ip6.arpa
    }
    prometheus :9153
    forward . /etc/resolv.conf
    cache 30
    loop
    reload
    loadbalance
}
"""
"""Kubernetes 1.28 to 1.36; the odd place of one brace is EKS's own."""


@dataclass(frozen=True, slots=True)
class DefaultCorefile:
    text: str


@dataclass(frozen=True, slots=True)
class NoDefault:
    """The default of this version is not known for certain.

    Attributes:
        reason: One clause.
    """

    reason: str


def default_corefile(version: AddonVersion | None) -> DefaultCorefile | NoDefault:
    if version is None:
        return NoDefault("the add-on version has an unknown form")
    first = _FIRST_KNOWN.get(version.coredns)
    known = version.build >= first if first is not None else version.coredns > min(_FIRST_KNOWN)
    if known:
        return DefaultCorefile(_TEXT)
    return NoDefault(f"EKS's default Corefile of {version} is not known for certain")
