"""The add-on calls that moto's EKS lacks, added beside it: no class of moto is changed.

Kept apart from the simulator on purpose, so that one can be held against the other.
"""

import json
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from moto.core.base_backend import BackendDict, BaseBackend
from moto.core.responses import ActionResult, BaseResponse
from moto.eks import urls
from moto.eks.exceptions import InvalidParameterException, ResourceInUseException, ResourceNotFoundException
from moto.eks.models import eks_backends

SCHEMAS: dict[str, dict[str, Any]] = {}
"""By add-on version; a test fills it."""


@dataclass
class Update:
    id: str
    token: str
    body: dict[str, Any]
    status: str = "InProgress"

    def document(self) -> dict[str, Any]:
        kinds = {"addonVersion": "AddonVersion", "resolveConflicts": "ResolveConflicts"}
        kinds |= {"configurationValues": "ConfigurationValues"}
        params = [
            {"type": kind, "value": self.body[name]} for name, kind in kinds.items() if name in self.body
        ]
        return {
            "id": self.id,
            "status": self.status,
            "type": "AddonUpdate",
            "params": params,
            "createdAt": 0.0,
            "errors": [],
        }


@dataclass
class Addon:
    """An add-on; one that is `slow` shows its updates until `finish`, others end them at once."""

    name: str
    version: str
    values: str | None
    slow: bool = True
    status: str = "ACTIVE"
    updates: list[Update] = field(default_factory=list)


class AddonBackend(BaseBackend):
    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.addons: dict[str, dict[str, Addon]] = {}

    def of(self, cluster: str) -> dict[str, Addon]:
        eks_backends[self.account_id][self.region_name].describe_cluster(cluster)
        return self.addons.setdefault(cluster, {})

    def find(self, cluster: str, name: str) -> Addon:
        addons = self.of(cluster)
        if name not in addons:
            message = f"No addon: {name} found in cluster: {cluster}"
            raise ResourceNotFoundException(clusterName=cluster, addonName=name, message=message)
        return addons[name]

    def put(self, cluster: str, addon: Addon) -> None:
        self.of(cluster)[addon.name] = addon

    def finish(self) -> None:
        """Let every update come to its end."""
        for addons in self.addons.values():
            for addon in addons.values():
                addon.status = "ACTIVE"
                for update in addon.updates:
                    update.status = "Successful"


addon_backends = BackendDict(AddonBackend, "eks")


class AddonResponse(BaseResponse):
    def __init__(self) -> None:
        super().__init__(service_name="eks")

    @property
    def _backend(self) -> AddonBackend:
        return addon_backends[self.current_account][self.region]

    def list_addons(self) -> ActionResult:
        return ActionResult({"addons": sorted(self._backend.of(self._get_param("name")))})

    def describe_addon(self) -> ActionResult:
        cluster, name = self._get_param("name"), self._get_param("addonName")
        addon = self._backend.find(cluster, name)
        document: dict[str, Any] = {
            "addonName": name,
            "clusterName": cluster,
            "status": addon.status,
            "addonVersion": addon.version,
            "health": {"issues": []},
        }
        if addon.values is not None:
            document["configurationValues"] = addon.values
        return ActionResult({"addon": document})

    def describe_addon_configuration(self) -> ActionResult:
        version = self._get_param("addonVersion")
        if version not in SCHEMAS:
            raise InvalidParameterException(message="Addon version specified is not supported")
        schema = json.dumps(SCHEMAS[version])
        document = {"addonName": "coredns", "addonVersion": version, "configurationSchema": schema}
        return ActionResult(document)

    def update_addon(self) -> ActionResult:
        cluster, name = self._get_param("name"), self._get_param("addonName")
        addon = self._backend.find(cluster, name)
        body = json.loads(self.body)
        token = body.pop("clientRequestToken", "")
        known = next((each for each in addon.updates if each.token == token), None)
        if known is not None:
            if known.body != body:
                raise InvalidParameterException(
                    message="The clientRequestToken was used with other parameters"
                )
            return ActionResult({"update": known.document()})
        if addon.status != "ACTIVE":
            message = f"Addon {name} cannot be updated as it is currently in {addon.status} state"
            raise ResourceInUseException(addonName=name, message=message)
        _check(body.get("addonVersion", addon.version), body.get("configurationValues", ""))
        addon.version = body.get("addonVersion", addon.version)
        addon.values = body.get("configurationValues", addon.values)
        addon.status = "UPDATING" if addon.slow else "ACTIVE"
        ends = "InProgress" if addon.slow else "Successful"
        addon.updates.append(Update(str(uuid4()), token, body, ends))
        return ActionResult({"update": addon.updates[-1].document()})

    def list_updates(self) -> ActionResult:
        ids = [each.id for each in self._updates()]
        return ActionResult({"updateIds": ids})

    def describe_update(self) -> ActionResult:
        wanted = self._get_param("updateId")
        for update in self._updates():
            if update.id == wanted:
                return ActionResult({"update": update.document()})
        raise ResourceNotFoundException(message=f"No update found for ID: {wanted}")

    def _updates(self) -> list[Update]:
        addon = self._get_param("addonName")
        cluster = self._get_param("name")
        return self._backend.find(cluster, addon).updates if addon else []


def _check(version: str, values: str) -> None:
    """Complain about keys that the schema does not have; that is all a test of moto asks for."""
    if version not in SCHEMAS:
        raise InvalidParameterException(message="Addon version specified is not supported")
    for key in json.loads(values or "{}"):
        if key not in SCHEMAS[version]["properties"]:
            text = "is not defined in the schema and the schema does not allow additional properties"
            raise InvalidParameterException(
                message="ConfigurationValue provided in request is not supported: "
                f"Json schema validation failed with error: [$.{key}: {text}]"
            )


def install_addon(account: str, region: str, cluster: str, version: str, values: str | None) -> None:
    """Give a cluster that moto keeps a CoreDNS add-on whose updates end at once."""
    SCHEMAS.setdefault(version, {"type": "object", "properties": {"replicaCount": {}, "corefile": {}}})
    addon_backends[account][region].put(cluster, Addon("coredns", version, values, slow=False))


def _install() -> None:
    dispatch = AddonResponse().dispatch
    urls.url_paths.update(
        {
            "{0}/addons/configuration-schemas$": dispatch,
            "{0}/clusters/(?P<name>[^/]+)/addons$": dispatch,
            "{0}/clusters/(?P<name>[^/]+)/addons/(?P<addonName>[^/]+)$": dispatch,
            "{0}/clusters/(?P<name>[^/]+)/addons/(?P<addonName>[^/]+)/update$": dispatch,
            "{0}/clusters/(?P<name>[^/]+)/updates$": dispatch,
            "{0}/clusters/(?P<name>[^/]+)/updates/(?P<updateId>[^/]+)$": dispatch,
        }
    )


_install()  # before the first request, because moto reads its paths once
