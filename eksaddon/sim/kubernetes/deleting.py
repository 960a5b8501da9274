"""Deletions of PodDisruptionBudgets, with the API server's preconditions.

Source: apiserver registry/rest/delete.go, BeforeDelete: preconditions are compared first, and 409 says which
one does not hold.
"""

from collections.abc import Mapping
from dataclasses import replace

from eksaddon.domain.json import JsonObject
from eksaddon.sim.http.messages import Request
from eksaddon.sim.kubernetes import objects
from eksaddon.sim.kubernetes.addresses import ResourceRequest, read_body
from eksaddon.sim.kubernetes.patching import Served
from eksaddon.sim.kubernetes.snapshot import NAME, ClusterSnapshot
from eksaddon.sim.kubernetes.status import StatusError, not_found

_NAMES = {"uid": "UID", "resourceVersion": "ResourceVersion"}


def is_dry_run(request: Request) -> bool:
    """By the query or the body; an unreadable body is rejected later."""
    try:
        body = read_body(request)
    except StatusError:
        return False
    return "All" in request.query.get("dryRun", []) or body.get("dryRun") == ["All"]


def deleted(request: Request, parsed: ResourceRequest, snapshot: ClusterSnapshot) -> Served:
    """Delete one budget.

    Raises:
        StatusError: It does not exist, or a precondition does not hold.
    """
    if parsed.resource.plural != "poddisruptionbudgets" or not parsed.name:
        raise StatusError(405, "MethodNotAllowed", "the simulator deletes only PodDisruptionBudgets")
    name = parsed.resource.full_name
    is_here = snapshot.exists and parsed.namespace == snapshot.namespace
    found = [each for each in objects.disruption_budgets(snapshot) if _metadata(each)["name"] == parsed.name]
    if not is_here or not found:
        raise not_found(name, parsed.name)
    _check_preconditions(read_body(request), _metadata(found[0]), name, parsed.name)
    status: JsonObject = {
        "apiVersion": "v1",
        "kind": "Status",
        "metadata": {},
        "status": "Success",
        "details": {"name": parsed.name, "group": "policy", "kind": "poddisruptionbudgets"},
    }
    if is_dry_run(request):
        return Served(status)
    is_addons = parsed.name == NAME and bool(objects.addon_budget(snapshot))
    others = {key: spec for key, spec in snapshot.workload.budgets.items() if key != parsed.name}
    workload = (
        replace(snapshot.workload, budget_deleted_at=snapshot.now)
        if is_addons
        else replace(snapshot.workload, budgets=others)
    )
    return Served(status, workload, deletes_left_budget=is_addons)


def _metadata(document: JsonObject) -> JsonObject:
    metadata = document["metadata"]
    return metadata if isinstance(metadata, Mapping) else {}


def _check_preconditions(options: JsonObject, metadata: JsonObject, resource: str, name: str) -> None:
    given = options.get("preconditions")
    for key, value in (given if isinstance(given, Mapping) else {}).items():
        if value != metadata.get(key):
            word = _NAMES.get(key, key)
            problem = f"the {word} in the precondition ({value}) does not match the {word} in record"
            raise StatusError(
                409,
                "Conflict",
                f'Operation cannot be fulfilled on {resource} "{name}": {problem} ({metadata.get(key)}).',
            )
