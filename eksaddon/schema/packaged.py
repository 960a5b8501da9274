"""The configuration schemas, generated from the table of groups; a live schema always wins over these."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from eksaddon.schema.groups import Budget, SchemaGroup, membership
from eksaddon.schema.versions import parse_version


class SchemaSource(StrEnum):
    LIVE = "live"
    """From DescribeAddonConfiguration, for exactly this version."""
    PACKAGED = "packaged"
    """Generated from the table."""
    ASSUMED = "assumed"
    """That of a neighbour in the table."""


@dataclass(frozen=True, slots=True)
class AddonSchema:
    """The JSON Schema of one add-on version's configurationValues.

    Attributes:
        document: Not to be changed.
    """

    version: str
    document: Mapping[str, Any]
    source: SchemaSource

    def __hash__(self) -> int:
        """Leave the document out: a dict has none."""
        return hash((self.version, self.source))


@lru_cache(maxsize=512)
def packaged_schema(version: str) -> AddonSchema | None:
    """The schema that is known or assumed of a version, in draft-06 as EKS gives it; None where none is."""
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


def _said(schema: Mapping[str, Any], description: str) -> dict[str, Any]:
    return {**schema, "description": description}


_REPLICAS = {"type": "integer", "minimum": 2, "maximum": 1000}

_PROPERTIES: dict[str, dict[str, Any]] = {
    "affinity": _said({"type": ["object", "null"]}, "Pod affinity, replaces EKS's default"),
    "annotationTopologyMode": _said(
        {**_TEXT, "enum": ["Disabled", "Auto"]}, "Value of service.kubernetes.io/topology-mode on the Service"
    ),
    "computeType": _said(_TEXT, "Compute type of the pods, such as Fargate"),
    "corefile": _said(_TEXT, "The whole Corefile, replaces EKS's default; EKS does not validate it"),
    "nodeSelector": _said({**_OBJECT, "additionalProperties": _TEXT}, "Labels that a node must have"),
    "podAnnotations": _said(_OBJECT, "Additional annotations of the pods"),
    "podLabels": _said(_OBJECT, "Additional labels of the pods"),
    "replicaCount": _said({"type": "integer"}, "Replicas of the Deployment; the schema sets no bounds"),
    "resources": {"$ref": "#/definitions/Resources"},
    "tolerations": _said({"type": "array", "items": _OBJECT}, "Tolerations, replace EKS's defaults"),
    "topologySpreadConstraints": _said({"type": "array"}, "How pods spread over zones and nodes"),
    "trafficDistribution": _said(
        {**_TEXT, "enum": ["PreferSameNode", "PreferSameZone", "PreferClose"]},
        "Endpoints that the Service prefers; if unset, the cluster's default",
    ),
}


_SCALING: dict[str, dict[str, Any]] = {
    "cpuCoresPerReplica": _said(
        {"type": "integer", "minimum": 1, "maximum": 1000}, "CPU cores of the cluster for each replica"
    ),
    "maxReplicas": _said(_REPLICAS, "Upper limit for EKS scaling"),
    "minReplicas": _said({**_REPLICAS, "default": 2}, "Lower limit for EKS scaling"),
    "nodesPerReplica": _said(
        {"type": "integer", "minimum": 1, "maximum": 100}, "Nodes of the cluster for each replica"
    ),
}


def _scaling(keys: frozenset[str]) -> dict[str, Any]:
    enabled = _said({"type": "boolean", "default": False}, "Let EKS scale the replicas")
    return _closed({"enabled": enabled, **{key: _SCALING[key] for key in sorted(keys)}}, required=["enabled"])


_ANY_PERCENT: dict[str, Any] = {**_TEXT, "pattern": ".*%$"}
_WHOLE_PERCENT: dict[str, Any] = {**_TEXT, "pattern": "^(100|[1-9]?[0-9])%$", "maxLength": 4}


def _amount(description: str, percent: dict[str, Any]) -> dict[str, Any]:
    ways = [percent, {"type": "integer"}]
    return _said({"anyOf": ways}, f"{description}, as a number or a percentage such as 33%")


def _budget(form: Budget) -> dict[str, Any]:
    said = _said(_OBJECT, "PodDisruptionBudget that EKS creates for the pods")
    if form is Budget.UNCHECKED:
        return said
    enabled: dict[str, Any] = _said(
        {"type": "boolean"}, "Whether EKS creates one; false keeps an existing one"
    )
    percent = _WHOLE_PERCENT if form is Budget.WHOLE_PERCENT else _ANY_PERCENT
    most = _amount("Maximum number of unavailable pods", percent)
    if form in {Budget.WITH_DEFAULTS, Budget.WHOLE_PERCENT}:
        enabled, most = {**enabled, "default": True}, {**most, "default": 1}
    least = _amount("Minimum number of available pods; cannot be combined with maxUnavailable", percent)
    return {**said, "properties": {"enabled": enabled, "maxUnavailable": most, "minAvailable": least}}


@lru_cache(maxsize=16)
def _document(group: SchemaGroup) -> dict[str, Any]:
    own = {"autoScaling": _scaling(group.scaling), "podDisruptionBudget": _budget(group.budget)}
    known = {**_PROPERTIES, **own}
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
