"""The add-on plane over EKS' API."""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Literal, TypedDict, TypeVar

from eksaddon.aws.clients import EksClients
from eksaddon.aws.pages import Reply, all_pages
from eksaddon.aws.replies import observed, read_schema, update_record, without_addon, without_use
from eksaddon.aws.single_flight import Once
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.observed import Observed, Unreachable
from eksaddon.domain.target import ClusterRef, Scope
from eksaddon.domain.update import UpdateRecord
from eksaddon.ports import UpdateRequest
from eksaddon.schema import AddonSchema

if TYPE_CHECKING:
    from mypy_boto3_eks import EKSClient
    from mypy_boto3_eks.type_defs import UpdateAddonRequestTypeDef

R = TypeVar("R")

_NAME = re.compile(r"[0-9A-Za-z][A-Za-z0-9_-]{0,99}")
"""A cluster's name (source: eks 2017-11-01 model, ClusterName); botocore sends one with a slash as it is."""

MODES: Mapping[ResolveConflicts, Literal["NONE", "PRESERVE", "OVERWRITE"]] = {
    ResolveConflicts.NONE: "NONE",
    ResolveConflicts.PRESERVE: "PRESERVE",
    ResolveConflicts.OVERWRITE: "OVERWRITE",
}
"""resolveConflicts in EKS' words."""

_UNCLEAR = frozenset({Cause.NOT_FOUND, Cause.DENIED, Cause.INVALID})
"""Answers of DescribeAddon that a cluster in many states may give."""


class _Page(TypedDict, total=False):
    maxResults: int
    nextToken: str


class EksAddons:
    """AddonApi for one add-on of all clusters; every method may be called from any thread.

    A repeated UpdateAddon needs care. Botocore repeats one request with the same token. Who calls `update`
    again after a connection that broke uses the same UpdateRequest; should EKS then answer BUSY, the update
    in the way may be one's own: EKS gives no token back, so compare the ConfigurationValues among the params
    of the newest of `updates` (`describe_update`) with the text that was sent.
    """

    def __init__(self, clients: EksClients, addon: str = "coredns") -> None:
        self._clients = clients
        self._addon = addon
        self._schemas: Once[AddonSchema] = Once()

    def clusters(self, scope: Scope) -> tuple[str, ...] | Trouble:
        return self._list(scope, "ListClusters", "clusters", lambda eks, page: eks.list_clusters(**page))

    def read(self, ref: ClusterRef) -> Observed:
        reply = self._ask_about(
            ref,
            "DescribeAddon",
            lambda eks: eks.describe_addon(clusterName=ref.name, addonName=self._addon),
        )
        if not isinstance(reply, Trouble):
            return observed(ref, reply)
        return self._tell_apart(ref, reply) if reply.cause in _UNCLEAR else Unreachable(ref, reply)

    def schema(self, scope: Scope, version: str) -> AddonSchema | Trouble:
        """Ask once for each version, because a version's schema is the same everywhere."""
        return self._schemas.get(version, scope, lambda: self.fetch_schema(scope, version))

    def update(self, ref: ClusterRef, request: UpdateRequest) -> UpdateRecord | Trouble:
        wanted: UpdateAddonRequestTypeDef = {
            "clusterName": ref.name,
            "addonName": self._addon,
            "configurationValues": request.text,
            "resolveConflicts": MODES[request.resolve_conflicts],
            "clientRequestToken": request.token,
        }
        if request.role_arn:
            wanted["serviceAccountRoleArn"] = request.role_arn
        reply = self._ask_about(ref, "UpdateAddon", lambda eks: eks.update_addon(**wanted))
        return reply if isinstance(reply, Trouble) else update_record(reply, "UpdateAddon")

    def describe_update(self, ref: ClusterRef, update_id: str) -> UpdateRecord | Trouble:
        """Ask with the add-on's name, without which EKS knows no update of an add-on (aws/aws-cli#10252)."""
        reply = self._ask_about(
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

    def _tell_apart(self, ref: ClusterRef, trouble: Trouble) -> Observed:
        """Ask for the cluster, since it has to be known why DescribeAddon had no add-on to show."""
        cluster = self._ask_about(ref, "DescribeCluster", lambda eks: eks.describe_cluster(name=ref.name))
        if isinstance(cluster, Trouble):
            return Unreachable(ref, blind(trouble, cluster))
        if trouble.cause is Cause.NOT_FOUND or (trouble.cause is Cause.DENIED and self._is_absent(ref)):
            return without_addon(ref, cluster)
        return without_use(ref, cluster) or Unreachable(ref, trouble)

    def _is_absent(self, ref: ClusterRef) -> bool:
        """Whether ListAddons, which more policies allow, shows the cluster without the add-on."""
        listed = self._list(
            ref.scope,
            "ListAddons",
            "addons",
            lambda eks, page: eks.list_addons(clusterName=ref.name, **page),
        )
        return not isinstance(listed, Trouble) and self._addon not in listed

    def fetch_schema(self, scope: Scope, version: str) -> AddonSchema | Trouble:
        """Ask in any case, as whoever wants to know whether it may be asked."""
        reply = self._ask(
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
            return self._ask(scope, operation, lambda eks: fetch(eks, page))

        listed = all_pages(page_after, operation=operation, member=member, marker="nextToken")
        return listed if isinstance(listed, Trouble) else tuple(dict.fromkeys(map(str, listed)))

    def _ask_about(self, ref: ClusterRef, operation: str, send: "Callable[[EKSClient], R]") -> R | Trouble:
        refusal = invalid(ref)
        return refusal if refusal is not None else self._ask(ref.scope, operation, send)

    def _ask(self, scope: Scope, operation: str, send: "Callable[[EKSClient], R]") -> R | Trouble:
        line = self._clients.of(scope)
        return line if isinstance(line, Trouble) else line.ask(operation, send)


def invalid(ref: ClusterRef) -> Trouble | None:
    """Refuse a name that no cluster can have, before it becomes part of a URL."""
    if _NAME.fullmatch(ref.name):
        return None
    return Trouble(Cause.INVALID, f"invalid cluster name {ref.name!r}")


def blind(trouble: Trouble, cluster: Trouble) -> Trouble:
    """What is left to say where neither the add-on nor the cluster can be described."""
    if cluster.cause in (Cause.NOT_FOUND, Cause.NO_SUCH_CLUSTER):
        return Trouble(Cause.NO_SUCH_CLUSTER, cluster.message, cluster.code, cluster.operation)
    if trouble.cause is not Cause.NOT_FOUND:
        return trouble
    message = f"no managed add-on, but Auto Mode could not be ruled out: {cluster.message}"
    return Trouble(cluster.cause, message, cluster.code, cluster.operation, cluster.action)
