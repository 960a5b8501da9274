"""The keys at each path of the fleet file, and suggestions for unknown ones."""

from collections.abc import Iterable
from typing import get_args

from pydantic import BaseModel

from eksaddon.config.model.fleet_model import CorednsModel
from eksaddon.config.model.scalars import nearest

_MEANT = {
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
"""Words that other tools have for the same thing."""


def keys_at(model: type[BaseModel], loc: Iterable[str | int]) -> tuple[str, ...]:
    """The keys that pydantic's location can hold, of every union member."""
    here = {model}
    for part in loc:
        below = {
            inner
            for each in here
            for field in each.model_fields.values()
            if field.alias == part
            for inner in _models_in(field.annotation)
        }
        here = below or here
    return tuple(sorted({field.alias or "" for each in here for field in each.model_fields.values()}))


def _models_in(annotation: object) -> Iterable[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)


def key_hint(key: str, known: tuple[str, ...]) -> str:
    meant = _MEANT.get(key, "")
    if meant in known:
        return f"did you mean {meant!r}?"
    if key == "account_id":
        return "a c7n-org accounts file is read with --accounts-file; here the key is `id`"
    if near := nearest(key, known):
        return near
    of_coredns = keys_at(CorednsModel, ())
    if (meant or key) in of_coredns:
        return f"move {meant or key} below `coredns`"
    if "configuration" in known:
        return "keys of the add-on's schema go below `configuration`"
    return f"known keys: {', '.join(known)}"
