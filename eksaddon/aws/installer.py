"""Installs the add-on over the EKS API."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from eksaddon.aws.clients import EksClients
from eksaddon.aws.eks import MODES, invalid
from eksaddon.aws.pages import Reply, unreadable
from eksaddon.aws.versions.offered import OPERATION, EksVersions
from eksaddon.domain.cause import NotSent, Trouble
from eksaddon.domain.target import ClusterRef, Scope
from eksaddon.ports import CreateRequest

if TYPE_CHECKING:
    from mypy_boto3_eks import EKSClient


class EksInstaller:
    """AddonInstaller for one add-on of all clusters."""

    def __init__(self, clients: EksClients, versions: EksVersions, addon: str = "coredns") -> None:
        self._clients = clients
        self._versions = versions
        self._addon = addon

    def default_version(self, scope: Scope, kubernetes: str) -> str | Trouble:
        found = self._versions.offered(scope, kubernetes)
        if isinstance(found, Trouble):
            return found
        return found.default or unreadable(OPERATION, f"default version for {kubernetes}")

    def versions(self, scope: Scope, kubernetes: str) -> tuple[str, ...] | Trouble:
        found = self._versions.offered(scope, kubernetes)
        return found if isinstance(found, Trouble) else found.versions

    def create(self, ref: ClusterRef, request: CreateRequest) -> NotSent | Trouble | None:
        def send(eks: "EKSClient") -> Reply:
            return eks.create_addon(
                clusterName=ref.name,
                addonName=self._addon,
                addonVersion=request.version,
                configurationValues=request.text,
                resolveConflicts=MODES[request.resolve_conflicts],
                clientRequestToken=request.token,
            )

        return self._call_for_error(ref, "CreateAddon", send)

    def remove(self, ref: ClusterRef) -> NotSent | Trouble | None:
        def send(eks: "EKSClient") -> Reply:
            return eks.delete_addon(clusterName=ref.name, addonName=self._addon, preserve=True)

        return self._call_for_error(ref, "DeleteAddon", send)

    def _call_for_error(
        self, ref: ClusterRef, operation: str, send: "Callable[[EKSClient], Reply]"
    ) -> NotSent | Trouble | None:
        line = invalid(ref) or self._clients.of(ref.scope)
        if isinstance(line, Trouble):
            return line
        reply = line.write(operation, send)
        return reply if isinstance(reply, Trouble | NotSent) else None
