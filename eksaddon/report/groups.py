"""Clusters that need the same thing, shown once."""

from collections.abc import Iterable
from dataclasses import dataclass

from eksaddon.domain.json import canonical
from eksaddon.domain.plan import ClusterPlan


@dataclass(frozen=True, slots=True)
class Group:
    """Clusters whose plans say the same, in the plan's order."""

    clusters: tuple[ClusterPlan, ...]

    @property
    def example(self) -> ClusterPlan:
        return self.clusters[0]

    @property
    def versions(self) -> tuple[str, ...]:
        return tuple(sorted({cluster.version for cluster in self.clusters if cluster.version}))


def grouped(clusters: Iterable[ClusterPlan]) -> tuple[Group, ...]:
    """The largest groups first; equal ones in the order of their first cluster."""
    found: dict[str, list[ClusterPlan]] = {}
    for cluster in clusters:
        found.setdefault(_sameness(cluster), []).append(cluster)
    groups = [Group(tuple(members)) for members in found.values()]
    return tuple(sorted(groups, key=lambda group: -len(group.clusters)))


def _sameness(cluster: ClusterPlan) -> str:
    return canonical(
        [
            cluster.action,
            cluster.reason,
            [[one.plane, one.path, one.before, one.after, one.note] for one in cluster.changes],
            [[one.severity, one.rule, one.summary, one.detail] for one in cluster.diagnostics],
        ]
    )
