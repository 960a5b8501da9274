"""Desired keys laid over what is stored: mappings by key, everything else whole, null removes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from eksaddon.domain.json import Json, JsonObject
from eksaddon.schema.values import equal


@dataclass(frozen=True, slots=True)
class Edit:
    """One key to be set or removed.

    Attributes:
        keys: From the top level down.
        before: None where the key is absent.
        after: None where the key is removed.
    """

    keys: tuple[str, ...]
    before: Json
    after: Json

    @property
    def path(self) -> str:
        return ".".join(self.keys)

    @property
    def is_removal(self) -> bool:
        return self.after is None


def edits(tree: JsonObject, overlay: JsonObject) -> tuple[Edit, ...]:
    """What the overlay changes, in its order; a mapping that is absent is set whole, without its nulls."""
    return tuple(_edits(tree, overlay, ()))


def _edits(tree: JsonObject, overlay: JsonObject, above: tuple[str, ...]) -> Iterator[Edit]:
    for key, wanted in overlay.items():
        keys, present = (*above, key), tree.get(key)
        if isinstance(wanted, Mapping) and isinstance(present, Mapping):
            yield from _edits(present, wanted, keys)
        elif wanted is None:
            if key in tree:
                yield Edit(keys, present, None)
        elif key not in tree or not equal(present, _without_nulls(wanted)):
            yield Edit(keys, present, _without_nulls(wanted))


def _without_nulls(value: Json) -> Json:
    if isinstance(value, Mapping):
        return {key: _without_nulls(inner) for key, inner in value.items() if inner is not None}
    return value


def apply_edits(tree: JsonObject, changes: tuple[Edit, ...]) -> JsonObject:
    """The tree with the edits made; the given one is left as it is."""
    for change in changes:
        tree = _with(tree, change.keys, change)
    return tree


def _with(tree: JsonObject, keys: tuple[str, ...], change: Edit) -> JsonObject:
    key, *below = keys
    copy = dict(tree)
    if below:
        inner = copy[key]
        if isinstance(inner, Mapping):
            copy[key] = _with(inner, tuple(below), change)
    elif change.is_removal:
        copy.pop(key, None)
    else:
        copy[key] = change.after
    return copy


def leaves(change: Edit) -> tuple[Edit, ...]:
    """The same change, field by field, as people read it."""
    if isinstance(change.after, Mapping) and change.after and not isinstance(change.before, Mapping):
        return tuple(
            leaf
            for key, inner in change.after.items()
            for leaf in leaves(Edit((*change.keys, key), None, inner))
        )
    return (change,)
