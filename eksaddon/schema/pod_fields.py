"""The pod template's own schema of the keys that EKS's schemas pass on unchecked.

Source: api/openapi-spec/v3/apis__apps__v1_openapi.json and pkg/apis/core/validation/validation.go of
Kubernetes 1.29 and 1.36. A server-side apply also rejects fields that the schema does not declare.
"""

from eksaddon.domain.json import Json, JsonObject
from eksaddon.schema.packaged import AddonSchema, SchemaSource

_TEXT: JsonObject = {"type": "string"}
_NAMES: JsonObject = {"type": "array", "items": _TEXT}
_TEXTS: JsonObject = {"type": "object", "additionalProperties": _TEXT}
_SECONDS: JsonObject = {"type": "integer"}
_WEIGHT: JsonObject = {"type": "integer", "minimum": 1, "maximum": 100}
_POLICY: JsonObject = {"enum": ["Honor", "Ignore"]}


def _object(properties: JsonObject, *required: str) -> JsonObject:
    found: dict[str, Json] = {"type": "object", "additionalProperties": False, "properties": properties}
    return found | ({"required": list(required)} if required else {})


def _list(items: JsonObject) -> JsonObject:
    return {"type": "array", "items": items}


def _expressions(*operators: str) -> JsonObject:
    operator: JsonObject = {"enum": list(operators)}
    return _list(_object({"key": _TEXT, "operator": operator, "values": _NAMES}, "key", "operator"))


_SELECTOR = _object(
    {"matchLabels": _TEXTS, "matchExpressions": _expressions("In", "NotIn", "Exists", "DoesNotExist")}
)
_NODE_EXPRESSIONS = _expressions("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt")
_NODE_TERM = _object({"matchExpressions": _NODE_EXPRESSIONS, "matchFields": _NODE_EXPRESSIONS})
_POD_TERM = _object(
    {
        "labelSelector": _SELECTOR,
        "matchLabelKeys": _NAMES,
        "mismatchLabelKeys": _NAMES,
        "namespaceSelector": _SELECTOR,
        "namespaces": _NAMES,
        "topologyKey": {"type": "string", "minLength": 1},
    },
    "topologyKey",
)
_REQUIRED, _PREFERRED = (
    f"{kind}DuringSchedulingIgnoredDuringExecution" for kind in ("required", "preferred")
)
_POD_AFFINITY = _object(
    {
        _REQUIRED: _list(_POD_TERM),
        _PREFERRED: _list(
            _object({"weight": _WEIGHT, "podAffinityTerm": _POD_TERM}, "weight", "podAffinityTerm")
        ),
    }
)
_NODE_AFFINITY = _object(
    {
        _REQUIRED: _object({"nodeSelectorTerms": {**_list(_NODE_TERM), "minItems": 1}}, "nodeSelectorTerms"),
        _PREFERRED: _list(_object({"weight": _WEIGHT, "preference": _NODE_TERM}, "weight", "preference")),
    }
)
_TOLERATION = _object(
    {
        "effect": {"enum": ["", "NoSchedule", "PreferNoSchedule", "NoExecute"]},
        "key": _TEXT,
        "operator": {"enum": ["", "Exists", "Equal", "Lt", "Gt"]},
        "tolerationSeconds": _SECONDS,
        "value": _TEXT,
    }
)
_SPREAD = _object(
    {
        "labelSelector": _SELECTOR,
        "matchLabelKeys": _NAMES,
        "maxSkew": {"type": "integer", "minimum": 1},
        "minDomains": {"type": "integer", "minimum": 1},
        "nodeAffinityPolicy": _POLICY,
        "nodeTaintsPolicy": _POLICY,
        "topologyKey": {"type": "string", "minLength": 1},
        "whenUnsatisfiable": {"enum": ["DoNotSchedule", "ScheduleAnyway"]},
    },
    "maxSkew",
    "topologyKey",
    "whenUnsatisfiable",
)
_AFFINITY: dict[str, Json] = {
    "type": ["object", "null"],
    "additionalProperties": False,
    "properties": {
        "nodeAffinity": _NODE_AFFINITY,
        "podAffinity": _POD_AFFINITY,
        "podAntiAffinity": _POD_AFFINITY,
    },
}

POD_FIELDS = AddonSchema(
    version="the pod template",
    source=SchemaSource.PACKAGED,
    document={
        "$schema": "http://json-schema.org/draft-06/schema#",
        "type": "object",
        "properties": {
            "affinity": _AFFINITY,
            "nodeSelector": _TEXTS,
            "podAnnotations": _TEXTS,
            "podLabels": _TEXTS,
            "tolerations": _list(_TOLERATION),
            "topologySpreadConstraints": _list(_SPREAD),
        },
    },
)
"""Keys of configurationValues that become fields of the pod template as they are."""

EKS_RESOURCES: JsonObject = {
    "limits": {"memory": "170Mi"},
    "requests": {"cpu": "100m", "memory": "70Mi"},
}
"""The container's resources in EKS's manifest (source: EKS's CoreDNS manifests for 1.28 to 1.36)."""
