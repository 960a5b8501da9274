"""Keys of the add-on's configuration that EKS writes into the pod template of the Deployment.

Source: the add-on's schema, whose keys have the names of the fields that they become.
"""

from collections.abc import Mapping

from eksaddon.domain.json import Json, JsonObject

_SPEC = ("affinity", "nodeSelector", "tolerations", "topologySpreadConstraints")
_METADATA = {"podLabels": "labels", "podAnnotations": "annotations"}
_REPLACED = {"$patch": "replace"}
"""Directive of a strategic merge patch; else it would merge with what the template has."""

_MERGED_LIST = "topologySpreadConstraints"
"""The only list of these that merges; in the others, the directive would be an item (source: API conventions,
patchStrategy of PodSpec)."""


def template_patch(before: JsonObject, after: JsonObject) -> JsonObject | None:
    """A strategic merge patch of the Deployment with the fields that an add-on update changes.

    Args:
        before: configurationValues now.
        after: configurationValues to send.

    Returns:
        None if the update changes none of these fields, or only removes some.
    """
    changed = {key: value for key, value in after.items() if before.get(key) != value}
    spec: dict[str, Json] = {key: _replacing(key, changed[key]) for key in _SPEC if key in changed}
    if isinstance(resources := changed.get("resources"), Mapping):
        spec["containers"] = [{"name": "coredns", "resources": resources}]
    metadata: dict[str, Json] = {field: changed[key] for key, field in _METADATA.items() if key in changed}
    template = {**({"metadata": metadata} if metadata else {}), **({"spec": spec} if spec else {})}
    return {"spec": {"template": template}} if template else None


def _replacing(key: str, value: Json) -> Json:
    if isinstance(value, Mapping):
        return {**_REPLACED, **value}
    return [_REPLACED, *value] if key == _MERGED_LIST and isinstance(value, list | tuple) else value
