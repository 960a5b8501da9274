"""Live fields that EKS takes over when it creates the add-on, their managers and new values; pure."""

import json
from collections.abc import Iterator, Mapping

from eksaddon.domain.adoption import EKS, Manifests, Taken, member
from eksaddon.domain.json import Json, JsonObject
from eksaddon.frozen import dataclass
from eksaddon.plan.adoption import eks_defaults
from eksaddon.plan.adoption.import_values import NAME, container, is_same, pod
from eksaddon.plan.adoption.not_covered import image_of, is_image_of

Path = tuple[str, ...]

_POD: Path = ("f:spec", "f:template", "f:spec")
_CONTAINER: Path = (*_POD, "f:containers", 'k:{"name":"coredns"}')


@dataclass(frozen=True, slots=True)
class _Place:
    """A field of the Deployment; for `is_documented` see `Taken`."""

    path: Path
    live: Json
    becomes: Json
    is_documented: bool = True


def taken_over(found: Manifests, version: str, values: JsonObject) -> tuple[Taken, ...]:
    """Every live field that EKS's manifest also sets, as far as known.

    Args:
        values: configurationValues to send.

    Sources: the user guide's list of the fields that EKS manages for coredns; reports for the others.
    """
    return tuple(_all(found, version, values))


def _all(found: Manifests, version: str, values: JsonObject) -> Iterator[Taken]:
    for place in _places(found, version, values):
        if place.live is not None:
            yield _taken("Deployment", found.deployment, place)
    if found.config is not None:
        live = member(found.config, "data").get("Corefile")
        yield _taken(
            "ConfigMap", found.config, _Place(("f:data", "f:Corefile"), live, values.get("corefile"))
        )
    yield from _budget(found, values)


def _places(found: Manifests, version: str, values: JsonObject) -> Iterator[_Place]:
    own, spec = container(found), pod(found)
    image = image_of(found)
    build = image if is_image_of(image, version) else f"EKS's build of {version}"
    yield _Place((*_CONTAINER, "f:image"), image or None, build)
    yield _Place((*_CONTAINER, "f:args"), own.get("args"), eks_defaults.ARGS)
    replicas = member(found.deployment, "spec").get("replicas")
    yield _Place(("f:spec", "f:replicas"), replicas, values.get("replicaCount"))
    probes = (("livenessProbe", eks_defaults.LIVENESS), ("readinessProbe", eks_defaults.READINESS))
    for name, probe in probes:
        yield _Place((*_CONTAINER, f"f:{name}"), _probe(own.get(name)), probe, is_documented=False)
    resources = values.get("resources", eks_defaults.RESOURCES)
    yield _Place((*_CONTAINER, "f:resources"), own.get("resources"), resources, is_documented=False)
    for key, usual in (("tolerations", eks_defaults.TOLERATIONS), ("affinity", eks_defaults.AFFINITY)):
        yield _Place((*_POD, f"f:{key}"), spec.get(key), values.get(key, usual), is_documented=False)


def _probe(live: Json) -> Json:
    """Remove `initialDelaySeconds: 0`, the API server's default."""
    if not isinstance(live, Mapping):
        return live
    return {key: value for key, value in live.items() if (key, value) != ("initialDelaySeconds", 0)}


def _budget(found: Manifests, values: JsonObject) -> Iterator[Taken]:
    budget_values = member(values, "podDisruptionBudget")
    if [each.name for each in found.workload.budgets] != [NAME] or budget_values.get("enabled") is False:
        return
    spec = member(found.budgets[0], "spec")
    budget_bounds = {
        key: budget_values[key]
        for key in ("maxUnavailable", "minAvailable")
        if budget_values.get(key) is not None
    }
    for key, value in (budget_bounds or eks_defaults.BUDGET).items():
        yield _taken(
            "PodDisruptionBudget", found.budgets[0], _Place(("f:spec", f"f:{key}"), spec.get(key), value)
        )


def _taken(kind: str, manifest: JsonObject, place: _Place) -> Taken:
    becomes = place.live if is_same(place.live, place.becomes) else place.becomes
    return Taken(
        f"{kind} {_printed(place.path)}",
        _owner(manifest, place.path),
        place.live,
        becomes,
        place.is_documented,
    )


def _owner(manifest: JsonObject, path: Path) -> str:
    """Field manager of a field or of anything below it; of several, one that is not EKS."""
    entries = member(manifest, "metadata").get("managedFields")
    found = [
        str(entry.get("manager") or "")
        for entry in (entries if isinstance(entries, list) else ())
        if isinstance(entry, Mapping) and _has(entry.get("fieldsV1"), path)
    ]
    return next((name for name in found if name != EKS), next(iter(found), ""))


def _has(node: Json, path: Path) -> bool:
    for step in path:
        if not isinstance(node, Mapping) or step not in node:
            return False
        node = node[step]
    return True


def _printed(path: Path) -> str:
    parts = []
    for step in path:
        if step.startswith("k:"):
            budget_bounds = json.loads(step.removeprefix("k:"))
            parts.append("[" + ",".join(f"{key}={value}" for key, value in budget_bounds.items()) + "]")
        else:
            parts.append(f".{step.removeprefix('f:')}")
    return "".join(parts).removeprefix(".")
