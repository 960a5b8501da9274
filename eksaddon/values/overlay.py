"""Desired keys laid over what is stored: mappings by key, everything else whole, null removes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from eksaddon.domain.json import Json, JsonObject, path_text
from eksaddon.values.parse import equal


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
        return path_text(self.keys)

    @property
    def is_removal(self) -> bool:
        return self.after is None


def edits(tree: JsonObject, overlay: JsonObject) -> tuple[Edit, ...]:
    """What the overlay changes, in its order, much as RFC 7396 merges.

    A mapping is merged by key into a mapping, everything else is set whole; null removes a key, and sets
    nothing where there is none.
    """
    return tuple(_edits(tree, overlay, ()))


def _edits(tree: JsonObject, overlay: JsonObject, above: tuple[str, ...]) -> Iterator[Edit]:
    for key, wanted in overlay.items():
        keys, present = (*above, key), tree.get(key)
        if isinstance(wanted, Mapping) and isinstance(present, Mapping):
            yield from _edits(present, wanted, keys)
        elif wanted is None:
            if key in tree:
                yield Edit(keys, present, None)
        elif key in tree or not _only_removes(wanted):
            after = _cleaned(wanted)
            if key not in tree or not equal(present, after):
                yield Edit(keys, present, after)


def _only_removes(wanted: Json) -> bool:
    """Whether nothing is set where nothing stands; an empty mapping is itself something."""
    return wanted is None or (
        isinstance(wanted, Mapping) and bool(wanted) and all(map(_only_removes, wanted.values()))
    )


def _cleaned(value: Json) -> Json:
    """What is set where no mapping stands: without nulls, which only remove; those in lists are values."""
    match value:
        case Mapping():
            return {key: _cleaned(inner) for key, inner in value.items() if not _only_removes(inner)}
        case _:
            return _plain(value)


def _plain(value: Json) -> Json:
    """Dicts and lists in place of whatever mappings and sequences there are."""
    match value:
        case Mapping():
            return {key: _plain(inner) for key, inner in value.items()}
        case str():
            return value
        case Sequence():
            return [_plain(inner) for inner in value]
        case _:
            return value


def edits_between(before: JsonObject, after: JsonObject) -> tuple[Edit, ...]:
    """Every difference between two documents, those of `after` first and then what it no longer has."""
    return tuple(_differences(before, after, ()))


def _differences(before: JsonObject, after: JsonObject, above: tuple[str, ...]) -> Iterator[Edit]:
    for key, new in after.items():
        keys, old = (*above, key), before.get(key)
        if isinstance(new, Mapping) and isinstance(old, Mapping):
            yield from _differences(old, new, keys)
        elif key not in before or not equal(old, new):
            yield Edit(keys, old, new)
    for key, old in before.items():
        if key not in after:
            yield Edit((*above, key), old, None)


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
        copy[key] = _with(inner if isinstance(inner, Mapping) else {}, tuple(below), change)
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
