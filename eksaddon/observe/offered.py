"""Reads the add-on versions that EKS offers, for the targets whose desired version requires it."""

from collections.abc import Callable, Iterable, Mapping

from eksaddon.domain.cause import Trouble
from eksaddon.domain.desired import DesiredState
from eksaddon.domain.observed import Managed
from eksaddon.domain.target import ClusterRef, Scope, Target
from eksaddon.domain.versions.offered import Offered, VersionList, VersionsSeen, previous_minor
from eksaddon.observe.snapshot import Observation
from eksaddon.ports import Executor, VersionDirectory
from eksaddon.rules.version.choice import needs_offer


def offered_versions(
    observations: Iterable[Observation],
    desired_of: Callable[[Target], DesiredState],
    api: VersionDirectory,
    executor: Executor,
    kubernetes: str = "",
) -> Mapping[ClusterRef, VersionsSeen]:
    """The versions for each target that needs them; others are not in the result.

    Each target costs one DescribeCluster, each region and Kubernetes version one DescribeAddonVersions.

    Args:
        kubernetes: Ask for this Kubernetes version instead of the cluster's; empty for the cluster's.
    """
    refs = [
        each.observed.ref
        for each in observations
        if isinstance(each.observed, Managed)
        and needs_offer(desired_of(each.target).version, each.observed.version)
    ]
    found = executor.each(refs, lambda ref: _of_cluster(ref, api, kubernetes), lane=lambda ref: ref.scope)
    return dict(found)


def _of_cluster(ref: ClusterRef, api: VersionDirectory, kubernetes: str) -> VersionsSeen:
    version = kubernetes or api.kubernetes(ref)
    if isinstance(version, Trouble):
        return version
    current = api.offered(ref.scope, version)
    if isinstance(current, Trouble):
        return current
    return Offered(current, _previous(ref.scope, version, api))


def _previous(scope: Scope, kubernetes: str, api: VersionDirectory) -> VersionList | Trouble:
    previous = previous_minor(kubernetes)
    return api.offered(scope, previous) if previous else VersionList("")
