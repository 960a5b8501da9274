"""Configuration schemas generated from the table of groups; a live schema always takes precedence."""

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Any

from eksaddon.frozen import dataclass
from eksaddon.schema.groups import Budget, SchemaGroup, membership
from eksaddon.schema.versions import parse_version


class SchemaSource(StrEnum):
    LIVE = "live"
    """From DescribeAddonConfiguration for exactly this version."""
    PACKAGED = "packaged"
    """Generated from the table."""
    ASSUMED = "assumed"
    """The schema of a neighbouring version in the table."""


@dataclass(frozen=True, slots=True)
class AddonSchema:
    """The JSON Schema of one add-on version's configurationValues.

    Attributes:
        document: Must not be modified.
    """

    version: str
    document: Mapping[str, Any]
    source: SchemaSource

    def __hash__(self) -> int:
        """Hash without the document, which is an unhashable dict."""
        return hash((self.version, self.source))


@lru_cache(maxsize=512)
def packaged_schema(version: str) -> AddonSchema | None:
    """The known or assumed schema of a version, in draft-06 like EKS's; None if its group is unknown."""
    parsed = parse_version(version)
    found = None if parsed is None else membership(parsed)
    if found is None:
        return None
    source = SchemaSource.ASSUMED if found.assumed else SchemaSource.PACKAGED
    return AddonSchema(version, _document(found.group), source)


_TEXT = {"type": "string"}
_OBJECT = {"type": "object"}


def _closed(properties: Mapping[str, Any], **more: object) -> dict[str, Any]:
    return {**_OBJECT, "additionalProperties": False, "properties": dict(properties), **more}


def _described(schema: Mapping[str, Any], description: str) -> dict[str, Any]:
    return {**schema, "description": description}


_REPLICAS = {"type": "integer", "minimum": 2, "maximum": 1000}

_PROPERTIES: dict[str, dict[str, Any]] = {
    "affinity": _described({"type": ["object", "null"]}, "Pod affinity, replaces EKS's default"),
    "annotationTopologyMode": _described(
        {**_TEXT, "enum": ["Disabled", "Auto"]}, "Value of service.kubernetes.io/topology-mode on the Service"
    ),
    "computeType": _described(_TEXT, "Compute type of the pods, such as Fargate"),
    "corefile": _described(_TEXT, "The whole Corefile, replaces EKS's default; EKS does not validate it"),
    "nodeSelector": _described({**_OBJECT, "additionalProperties": _TEXT}, "Labels that a node must have"),
    "podAnnotations": _described(_OBJECT, "Additional annotations of the pods"),
    "podLabels": _described(_OBJECT, "Additional labels of the pods"),
    "replicaCount": _described({"type": "integer"}, "Replicas of the Deployment; the schema sets no bounds"),
    "resources": {"$ref": "#/definitions/Resources"},
    "tolerations": _described({"type": "array", "items": _OBJECT}, "Tolerations, replace EKS's defaults"),
    "topologySpreadConstraints": _described({"type": "array"}, "How pods spread over zones and nodes"),
    "trafficDistribution": _described(
        {**_TEXT, "enum": ["PreferSameNode", "PreferSameZone", "PreferClose"]},
        "Endpoints that the Service prefers; if unset, the cluster's default",
    ),
}


_SCALING: dict[str, dict[str, Any]] = {
    "cpuCoresPerReplica": _described(
        {"type": "integer", "minimum": 1, "maximum": 1000}, "CPU cores of the cluster for each replica"
    ),
    "maxReplicas": _described(_REPLICAS, "Upper limit for EKS scaling"),
    "minReplicas": _described({**_REPLICAS, "default": 2}, "Lower limit for EKS scaling"),
    "nodesPerReplica": _described(
        {"type": "integer", "minimum": 1, "maximum": 100}, "Nodes of the cluster for each replica"
    ),
}


def _scaling(keys: frozenset[str]) -> dict[str, Any]:
    enabled = _described({"type": "boolean", "default": False}, "Let EKS scale the replicas")
    return _closed({"enabled": enabled, **{key: _SCALING[key] for key in sorted(keys)}}, required=["enabled"])


_ANY_PERCENT: dict[str, Any] = {**_TEXT, "pattern": ".*%$"}
_WHOLE_PERCENT: dict[str, Any] = {**_TEXT, "pattern": "^(100|[1-9]?[0-9])%$", "maxLength": 4}


def _amount(description: str, percent: dict[str, Any]) -> dict[str, Any]:
    alternatives = [percent, {"type": "integer"}]
    return _described({"anyOf": alternatives}, f"{description}, as a number or a percentage such as 33%")


def _budget(form: Budget) -> dict[str, Any]:
    schema = _described(_OBJECT, "PodDisruptionBudget that EKS creates for the pods")
    if form is Budget.UNCHECKED:
        return schema
    enabled: dict[str, Any] = _described(
        {"type": "boolean"}, "Whether EKS creates one; false keeps an existing one"
    )
    percent = _WHOLE_PERCENT if form is Budget.WHOLE_PERCENT else _ANY_PERCENT
    max_unavailable = _amount("Maximum number of unavailable pods", percent)
    if form in {Budget.WITH_DEFAULTS, Budget.WHOLE_PERCENT}:
        enabled, max_unavailable = {**enabled, "default": True}, {**max_unavailable, "default": 1}
    min_available = _amount(
        "Minimum number of available pods; cannot be combined with maxUnavailable", percent
    )
    return {
        **schema,
        "properties": {"enabled": enabled, "maxUnavailable": max_unavailable, "minAvailable": min_available},
    }


@lru_cache(maxsize=16)
def _document(group: SchemaGroup) -> dict[str, Any]:
    generated = {"autoScaling": _scaling(group.scaling), "podDisruptionBudget": _budget(group.budget)}
    known = {**_PROPERTIES, **generated}
    limits = {"$ref": "#/definitions/Limits"}
    return {
        "$schema": "http://json-schema.org/draft-06/schema#",
        "$ref": "#/definitions/Coredns",
        "definitions": {
            "Coredns": _closed({key: known[key] for key in sorted(group.keys)}, title="Coredns"),
            "Limits": _closed({"cpu": _TEXT, "memory": _TEXT}, title="Limits"),
            "Resources": _closed({"limits": limits, "requests": limits}, title="Resources"),
        },
    }
