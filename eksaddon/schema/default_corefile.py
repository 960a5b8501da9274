"""EKS's default Corefile, which applies if the add-on's configuration has none."""

from enum import StrEnum

from eksaddon.frozen import dataclass
from eksaddon.schema.groups import KNOWN_VERSIONS
from eksaddon.schema.versions import AddonVersion


class Certainty(StrEnum):
    DOCUMENTED = "documented"
    """Observed on clusters of a Kubernetes version that supports this add-on version."""
    INFERRED = "inferred"
    """Inferred from the release date or from neighbouring versions."""


@dataclass(frozen=True, slots=True)
class DefaultCorefile:
    text: str
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class NoDefault:
    """The default Corefile of this version is unknown.

    Attributes:
        reason: A clause for messages.
    """

    reason: str


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
"""As preinstalled by EKS on Kubernetes 1.28 to 1.36; the misplaced brace is EKS's."""

_FIRST_INFERRED = {(1, 9, 3): 5, (1, 10, 1): 2}
"""`ready` and the lameduck came with these builds or the next ones, in mid 2023: a cluster of May 2023 had
neither (aws/containers-roadmap#2026). The exact build is not published.
"""

_FIRST_DOCUMENTED = AddonVersion((1, 10, 1), 4)
"""The default of Kubernetes 1.28."""


def default_corefile(version: AddonVersion | None) -> DefaultCorefile | NoDefault:
    """EKS's default Corefile of an add-on version; None stands for a version in an unknown format."""
    if version is None:
        return NoDefault("unknown add-on version format")
    if version in KNOWN_VERSIONS and version >= _FIRST_DOCUMENTED:
        return DefaultCorefile(_TEXT, Certainty.DOCUMENTED)
    if _is_same_generation(version):
        return DefaultCorefile(_TEXT, Certainty.INFERRED)
    return NoDefault(f"EKS's default Corefile of {version} is not known")


def _is_same_generation(version: AddonVersion) -> bool:
    first = _FIRST_INFERRED.get(version.coredns)
    if first is not None:
        return version.build >= first
    return version.coredns[0] == 1 and version.coredns > min(_FIRST_INFERRED)
