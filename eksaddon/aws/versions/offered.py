"""The add-on versions that EKS offers for a Kubernetes version."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypedDict

from eksaddon.aws.clients import EksClients
from eksaddon.aws.clusters.described import DescribedClusters
from eksaddon.aws.pages import Reply, all_pages, unreadable
from eksaddon.aws.single_flight import Once
from eksaddon.domain.cause import Trouble
from eksaddon.domain.target import ClusterRef, Scope
from eksaddon.domain.versions.offered import VersionList

OPERATION = "DescribeAddonVersions"


class _Page(TypedDict, total=False):
    nextToken: str


class EksVersions:
    """VersionDirectory for one add-on; every method may be called from any thread."""

    def __init__(
        self,
        clients: EksClients,
        described: DescribedClusters,
        now: Callable[[], float],
        addon: str = "coredns",
    ) -> None:
        self._clients = clients
        self._described = described
        self._now = now
        self._addon = addon
        self._lists: Once[VersionList] = Once()

    def kubernetes(self, ref: ClusterRef) -> str | Trouble:
        found = self._described.of(ref)
        if isinstance(found, Trouble):
            return found
        version = found.cluster.get("version")
        if isinstance(version, str) and version:
            return version
        return unreadable("DescribeCluster", "Kubernetes version")

    def offered(self, scope: Scope, kubernetes: str) -> VersionList | Trouble:
        """Read the list once for each region, because it is the same in each of its accounts."""
        key = (scope.region, kubernetes)
        return self._lists.get(key, scope, lambda: self._fetch(scope, kubernetes))

    def _fetch(self, scope: Scope, kubernetes: str) -> VersionList | Trouble:
        line = self._clients.of(scope)
        if isinstance(line, Trouble):
            return line

        def page_after(token: str) -> Reply | Trouble:
            parameters: _Page = {"nextToken": token} if token else {}
            return line.call(
                OPERATION,
                lambda eks: eks.describe_addon_versions(
                    addonName=self._addon, kubernetesVersion=kubernetes, **parameters
                ),
            )

        read_at = self._now()
        items = all_pages(page_after, operation=OPERATION, member="addons", marker="nextToken")
        if isinstance(items, Trouble):
            return items
        found = tuple(_matching_versions(items, kubernetes))
        default = next((version for version, row in found if row.get("defaultVersion") is True), "")
        return VersionList(kubernetes, tuple(version for version, _ in found), default, read_at)


def _matching_versions(addons: Iterable[object], kubernetes: str) -> Iterator[tuple[str, Reply]]:
    """Every version with its compatibility for the Kubernetes version, of all pages."""
    for version in _members(addons, "addonVersions"):
        for compatibility in _members((version,), "compatibilities"):
            if compatibility.get("clusterVersion") == kubernetes:
                yield str(version.get("addonVersion", "")), compatibility


def _members(owners: Iterable[object], name: str) -> Iterator[Reply]:
    for owner in owners:
        items = owner.get(name) if isinstance(owner, dict) else None
        yield from (each for each in (items if isinstance(items, list) else ()) if isinstance(each, dict))
