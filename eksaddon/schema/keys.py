"""The keys of configuration schemas, and the versions that have them."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from eksaddon.schema.groups import KNOWN_VERSIONS
from eksaddon.schema.packaged import packaged_schema

_DEPTH = 4
"""Most levels of keys; the published schemas have three."""


def key_paths(document: Mapping[str, Any]) -> frozenset[str]:
    """All keys that a schema names, nested ones as `podDisruptionBudget.maxUnavailable`."""
    return frozenset(_paths(document, document, "", _DEPTH))


def _paths(node: Mapping[str, Any], root: Mapping[str, Any], above: str, depth: int) -> Iterator[str]:
    properties = _followed(node, root).get("properties")
    if not isinstance(properties, Mapping) or not depth:
        return
    for key, below in properties.items():
        path = f"{above}.{key}" if above else str(key)
        yield path
        if isinstance(below, Mapping):
            yield from _paths(below, root, path, depth - 1)


def _followed(node: Mapping[str, Any], root: Mapping[str, Any]) -> Mapping[str, Any]:
    """The node that a local `$ref` names; the node itself without one."""
    name = str(node.get("$ref", "")).removeprefix("#/definitions/")
    definitions = root.get("definitions")
    found = definitions.get(name) if isinstance(definitions, Mapping) else None
    return found if isinstance(found, Mapping) else node


@lru_cache(maxsize=256)
def supported_since(path: str) -> tuple[str, ...]:
    """The first version of each run of known versions that has a key, oldest first.

    There are several where a newer CoreDNS was released before a build of an older one got the key.
    """
    found, had = [], False
    for version in KNOWN_VERSIONS:
        has = path in _packaged_paths(str(version))
        if has and not had:
            found.append(str(version))
        had = has
    return tuple(found)


@lru_cache(maxsize=512)
def _packaged_paths(version: str) -> frozenset[str]:
    schema = packaged_schema(version)
    return frozenset() if schema is None else key_paths(schema.document)
