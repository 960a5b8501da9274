"""The add-on plane over the EKS API."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Literal, TypedDict, TypeVar

from eksaddon.aws.clients import EksClients
from eksaddon.aws.pages import Reply, all_pages
from eksaddon.aws.replies import (
    cluster_facts,
    observed,
    read_schema,
    update_record,
    without_addon,
    without_use,
)
from eksaddon.aws.single_flight import Once
from eksaddon.domain.audit.surroundings import ClusterSeen
from eksaddon.domain.cause import Cause, NotSent, Trouble
from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.observed import Observed, Unreachable
from eksaddon.domain.target import ClusterRef, Scope
from eksaddon.domain.update import UpdateRecord
from eksaddon.ports import UpdateRequest
from eksaddon.regex import regex
from eksaddon.schema import AddonSchema

if TYPE_CHECKING:
    from mypy_boto3_eks import EKSClient
    from mypy_boto3_eks.type_defs import UpdateAddonRequestTypeDef

R = TypeVar("R")

_NAME = regex(r"[0-9A-Za-z][A-Za-z0-9_-]{0,99}")
"""A cluster's name (source: eks 2017-11-01 model, ClusterName); botocore does not escape a slash."""

MODES: Mapping[ResolveConflicts, Literal["NONE", "PRESERVE", "OVERWRITE"]] = {
    ResolveConflicts.NONE: "NONE",
    ResolveConflicts.PRESERVE: "PRESERVE",
    ResolveConflicts.OVERWRITE: "OVERWRITE",
}
"""Values of resolveConflicts in the EKS API."""

_AMBIGUOUS = frozenset({Cause.NOT_FOUND, Cause.DENIED, Cause.INVALID})
"""Errors of DescribeAddon that can have several reasons in the state of the cluster."""


class _Page(TypedDict, total=False):
    maxResults: int
    nextToken: str


class EksAddons:
    """AddonApi for one add-on of all clusters; every method may be called from any thread.

    Retrying UpdateAddon: botocore retries a request with the same token. To call `update` again after a
    broken connection, use the same UpdateRequest. If EKS then returns BUSY, the running update may be ours:
    EKS does not return the token, so compare the ConfigurationValues in the params of the newest of `updates`
    (`describe_update`) with the text that was sent.
    """

    def __init__(self, clients: EksClients, addon: str = "coredns") -> None:
        self._clients = clients
        self._addon = addon
        self._schemas: Once[AddonSchema] = Once()

    def clusters(self, scope: Scope) -> tuple[str, ...] | Trouble:
        return self._list(scope, "ListClusters", "clusters", lambda eks, page: eks.list_clusters(**page))

    def read(self, ref: ClusterRef) -> Observed:
        reply = self._call_for_cluster(
            ref,
            "DescribeAddon",
            lambda eks: eks.describe_addon(clusterName=ref.name, addonName=self._addon),
        )
        if not isinstance(reply, Trouble):
            return observed(ref, reply)
        return self._explain_absence(ref, reply) if reply.cause in _AMBIGUOUS else Unreachable(ref, reply)

    def schema(self, scope: Scope, version: str) -> AddonSchema | Trouble:
        """Read the schema once for each version, because it is the same in every cluster."""
        return self._schemas.get(version, scope, lambda: self.fetch_schema(scope, version))

    def update(self, ref: ClusterRef, request: UpdateRequest) -> UpdateRecord | NotSent | Trouble:
        parameters: UpdateAddonRequestTypeDef = {
            "clusterName": ref.name,
            "addonName": self._addon,
            "configurationValues": request.text,
            "resolveConflicts": MODES[request.resolve_conflicts],
            "clientRequestToken": request.token,
        }
        if request.version:
            parameters["addonVersion"] = request.version
        if request.role_arn:
            parameters["serviceAccountRoleArn"] = request.role_arn
        line = invalid(ref) or self._clients.of(ref.scope)
        if isinstance(line, Trouble):
            return line
        reply = line.write("UpdateAddon", lambda eks: eks.update_addon(**parameters))
        return reply if isinstance(reply, Trouble | NotSent) else update_record(reply, "UpdateAddon")

    def cluster(self, ref: ClusterRef) -> ClusterSeen:
        reply = self._call_for_cluster(
            ref, "DescribeCluster", lambda eks: eks.describe_cluster(name=ref.name)
        )
        return reply if isinstance(reply, Trouble) else cluster_facts(reply)

    def describe_update(self, ref: ClusterRef, update_id: str) -> UpdateRecord | Trouble:
        """Describe an update; without the add-on's name EKS does not find it (aws/aws-cli#10252)."""
        reply = self._call_for_cluster(
            ref,
            "DescribeUpdate",
            lambda eks: eks.describe_update(name=ref.name, updateId=update_id, addonName=self._addon),
        )
        return reply if isinstance(reply, Trouble) else update_record(reply, "DescribeUpdate")

    def updates(self, ref: ClusterRef) -> tuple[str, ...] | Trouble:
        return invalid(ref) or self._list(
            ref.scope,
            "ListUpdates",
            "updateIds",
            lambda eks, page: eks.list_updates(name=ref.name, addonName=self._addon, **page),
        )

    def _explain_absence(self, ref: ClusterRef, trouble: Trouble) -> Observed:
        """Describe the cluster to find out why DescribeAddon returned no add-on."""
        cluster = self._call_for_cluster(
            ref, "DescribeCluster", lambda eks: eks.describe_cluster(name=ref.name)
        )
        if isinstance(cluster, Trouble):
            return Unreachable(ref, blind(trouble, cluster))
        if trouble.cause is Cause.NOT_FOUND or (trouble.cause is Cause.DENIED and self._is_absent(ref)):
            return without_addon(ref, cluster)
        return without_use(ref, cluster) or Unreachable(ref, trouble)

    def _is_absent(self, ref: ClusterRef) -> bool:
        """Whether ListAddons, which more policies allow, does not list the add-on."""
        items = self._list(
            ref.scope,
            "ListAddons",
            "addons",
            lambda eks, page: eks.list_addons(clusterName=ref.name, **page),
        )
        return not isinstance(items, Trouble) and self._addon not in items

    def fetch_schema(self, scope: Scope, version: str) -> AddonSchema | Trouble:
        """Read the schema without the cache, to check the permission."""
        reply = self._call(
            scope,
            "DescribeAddonConfiguration",
            lambda eks: eks.describe_addon_configuration(addonName=self._addon, addonVersion=version),
        )
        return reply if isinstance(reply, Trouble) else read_schema(version, reply)

    def _list(
        self, scope: Scope, operation: str, member: str, fetch: "Callable[[EKSClient, _Page], Reply]"
    ) -> tuple[str, ...] | Trouble:
        def page_after(token: str) -> Reply | Trouble:
            page: _Page = {"maxResults": 100, "nextToken": token} if token else {"maxResults": 100}
            return self._call(scope, operation, lambda eks: fetch(eks, page))

        items = all_pages(page_after, operation=operation, member=member, marker="nextToken")
        return items if isinstance(items, Trouble) else tuple(dict.fromkeys(map(str, items)))

    def _call_for_cluster(
        self, ref: ClusterRef, operation: str, send: "Callable[[EKSClient], R]"
    ) -> R | Trouble:
        trouble = invalid(ref)
        return trouble if trouble is not None else self._call(ref.scope, operation, send)

    def _call(self, scope: Scope, operation: str, send: "Callable[[EKSClient], R]") -> R | Trouble:
        line = self._clients.of(scope)
        return line if isinstance(line, Trouble) else line.call(operation, send)


def invalid(ref: ClusterRef) -> Trouble | None:
    """Reject an invalid cluster name before it becomes part of a URL."""
    if _NAME.fullmatch(ref.name):
        return None
    return Trouble(Cause.INVALID, f"invalid cluster name {ref.name!r}")


def blind(trouble: Trouble, cluster: Trouble) -> Trouble:
    """The Trouble to report if neither the add-on nor the cluster can be described."""
    if cluster.cause in (Cause.NOT_FOUND, Cause.NO_SUCH_CLUSTER):
        return Trouble(Cause.NO_SUCH_CLUSTER, cluster.message, cluster.code, cluster.operation)
    if trouble.cause is not Cause.NOT_FOUND:
        return trouble
    message = f"no managed add-on, but Auto Mode could not be ruled out: {cluster.message}"
    return Trouble(cluster.cause, message, cluster.code, cluster.operation, cluster.action)
