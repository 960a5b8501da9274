"""Add-on versions of the coredns add-on, and which of them share a configuration schema.

Source: DescribeAddonConfiguration of 100 versions, as collected in 2026-08.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

_FORM = re.compile(r"v(\d{1,6})\.(\d{1,6})\.(\d{1,6})-eksbuild\.(\d{1,9})", re.ASCII)

CoreDnsVersion = tuple[int, int, int]


@dataclass(frozen=True, slots=True, order=True)
class AddonVersion:
    """A version such as `v1.11.4-eksbuild.28`, ordered by CoreDNS version and build."""

    coredns: CoreDnsVersion
    build: int

    def __str__(self) -> str:
        return f"v{'.'.join(map(str, self.coredns))}-eksbuild.{self.build}"


def parse_version(text: str) -> AddonVersion | None:
    """None where the text has another form; EKS may begin to use one."""
    found = _FORM.fullmatch(text)
    if found is None:
        return None
    major, minor, patch, build = (int(part) for part in found.groups())
    return AddonVersion((major, minor, patch), build)


class Budget(StrEnum):
    """How a schema describes podDisruptionBudget."""

    ABSENT = "absent"
    CHECKED = "checked"
    UNCHECKED = "unchecked"
    """Its three keys stand beside `properties` instead of inside, so that any object passes."""


@dataclass(frozen=True, slots=True)
class Features:
    """What tells one schema from another.

    Attributes:
        scheduling: affinity and tolerations.
        spread: topologySpreadConstraints.
        pod_metadata: podAnnotations and podLabels.
    """

    scheduling: bool = True
    spread: bool = True
    pod_metadata: bool = True
    budget: Budget = Budget.CHECKED
    auto_scaling: bool = False
    topology_mode: bool = False
    traffic_distribution: bool = False


_FIRST = Features(scheduling=False, spread=False, pod_metadata=False, budget=Budget.ABSENT)
_TOPOLOGY_ONLY = Features(
    scheduling=False, spread=False, pod_metadata=False, budget=Budget.ABSENT, topology_mode=True
)
_SCHEDULING = Features(spread=False, pod_metadata=False, budget=Budget.ABSENT)
_SPREAD = Features(pod_metadata=False, budget=Budget.ABSENT)
_METADATA = Features(budget=Budget.ABSENT)
_BUDGET = Features()
_LOOSE_BUDGET = Features(budget=Budget.UNCHECKED)
_SCALING = Features(auto_scaling=True)
_TOPOLOGY = Features(auto_scaling=True, topology_mode=True)
_TRAFFIC = Features(auto_scaling=True, topology_mode=True, traffic_distribution=True)

_LINES: dict[CoreDnsVersion, tuple[tuple[int, Features], ...]] = {
    (1, 8, 0): ((1, _FIRST),),
    (1, 8, 3): ((1, _FIRST),),
    (1, 8, 4): ((1, _FIRST), (2, _FIRST)),
    (1, 8, 7): (
        *((build, _FIRST) for build in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 16, 18)),
        (20, _TOPOLOGY_ONLY),
        (21, _TOPOLOGY_ONLY),
    ),
    (1, 9, 3): (
        (2, _FIRST),
        (3, _SCHEDULING),
        (5, _SPREAD),
        (6, _METADATA),
        *((build, _BUDGET) for build in (7, 9, 10, 11)),
        *((build, _SCALING) for build in (15, 17, 19)),
        *((build, _TOPOLOGY) for build in (21, 22, 39, 40)),
    ),
    (1, 10, 1): (
        (1, _SCHEDULING),
        (2, _SPREAD),
        (3, _METADATA),
        *((build, _LOOSE_BUDGET) for build in (4, 5, 6, 7, 10)),
        *((build, _SCALING) for build in (11, 13, 15)),
        *((build, _TOPOLOGY) for build in (17, 18, 35, 36, 38)),
    ),
    (1, 11, 1): (
        *((build, _LOOSE_BUDGET) for build in (3, 4, 6, 8)),
        *((build, _SCALING) for build in (9, 11, 13)),
    ),
    (1, 11, 3): ((1, _SCALING), (2, _SCALING), (3, _SCALING)),
    (1, 11, 4): tuple((build, _TOPOLOGY) for build in (1, 2, 10, 14, 20, 22, 24, 28, 32, 33, 39, 40, 46, 51)),
    (1, 12, 1): ((2, _TOPOLOGY),),
    (1, 12, 2): ((1, _TOPOLOGY), (4, _TOPOLOGY)),
    (1, 12, 3): ((1, _TOPOLOGY),),
    (1, 12, 4): tuple((build, _TOPOLOGY) for build in (1, 6, 10, 11, 14, 17, 18, 24, 29)),
    (1, 13, 1): ((1, _TRAFFIC),),
    (1, 13, 2): tuple((build, _TRAFFIC) for build in (1, 3, 4, 7, 10, 11, 17, 21)),
    (1, 14, 2): ((4, _TRAFFIC),),
    (1, 14, 3): tuple((build, _TRAFFIC) for build in (2, 3, 9, 14)),
}

KNOWN_VERSIONS: tuple[AddonVersion, ...] = tuple(
    sorted(AddonVersion(line, build) for line, builds in _LINES.items() for build, _ in builds)
)


@dataclass(frozen=True, slots=True)
class KnownFeatures:
    """Features and how sure they are.

    Attributes:
        assumed: The version itself is not known; an older neighbour stands for it.
    """

    features: Features
    assumed: bool


def features(version: AddonVersion) -> KnownFeatures | None:
    """The features of a version, else of the nearest older one; None before all that is known."""
    exact = dict(_LINES.get(version.coredns, ())).get(version.build)
    if exact is not None:
        return KnownFeatures(exact, assumed=False)
    older = [known for known in KNOWN_VERSIONS if known < version]
    if not older:
        return None
    near = older[-1]
    return KnownFeatures(dict(_LINES[near.coredns])[near.build], assumed=True)
