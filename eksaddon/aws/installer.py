"""Installing the add-on over EKS' API."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from eksaddon.aws.clients import EksClients
from eksaddon.aws.eks import MODES, invalid
from eksaddon.aws.pages import Reply, unreadable
from eksaddon.domain.cause import Trouble
from eksaddon.domain.target import ClusterRef, Scope
from eksaddon.ports import CreateRequest

if TYPE_CHECKING:
    from mypy_boto3_eks import EKSClient
    from mypy_boto3_eks.type_defs import DescribeAddonVersionsResponseTypeDef

R = TypeVar("R")


class EksInstaller:
    """AddonInstaller for one add-on of all clusters."""

    def __init__(self, clients: EksClients, addon: str = "coredns") -> None:
        self._clients = clients
        self._addon = addon

    def default_version(self, scope: Scope, kubernetes: str) -> str | Trouble:
        operation = "DescribeAddonVersions"
        reply = self._ask(
            scope,
            operation,
            lambda eks: eks.describe_addon_versions(addonName=self._addon, kubernetesVersion=kubernetes),
        )
        if isinstance(reply, Trouble):
            return reply
        return _default(reply, kubernetes) or unreadable(operation, f"a default version for {kubernetes}")

    def create(self, ref: ClusterRef, request: CreateRequest) -> Trouble | None:
        def send(eks: "EKSClient") -> Reply:
            return eks.create_addon(
                clusterName=ref.name,
                addonName=self._addon,
                addonVersion=request.version,
                configurationValues=request.text,
                resolveConflicts=MODES[request.resolve_conflicts],
                clientRequestToken=request.token,
            )

        return self._tell(ref, "CreateAddon", send)

    def remove(self, ref: ClusterRef) -> Trouble | None:
        def send(eks: "EKSClient") -> Reply:
            return eks.delete_addon(clusterName=ref.name, addonName=self._addon, preserve=True)

        return self._tell(ref, "DeleteAddon", send)

    def _tell(self, ref: ClusterRef, operation: str, send: "Callable[[EKSClient], Reply]") -> Trouble | None:
        refusal = invalid(ref)
        if refusal is not None:
            return refusal
        reply = self._ask(ref.scope, operation, send)
        return reply if isinstance(reply, Trouble) else None

    def _ask(self, scope: Scope, operation: str, send: "Callable[[EKSClient], R]") -> R | Trouble:
        line = self._clients.of(scope)
        return line if isinstance(line, Trouble) else line.ask(operation, send)


def _default(reply: "DescribeAddonVersionsResponseTypeDef", kubernetes: str) -> str:
    for addon in reply.get("addons", ()):
        for version in addon.get("addonVersions", ()):
            for fit in version.get("compatibilities", ()):
                if fit.get("defaultVersion") is True and fit.get("clusterVersion") == kubernetes:
                    return version.get("addonVersion", "")
    return ""
