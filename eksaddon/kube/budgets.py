"""The PodDisruptionBudget of the add-on: one list, and a deletion that names object and state."""

from lightkube import Client
from lightkube.resources.policy_v1 import PodDisruptionBudget

from eksaddon.domain.json import JsonObject
from eksaddon.domain.workload import ADDON_BUDGET, Budget, NoBudget
from eksaddon.kube import gathering
from eksaddon.kube.network.reader import Reader, raise_for_status
from eksaddon.kube.reading import budget

_PATH = "apis/policy/v1/namespaces/{}/poddisruptionbudgets/{}"


def own_budget(reader: Reader, namespace: str) -> Budget | NoBudget:
    """By a list, which needs no verb beyond those of a plan."""
    listed = map(budget, reader.list(PodDisruptionBudget, namespace))
    return next((each for each in listed if each.name == ADDON_BUDGET), NoBudget())


def delete(client: Client, found: Budget, namespace: str, *, dry_run: bool) -> None:
    """Delete it if it is still the same object in the same state; 409 if not.

    The client library sends no preconditions.
    """
    options: JsonObject = {
        "apiVersion": "v1",
        "kind": "DeleteOptions",
        "preconditions": {"uid": found.uid, "resourceVersion": found.resource_version},
        **({"dryRun": ["All"]} if dry_run else {}),
    }
    address = _PATH.format(namespace, found.name)
    answer = gathering.http_of(client).request("DELETE", address, json=dict(options))
    raise_for_status(answer)
