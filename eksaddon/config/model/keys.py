"""The keys at each path of the fleet file, and suggestions for unknown ones."""

from collections.abc import Iterable
from typing import get_args

from pydantic import BaseModel

from eksaddon.config.model.fleet_model import CorednsModel
from eksaddon.config.model.scalars import nearest

_ALIASES = {
    "replicas": "replicaCount",
    "pdb": "podDisruptionBudget",
    "grace": "terminationGracePeriod",
    "gracePeriod": "terminationGracePeriod",
    "terminationGracePeriodSeconds": "terminationGracePeriod",
    "sleep": "preStop",
    "preStopSeconds": "preStop",
    "tags": "labels",
    "roleArn": "role",
    "units": "ous",
    "stage": "waves",
}
"""Names for the same field in other tools."""


def keys_at(model: type[BaseModel], loc: Iterable[str | int]) -> tuple[str, ...]:
    """Valid keys at a location of a pydantic error, of every union member."""
    models = {model}
    for part in loc:
        children = {
            inner
            for each in models
            for field in each.model_fields.values()
            if field.alias == part
            for inner in _models_in(field.annotation)
        }
        models = children or models
    return tuple(sorted({field.alias or "" for each in models for field in each.model_fields.values()}))


def _models_in(annotation: object) -> Iterable[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)


def key_hint(key: str, known: tuple[str, ...]) -> str:
    suggested = _ALIASES.get(key, "")
    if suggested in known:
        return f"did you mean {suggested!r}?"
    if key == "account_id":
        return "a c7n-org accounts file is read with --accounts-file; here the key is `id`"
    if near := nearest(key, known):
        return near
    of_coredns = keys_at(CorednsModel, ())
    if (suggested or key) in of_coredns:
        return f"move {suggested or key} below `coredns`"
    if "configuration" in known:
        return "keys of the add-on's schema go below `configuration`"
    return f"known keys: {', '.join(known)}"
