"""Imports live settings of CoreDNS into the add-on's configuration; pure."""

from collections.abc import Iterator, Mapping, Sequence

from eksaddon.domain.adoption import Manifests, member
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.json import Json, JsonObject, to_plain
from eksaddon.frozen import dataclass
from eksaddon.plan.adoption import eks_defaults
from eksaddon.schema import AddonSchema, validate

NAME = "coredns"


@dataclass(frozen=True, slots=True)
class ImportedValues:
    """The configuration for the live settings, as far as the version's schema has keys."""

    values: JsonObject
    findings: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class _Setting:
    """A key of the configuration and its live value.

    Attributes:
        stock: EKS's default if the key is omitted.
    """

    key: str
    live: Json
    stock: Json


def importable(found: Manifests, schema: AddonSchema) -> ImportedValues:
    values: dict[str, Json] = {"replicaCount": found.workload.replicas}
    findings: list[Diagnostic] = []
    added: list[str] = []
    for one in (*_settings(found), *_budget(found)):
        if is_same(one.live, one.stock):
            continue
        if not one.live:
            added.append(one.key)
        elif errors := validate(schema, {one.key: one.live}):
            findings.append(_not_held(one, f"{errors[0].path or one.key} {errors[0].message}"))
        else:
            values[one.key] = one.live
    values["corefile"] = found.workload.corefile
    return ImportedValues(values, (*findings, *_added(added)))


def container(found: Manifests) -> JsonObject:
    """The CoreDNS container; empty if none has its name."""
    own = (each for each in sequence(pod(found).get("containers")) if each.get("name") == NAME)
    return next(own, {})


def pod(found: Manifests) -> JsonObject:
    return member(found.deployment, "spec", "template", "spec")


def sequence(value: Json) -> tuple[JsonObject, ...]:
    """The mappings in a list."""
    items = value if isinstance(value, Sequence) and not isinstance(value, str) else ()
    return tuple(each for each in items if isinstance(each, Mapping))


def _settings(found: Manifests) -> Iterator[_Setting]:
    spec, about = pod(found), member(found.deployment, "spec", "template", "metadata")
    notes = member(about, "annotations")
    yield _Setting("resources", container(found).get("resources"), eks_defaults.RESOURCES)
    yield _Setting("tolerations", spec.get("tolerations"), eks_defaults.TOLERATIONS)
    yield _Setting("affinity", spec.get("affinity"), eks_defaults.AFFINITY)
    yield _Setting("nodeSelector", spec.get("nodeSelector"), None)
    yield _Setting("topologySpreadConstraints", spec.get("topologySpreadConstraints"), eks_defaults.SPREAD)
    yield _Setting("podLabels", _others(member(about, "labels"), eks_defaults.LABELS), None)
    yield _Setting("podAnnotations", _others(notes, eks_defaults.ANNOTATIONS), None)
    yield _Setting("computeType", _compute_type(notes), None)


def _others(found: JsonObject, known: frozenset[str]) -> JsonObject:
    return {key: value for key, value in found.items() if key not in known}


def _compute_type(annotations: JsonObject) -> Json:
    value = annotations.get(eks_defaults.COMPUTE_TYPE)
    return None if value == "ec2" else value


def _budget(found: Manifests) -> Iterator[_Setting]:
    """The add-on's budget has the name `coredns`; together with another one it would block evictions."""
    names = [each.name for each in found.workload.budgets]
    if names == [NAME]:
        spec = member(found.budgets[0], "spec")
        bounds = {key: spec[key] for key in ("maxUnavailable", "minAvailable") if spec.get(key) is not None}
        live: JsonObject = {"enabled": True, **bounds}
        yield _Setting("podDisruptionBudget", live, {"enabled": True, **eks_defaults.BUDGET})
    elif names:
        yield _Setting("podDisruptionBudget", {"enabled": False}, None)


def is_same(one: Json, other: Json) -> bool:
    """Whether two values are equal; tuples equal lists, and None equals an empty value."""
    return to_plain(one) == to_plain(other) or (not one and not other)


def _added(keys: list[str]) -> Iterator[Diagnostic]:
    if keys:
        summary = f"not set now, EKS adds its defaults: {', '.join(keys)}"
        why = "the add-on's schema has no value to disable them"
        yield Diagnostic(Severity.INFO, "adopt-added", summary, why)


def _not_held(one: _Setting, why: str) -> Diagnostic:
    summary = f"{one.key} is not imported: {why}"
    return Diagnostic(Severity.WARNING, "adopt-not-carried", summary, "EKS's default replaces it")
