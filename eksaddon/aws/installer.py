"""Installs the add-on over the EKS API."""

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, TypedDict, TypeVar

from eksaddon.aws.clients import EksClients
from eksaddon.aws.eks import MODES, invalid
from eksaddon.aws.pages import Reply, all_pages, unreadable
from eksaddon.domain.cause import Trouble
from eksaddon.domain.target import ClusterRef, Scope
from eksaddon.ports import CreateRequest

if TYPE_CHECKING:
    from mypy_boto3_eks import EKSClient

R = TypeVar("R")

_VERSIONS = "DescribeAddonVersions"


class _Page(TypedDict, total=False):
    nextToken: str


class EksInstaller:
    """AddonInstaller for one add-on of all clusters."""

    def __init__(self, clients: EksClients, addon: str = "coredns") -> None:
        self._clients = clients
        self._addon = addon

    def default_version(self, scope: Scope, kubernetes: str) -> str | Trouble:
        found = self._compatible_versions(scope, kubernetes)
        if isinstance(found, Trouble):
            return found
        default = next(
            (version for version, compatibility in found if compatibility.get("defaultVersion") is True), ""
        )
        return default or unreadable(_VERSIONS, f"a default version for {kubernetes}")

    def versions(self, scope: Scope, kubernetes: str) -> tuple[str, ...] | Trouble:
        found = self._compatible_versions(scope, kubernetes)
        return found if isinstance(found, Trouble) else tuple(version for version, _ in found)

    def _compatible_versions(self, scope: Scope, kubernetes: str) -> list[tuple[str, Reply]] | Trouble:
        """Every version with its compatibility for the Kubernetes version."""

        def page_after(token: str) -> Reply | Trouble:
            parameters: _Page = {"nextToken": token} if token else {}
            return self._call(
                scope,
                _VERSIONS,
                lambda eks: eks.describe_addon_versions(
                    addonName=self._addon, kubernetesVersion=kubernetes, **parameters
                ),
            )

        items = all_pages(page_after, operation=_VERSIONS, member="addons", marker="nextToken")
        return items if isinstance(items, Trouble) else list(_matching_versions(items, kubernetes))

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

        return self._call_for_error(ref, "CreateAddon", send)

    def remove(self, ref: ClusterRef) -> Trouble | None:
        def send(eks: "EKSClient") -> Reply:
            return eks.delete_addon(clusterName=ref.name, addonName=self._addon, preserve=True)

        return self._call_for_error(ref, "DeleteAddon", send)

    def _call_for_error(
        self, ref: ClusterRef, operation: str, send: "Callable[[EKSClient], Reply]"
    ) -> Trouble | None:
        invalid_name = invalid(ref)
        if invalid_name is not None:
            return invalid_name
        reply = self._call(ref.scope, operation, send)
        return reply if isinstance(reply, Trouble) else None

    def _call(self, scope: Scope, operation: str, send: "Callable[[EKSClient], R]") -> R | Trouble:
        line = self._clients.of(scope)
        return line if isinstance(line, Trouble) else line.call(operation, send)


def _matching_versions(addons: Iterable[object], kubernetes: str) -> Iterator[tuple[str, Reply]]:
    for version in _members(addons, "addonVersions"):
        for compatibility in _members((version,), "compatibilities"):
            if compatibility.get("clusterVersion") == kubernetes:
                yield str(version.get("addonVersion", "")), compatibility


def _members(owners: Iterable[object], name: str) -> Iterator[Reply]:
    for owner in owners:
        items = owner.get(name) if isinstance(owner, dict) else None
        yield from (each for each in (items if isinstance(items, list) else ()) if isinstance(each, dict))
