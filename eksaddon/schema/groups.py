"""Groups of add-on versions that share a configuration schema, and the keys of each.

Sources: DescribeAddonConfiguration and DescribeAddonVersions for every coredns version listed in August 2026,
and the response for v1.14.7-eksbuild.10 in October 2026. The first build with the latter's schema is
unknown, so the table does not cover the builds between the two.
"""

from bisect import bisect_left
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache

from eksaddon.frozen import dataclass
from eksaddon.schema.versions import AddonVersion


class Budget(StrEnum):
    """How a schema describes podDisruptionBudget."""

    ABSENT = "absent"
    UNCHECKED = "unchecked"
    """Its three keys are next to `properties` instead of inside, so any object is valid."""
    CHECKED = "checked"
    WITH_DEFAULTS = "with defaults"
    WHOLE_PERCENT = "whole percent"
    """With defaults; a percentage is an integer, 0% to 100%. Other schemas accept any text that ends in %."""


@dataclass(frozen=True, slots=True)
class SchemaGroup:
    """A published configuration schema.

    Attributes:
        name: The first version with this schema. Some groups differ only in descriptions.
        keys: Top-level keys.
        scaling: Keys of autoScaling other than `enabled`; empty without autoScaling.
    """

    name: str
    keys: frozenset[str]
    budget: Budget
    scaling: frozenset[str]


@dataclass(frozen=True, slots=True)
class Membership:
    """The group of a version.

    Attributes:
        assumed: The version is not in the table; the group is that of a neighbouring version.
    """

    group: SchemaGroup
    assumed: bool


_FIRST = frozenset({"computeType", "corefile", "nodeSelector", "replicaCount", "resources"})
_PLACED = _FIRST | {"affinity", "tolerations"}
_SPREAD = _PLACED | {"topologySpreadConstraints"}
_WITH_LABELS = _SPREAD | {"podAnnotations", "podLabels"}
_WITH_BUDGET = _WITH_LABELS | {"podDisruptionBudget"}
_WITH_SCALING = _WITH_BUDGET | {"autoScaling"}
_WITH_TOPOLOGY = _WITH_SCALING | {"annotationTopologyMode"}
_WITH_DISTRIBUTION = _WITH_TOPOLOGY | {"trafficDistribution"}

_TABLE: tuple[tuple[str, frozenset[str], Budget, tuple[str, ...]], ...] = (
    (
        "v1.8.0-eksbuild.1",
        _FIRST,
        Budget.ABSENT,
        ("1.8.0: 1", "1.8.3: 1", "1.8.4: 1 2", "1.8.7: 1 2 3 4 5 6 7 8 9 10 16 18", "1.9.3: 2"),
    ),
    ("v1.8.7-eksbuild.20", _FIRST | {"annotationTopologyMode"}, Budget.ABSENT, ("1.8.7: 20 21",)),
    ("v1.9.3-eksbuild.3", _PLACED, Budget.ABSENT, ("1.9.3: 3", "1.10.1: 1")),
    ("v1.9.3-eksbuild.5", _SPREAD, Budget.ABSENT, ("1.9.3: 5", "1.10.1: 2")),
    ("v1.9.3-eksbuild.6", _WITH_LABELS, Budget.ABSENT, ("1.9.3: 6", "1.10.1: 3")),
    ("v1.9.3-eksbuild.7", _WITH_BUDGET, Budget.CHECKED, ("1.9.3: 7",)),
    ("v1.9.3-eksbuild.9", _WITH_BUDGET, Budget.CHECKED, ("1.9.3: 9 10 11",)),
    ("v1.9.3-eksbuild.15", _WITH_SCALING, Budget.WITH_DEFAULTS, ("1.9.3: 15 17 19",)),
    ("v1.9.3-eksbuild.21", _WITH_TOPOLOGY, Budget.WITH_DEFAULTS, ("1.9.3: 21 22 39 40",)),
    ("v1.10.1-eksbuild.4", _WITH_BUDGET, Budget.UNCHECKED, ("1.10.1: 4",)),
    ("v1.10.1-eksbuild.5", _WITH_BUDGET, Budget.UNCHECKED, ("1.10.1: 5 6 7 10", "1.11.1: 3 4 6 8")),
    (
        "v1.10.1-eksbuild.11",
        _WITH_SCALING,
        Budget.WITH_DEFAULTS,
        ("1.10.1: 11 13 15", "1.11.1: 9 11 13", "1.11.3: 1 2 3"),
    ),
    (
        "v1.10.1-eksbuild.17",
        _WITH_TOPOLOGY,
        Budget.WITH_DEFAULTS,
        (
            "1.10.1: 17 18 35 36 38",
            "1.11.4: 1 2 10 14 20 22 24 28 32 33 39 40 46 51",
            "1.12.1: 2",
            "1.12.2: 1 4",
            "1.12.3: 1",
            "1.12.4: 1 6 10 11 14 17 18 24 29",
        ),
    ),
    (
        "v1.13.1-eksbuild.1",
        _WITH_DISTRIBUTION,
        Budget.WITH_DEFAULTS,
        ("1.13.1: 1", "1.13.2: 1 3 4 7 10 11 17 21", "1.14.2: 4", "1.14.3: 2 3 9 14"),
    ),
    ("v1.14.7-eksbuild.10", _WITH_DISTRIBUTION, Budget.WHOLE_PERCENT, ("1.14.7: 10",)),
)

_BOUNDS = frozenset({"minReplicas", "maxReplicas"})
_PROPORTIONAL = {"v1.14.7-eksbuild.10": _BOUNDS | {"cpuCoresPerReplica", "nodesPerReplica"}}
"""Groups whose autoScaling has keys besides its bounds."""


def _scaling(name: str, keys: frozenset[str]) -> frozenset[str]:
    return _PROPORTIONAL.get(name, _BOUNDS) if "autoScaling" in keys else frozenset()


SCHEMA_GROUPS = tuple(
    SchemaGroup(name, keys, budget, _scaling(name, keys)) for name, keys, budget, _ in _TABLE
)

_DEFAULT_VERSIONS = {
    36: "v1.14.3-eksbuild.3",
    35: "v1.13.2-eksbuild.11",
    **dict.fromkeys((34, 33), "v1.12.4-eksbuild.18"),
    **dict.fromkeys((32, 31, 30), "v1.11.4-eksbuild.40"),
    29: "v1.11.1-eksbuild.4",
    **dict.fromkeys((28, 27), "v1.10.1-eksbuild.4"),
    **dict.fromkeys((26, 25), "v1.9.3-eksbuild.7"),
    **dict.fromkeys((24, 23), "v1.8.7-eksbuild.7"),
    22: "v1.8.7-eksbuild.1",
    21: "v1.8.4-eksbuild.1",
    20: "v1.8.3-eksbuild.1",
}

DEFAULT_VERSIONS = {f"1.{minor}": version for minor, version in _DEFAULT_VERSIONS.items()}
"""The add-on version that EKS installs by default on each Kubernetes version; newest first."""


def _members() -> Iterator[tuple[AddonVersion, SchemaGroup]]:
    for group, (_, _, _, lines) in zip(SCHEMA_GROUPS, _TABLE, strict=True):
        for line in lines:
            coredns, _, builds = line.partition(": ")
            major, minor, patch = (int(part) for part in coredns.split("."))
            yield from ((AddonVersion((major, minor, patch), int(build)), group) for build in builds.split())


_GROUP_OF = dict(sorted(_members(), key=lambda member: member[0]))

KNOWN_VERSIONS = tuple(_GROUP_OF)
"""Oldest first."""

NEWEST_VERSION = KNOWN_VERSIONS[-1]
"""The newest add-on version of the table; EKS may have released newer ones since `LISTED_ON`."""

LISTED_ON = "2026-10-07"
"""Date of the newest entry of the table."""


@lru_cache(maxsize=512)
def membership(version: AddonVersion) -> Membership | None:
    """The group of a version; None if neither the table nor neighbouring versions determine it.

    An unknown version that is newer than all known ones of its line (builds of a CoreDNS version, patches of
    a minor version, minor versions of a major version) gets the group of the previous version. An unknown
    version between two that share a group gets that group.
    """
    if version in _GROUP_OF:
        return Membership(_GROUP_OF[version], assumed=False)
    neighbour = _neighbour(version)
    return None if neighbour is None else Membership(_GROUP_OF[neighbour], assumed=True)


def _neighbour(version: AddonVersion) -> AddonVersion | None:
    position = bisect_left(KNOWN_VERSIONS, version)
    older = KNOWN_VERSIONS[position - 1] if position else None
    newer = KNOWN_VERSIONS[position] if position < len(KNOWN_VERSIONS) else None
    if older is None or older.coredns[0] != version.coredns[0]:
        return None
    if newer is None or _is_newest_of_its_line(older, version, newer) or _GROUP_OF[older] is _GROUP_OF[newer]:
        return older
    return None


def _is_newest_of_its_line(older: AddonVersion, version: AddonVersion, newer: AddonVersion) -> bool:
    same_patch = older.coredns == version.coredns != newer.coredns
    same_minor = older.coredns[:2] == version.coredns[:2] != newer.coredns[:2]
    return same_patch or same_minor


def has_key(version: AddonVersion, key: str) -> bool | None:
    """Whether a version's schema has a top-level key; None if its group is unknown."""
    found = membership(version)
    return None if found is None else key in found.group.keys
