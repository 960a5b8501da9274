"""Amazon EKS: read operations."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from eksaddon.domain.json import Json, JsonObject
from eksaddon.sim.addon.catalogue import COREDNS, RELEASES, Release
from eksaddon.sim.addon.lifecycle import Addon, Update, seen
from eksaddon.sim.addon.update_script import Pace, UpdateOrder
from eksaddon.sim.addon.values import Checker
from eksaddon.sim.api.request import MOST_PER_PAGE, ApiRequest, Cut, invalid, page
from eksaddon.sim.eks.documents import addon_document, cluster_document, update_document, versions_document
from eksaddon.sim.http.messages import RefusalError
from eksaddon.sim.resources import Estate

Operation = Callable[[ApiRequest], JsonObject]

UNSUPPORTED_VERSION = "Addon version specified is not supported"
"""Source: hashicorp/terraform-provider-aws#32238."""


class EksReads:
    """Implements the read operations."""

    def __init__(self, estate: Estate, checker: Checker, pace: Pace) -> None:
        self._estate = estate
        self._checker = checker
        self._pace = pace
        self._asked: Counter[str] = Counter()
        self._shown: Counter[str] = Counter()
        self.operations: Mapping[str, Operation] = {
            "ListClusters": self.list_clusters,
            "DescribeCluster": self.describe_cluster,
            "ListAddons": self.list_addons,
            "DescribeAddon": self.describe_addon,
            "DescribeAddonConfiguration": self.describe_addon_configuration,
            "DescribeAddonVersions": self.describe_addon_versions,
            "DescribeUpdate": self.describe_update,
            "ListUpdates": self.list_updates,
        }

    def list_clusters(self, request: ApiRequest) -> JsonObject:
        clusters = self._estate.clusters_in(request.scope).values()
        with_connected = "all" in _values(request, "include")
        names = sorted(each.ref.name for each in clusters if with_connected or not each.connector)
        return _listed("clusters", _page(request, names))

    def describe_cluster(self, request: ApiRequest) -> JsonObject:
        return {"cluster": cluster_document(self._estate.cluster(request.ref), self._estate)}

    def list_addons(self, request: ApiRequest) -> JsonObject:
        self._estate.cluster(request.ref)
        return _listed("addons", _page(request, sorted(self._estate.addons(request.ref, request.now))))

    def describe_addon(self, request: ApiRequest) -> JsonObject:
        addon = self._estate.addon(request.ref, request.required("addonName"), request.now)
        state = seen(addon, request.now, self._pace.lag)
        if addon.earlier is not None and self._is_late(addon):
            state = replace(state, stored=addon.earlier, modified_at=addon.modified_before)
        return {"addon": addon_document(request.ref, addon, state)}

    def _is_late(self, addon: Addon) -> bool:
        """Whether this read returns the document from before the newest update."""
        if not addon.updates:
            return False
        newest = addon.updates[-1].id
        self._shown[newest] += 1
        return self._shown[newest] <= self._pace.habits.old_document_reads

    def describe_addon_configuration(self, request: ApiRequest) -> JsonObject:
        name, version = request.required("addonName"), request.required("addonVersion")
        document = self._checker.document(version) if name == COREDNS else None
        if document is None:
            raise invalid(UNSUPPORTED_VERSION, addonName=name)
        return {
            "addonName": name,
            "addonVersion": version,
            "configurationSchema": json.dumps(document),
            "podIdentityConfiguration": [],
        }

    def describe_addon_versions(self, request: ApiRequest) -> JsonObject:
        kubernetes, name = request.text("kubernetesVersion"), request.text("addonName")
        if name not in ("", COREDNS):
            raise invalid(f"Addon {name} specified is not supported", addonName=name)
        compatible = [each for each in RELEASES.values() if not kubernetes or kubernetes in each.kubernetes]
        # Pages go by add-on and version; the place in the list sorts as its number does.
        cut = _page(request, [f"{index:04}" for index in range(len(compatible))])
        state: list[Release] = [compatible[int(each)] for each in cut.items]
        return _listed("addons", cut) | {"addons": [versions_document(COREDNS, state)] if state else []}

    def describe_update(self, request: ApiRequest) -> JsonObject:
        update_id = request.required("updateId")
        found = {each.id: each for each in self._updates(request)}.get(update_id)
        self._asked[update_id] += 1
        if found is None or self._asked[update_id] <= self._pace.habits.fresh_id_reads:
            raise RefusalError(
                404,
                "ResourceNotFoundException",
                f"No update found for ID: {update_id}",
                clusterName=request.ref.name,
            )
        return {"update": update_document(found)}

    def list_updates(self, request: ApiRequest) -> JsonObject:
        """List ids, by default in no useful order: the service model guarantees none."""
        ids = [each.id for each in self._updates(request)]
        match self._pace.habits.order:
            case UpdateOrder.ARBITRARY:
                return _listed("updateIds", _page(request, sorted(ids)))
            case UpdateOrder.NEWEST_FIRST:
                ids.reverse()
            case UpdateOrder.OLDEST_FIRST:
                pass
        # Pages go by name; the place in the list sorts as its number does.
        cut = _page(request, [f"{index:06}{each}" for index, each in enumerate(ids)])
        return _listed("updateIds", replace(cut, items=tuple(each[6:] for each in cut.items)))

    def _updates(self, request: ApiRequest) -> Iterable[Update]:
        """Updates of an add-on are listed only with its name (source: aws/aws-cli#10252)."""
        self._estate.cluster(request.ref)
        name = request.text("addonName")
        return self._estate.addon(request.ref, name, request.now).updates if name else ()


def _values(request: ApiRequest, name: str) -> Sequence[str]:
    value = request.params.get(name)
    return [str(each) for each in value] if isinstance(value, list) else [str(value or "")]


def _page(request: ApiRequest, names: Sequence[str]) -> Cut:
    size = request.number("maxResults", MOST_PER_PAGE, minimum=1, maximum=MOST_PER_PAGE)
    what = f"{request.operation}:{request.scope}:{request.text('clusterName') or request.text('name')}"
    try:
        return page(names, size=size, token=request.text("nextToken"), what=what)
    except ValueError as error:
        raise invalid("The specified nextToken is invalid") from error


def _listed(member: str, cut: Cut) -> dict[str, Json]:
    return {member: list(cut.items)} | ({"nextToken": cut.token} if cut.token else {})
