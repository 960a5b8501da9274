"""The configuration schemas, written from the table of versions; a live schema always wins over these."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from eksaddon.schema.versions import AddonVersion, Budget, Features, features, parse_version


class SchemaSource(StrEnum):
    LIVE = "live"
    PACKAGED = "packaged"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True, eq=False)
class AddonSchema:
    """The JSON Schema of one add-on version's configurationValues.

    Attributes:
        source: Where it comes from; ASSUMED is that of the nearest older version known.
    """

    version: str
    document: Mapping[str, Any]
    source: SchemaSource


def packaged_schema(version: str) -> AddonSchema | None:
    """None where neither the version nor an older one is known."""
    parsed = parse_version(version)
    return None if parsed is None else _packaged(parsed)


@lru_cache(maxsize=256)
def _packaged(version: AddonVersion) -> AddonSchema | None:
    known = features(version)
    if known is None:
        return None
    source = SchemaSource.ASSUMED if known.assumed else SchemaSource.PACKAGED
    return AddonSchema(str(version), _document(known.features), source)


_TEXT = {"type": "string"}
_OBJECT = {"type": "object"}
_REPLICAS = {"type": "integer", "minimum": 2, "maximum": 1000}
_AMOUNT = {"anyOf": [{"type": "string", "pattern": ".*%$"}, {"type": "integer"}]}
_BUDGET_KEYS = {"enabled": {"type": "boolean"}, "maxUnavailable": _AMOUNT, "minAvailable": _AMOUNT}
_BUDGETS: dict[Budget, dict[str, Any]] = {
    Budget.ABSENT: {},
    Budget.CHECKED: {"podDisruptionBudget": {**_OBJECT, "properties": _BUDGET_KEYS}},
    Budget.UNCHECKED: {"podDisruptionBudget": {**_OBJECT, **_BUDGET_KEYS}},
}


def _closed(properties: Mapping[str, Any], **more: object) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": dict(properties), **more}


def _document(given: Features) -> dict[str, Any]:
    return {
        "$schema": "http://json-schema.org/draft-06/schema#",
        "$ref": "#/definitions/Coredns",
        "definitions": {
            "Coredns": _closed(dict(sorted(_properties(given).items()))),
            "Limits": _closed({"cpu": _TEXT, "memory": _TEXT}),
            "Resources": _closed({key: {"$ref": "#/definitions/Limits"} for key in ("limits", "requests")}),
        },
    }


def _properties(given: Features) -> dict[str, Any]:
    found: dict[str, Any] = {
        "computeType": _TEXT,
        "corefile": {**_TEXT, "description": "The whole Corefile, instead of the one that EKS ships"},
        "nodeSelector": {"type": "object", "additionalProperties": _TEXT},
        "replicaCount": {"type": "integer"},
        "resources": {"$ref": "#/definitions/Resources"},
        **_BUDGETS[given.budget],
    }
    if given.scheduling:
        found["affinity"] = {"type": ["object", "null"]}
        found["tolerations"] = {"type": "array", "items": _OBJECT}
    if given.spread:
        found["topologySpreadConstraints"] = {"type": "array"}
    if given.pod_metadata:
        found.update(dict.fromkeys(("podAnnotations", "podLabels"), _OBJECT))
    if given.auto_scaling:
        scaling = {"enabled": {"type": "boolean"}, "minReplicas": _REPLICAS, "maxReplicas": _REPLICAS}
        found["autoScaling"] = _closed(scaling, required=["enabled"])
    if given.topology_mode:
        found["annotationTopologyMode"] = {"type": "string", "enum": ["Disabled", "Auto"]}
    if given.traffic_distribution:
        ways = ["PreferSameNode", "PreferSameZone", "PreferClose"]
        found["trafficDistribution"] = {"type": "string", "enum": ways}
    return found
