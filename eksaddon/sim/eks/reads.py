"""Amazon EKS: what reads."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence

from eksaddon.domain.json import Json, JsonObject
from eksaddon.sim.addon.catalogue import RELEASES, Release
from eksaddon.sim.addon.lifecycle import Update, seen
from eksaddon.sim.addon.update_script import Pace
from eksaddon.sim.addon.values import Checker
from eksaddon.sim.api.request import MOST_PER_PAGE, Asked, Cut, invalid, page
from eksaddon.sim.eks.documents import addon_document, cluster_document, update_document, versions_document
from eksaddon.sim.http.messages import RefusalError
from eksaddon.sim.resources import Estate

COREDNS = "coredns"

Operation = Callable[[Asked], JsonObject]

UNSUPPORTED_VERSION = "Addon version specified is not supported"
"""Source: hashicorp/terraform-provider-aws#32238."""


class EksReads:
    """Answers the reading operations."""

    def __init__(self, estate: Estate, checker: Checker, pace: Pace) -> None:
        self._estate = estate
        self._checker = checker
        self._pace = pace
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

    def list_clusters(self, asked: Asked) -> JsonObject:
        clusters = self._estate.clusters_in(asked.scope).values()
        with_connected = "all" in _words(asked, "include")
        names = sorted(each.ref.name for each in clusters if with_connected or not each.connector)
        return _listed("clusters", _page(asked, names))

    def describe_cluster(self, asked: Asked) -> JsonObject:
        return {"cluster": cluster_document(self._estate.cluster(asked.ref), self._estate)}

    def list_addons(self, asked: Asked) -> JsonObject:
        self._estate.cluster(asked.ref)
        return _listed("addons", _page(asked, sorted(self._estate.addons(asked.ref, asked.now))))

    def describe_addon(self, asked: Asked) -> JsonObject:
        addon = self._estate.addon(asked.ref, asked.required("addonName"), asked.now)
        return {"addon": addon_document(asked.ref, addon, seen(addon, asked.now, self._pace.lag))}

    def describe_addon_configuration(self, asked: Asked) -> JsonObject:
        name, version = asked.required("addonName"), asked.required("addonVersion")
        document = self._checker.document(version) if name == COREDNS else None
        if document is None:
            raise invalid(UNSUPPORTED_VERSION, addonName=name)
        return {
            "addonName": name,
            "addonVersion": version,
            "configurationSchema": json.dumps(document),
            "podIdentityConfiguration": [],
        }

    def describe_addon_versions(self, asked: Asked) -> JsonObject:
        kubernetes, name = asked.text("kubernetesVersion"), asked.text("addonName")
        if name not in ("", COREDNS):
            raise invalid(f"Addon {name} specified is not supported", addonName=name)
        fitting = [each for each in RELEASES.values() if not kubernetes or kubernetes in each.kubernetes]
        # Pages go by add-on and version; the place in the list sorts as its number does.
        cut = _page(asked, [f"{index:04}" for index in range(len(fitting))])
        shown: list[Release] = [fitting[int(each)] for each in cut.items]
        return _listed("addons", cut) | {"addons": [versions_document(COREDNS, shown)] if shown else []}

    def describe_update(self, asked: Asked) -> JsonObject:
        update_id = asked.required("updateId")
        found = {each.id: each for each in self._updates(asked)}.get(update_id)
        if found is None:
            raise RefusalError(
                404,
                "ResourceNotFoundException",
                f"No update found for ID: {update_id}",
                clusterName=asked.ref.name,
            )
        return {"update": update_document(found)}

    def list_updates(self, asked: Asked) -> JsonObject:
        """Ids only, and in no useful order: the service's model promises none."""
        return _listed("updateIds", _page(asked, sorted(each.id for each in self._updates(asked))))

    def _updates(self, asked: Asked) -> Iterable[Update]:
        """An add-on's updates show only where its name is given (source: aws/aws-cli#10252)."""
        self._estate.cluster(asked.ref)
        name = asked.text("addonName")
        return self._estate.addon(asked.ref, name, asked.now).updates if name else ()


def _words(asked: Asked, name: str) -> Sequence[str]:
    value = asked.params.get(name)
    return [str(each) for each in value] if isinstance(value, list) else [str(value or "")]


def _page(asked: Asked, names: Sequence[str]) -> Cut:
    size = asked.number("maxResults", MOST_PER_PAGE, least=1, most=MOST_PER_PAGE)
    what = f"{asked.operation}:{asked.scope}:{asked.text('clusterName') or asked.text('name')}"
    try:
        return page(names, size=size, after=asked.text("nextToken"), what=what)
    except ValueError as error:
        raise invalid("The specified nextToken is invalid") from error


def _listed(member: str, cut: Cut) -> dict[str, Json]:
    return {member: list(cut.items)} | ({"nextToken": cut.token} if cut.token else {})
