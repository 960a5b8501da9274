"""An object's fields by path, as in server-side apply (source: Kubernetes API, FieldsV1)."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from eksaddon.domain.json import Json, JsonObject

Path = tuple[str, ...]
"""Steps in fieldsV1 format: `f:name` for a key, `k:{"name":"coredns"}` for an item of a keyed list."""

Fields = Mapping[Path, Json]
"""Every leaf of an object; lists without keys are leaves."""

_LIST_KEYS: Mapping[str, tuple[str, ...]] = {
    "f:containers": ("name",),
    "f:volumes": ("name",),
    "f:env": ("name",),
    "f:ports": ("containerPort", "protocol"),
    "f:volumeMounts": ("mountPath",),
    "f:conditions": ("type",),
    "f:topologySpreadConstraints": ("topologyKey", "whenUnsatisfiable"),
}
"""Key of the items of a list (source: x-kubernetes-list-map-keys of apps/v1)."""

_ITEM = "k:"


def flatten(document: Json, path: Path = ()) -> dict[Path, Json]:
    """Flatten to leaves; an empty object is a leaf."""
    return dict(_leaves(document, path))


def _leaves(value: Json, path: Path) -> Iterator[tuple[Path, Json]]:
    keys = _LIST_KEYS.get(path[-1]) if path else None
    if isinstance(value, Mapping) and value:
        for name, each in value.items():
            yield from _leaves(each, (*path, f"f:{name}"))
    elif keys and isinstance(value, Sequence) and not isinstance(value, str) and value:
        for item in value:
            yield from _leaves(item, (*path, _item(item, keys)))
    else:
        yield path, value


def _item(item: Json, keys: Iterable[str]) -> str:
    key_fields = {key: item[key] for key in keys if key in item} if isinstance(item, Mapping) else {}
    return _ITEM + json.dumps(key_fields, separators=(",", ":"), sort_keys=True)


def unflatten(fields: Fields) -> JsonObject:
    """Rebuild the object; items of keyed lists are in the order of their first field."""
    root: dict[str, Json] = {}
    for path, value in fields.items():
        _put(root, path, value)
    built = _built(root)
    return built if isinstance(built, dict) else {}


def _put(node: dict[str, Json], path: Path, value: Json) -> None:
    *above, last = path
    for step in above:
        child = node.setdefault(step, {})
        if not isinstance(child, dict):
            child = node[step] = {}
        node = child
    node[last] = _Leaf(value)  # type: ignore[assignment]  # distinguished from objects below


class _Leaf:
    def __init__(self, value: Json) -> None:
        self.value = value


def _built(node: object) -> Json:
    if isinstance(node, _Leaf):
        return node.value
    if not isinstance(node, dict):
        raise TypeError(node)
    if node and all(step.startswith(_ITEM) for step in node):
        return [_built(each) for each in node.values()]
    return {step.removeprefix("f:"): _built(each) for step, each in node.items()}


def fields_v1(paths: Iterable[Path]) -> JsonObject:
    """The fieldsV1 tree of a managedFields entry."""
    root: dict[str, Json] = {}
    for path in sorted(paths):
        node = root
        for step in path:
            child = node.setdefault(step, {})
            if isinstance(child, dict):
                if step.startswith(_ITEM):
                    child.setdefault(".", {})
                node = child
    return root


def printed(path: Path) -> str:
    """Format a path as in conflict messages: `.spec.template.spec.containers[name="coredns"].lifecycle`."""
    return "".join(_step(step) for step in path)


def _step(step: str) -> str:
    if not step.startswith(_ITEM):
        return f".{step.removeprefix('f:')}"
    key_fields = json.loads(step.removeprefix(_ITEM))
    return "[" + ",".join(f"{key}={json.dumps(value)}" for key, value in key_fields.items()) + "]"
