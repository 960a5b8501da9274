"""Merges desired keys into stored values: mappings by key, other values as a whole, null removes."""

from collections.abc import Iterator, Mapping

from eksaddon.domain.json import Json, JsonObject, path_text, to_plain
from eksaddon.frozen import dataclass
from eksaddon.values.parse import equal


@dataclass(frozen=True, slots=True)
class Edit:
    """A key to set or remove.

    Attributes:
        keys: Path from the top level.
        before: None if the key is absent.
        after: None if the key is removed.
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
    """The changes made by an overlay, in its order, similar to RFC 7396.

    A mapping is merged by key into a mapping; other values are set as a whole. null removes a key, and has no
    effect if the key is absent.
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
            after = _without_removals(wanted)
            if key not in tree or not equal(present, after):
                yield Edit(keys, present, after)


def _only_removes(wanted: Json) -> bool:
    """Whether a value sets nothing if the key is absent; an empty mapping is a value."""
    return wanted is None or (
        isinstance(wanted, Mapping) and bool(wanted) and all(map(_only_removes, wanted.values()))
    )


def _without_removals(value: Json) -> Json:
    """The value to set if there is no mapping yet: without nulls, which remove; lists keep theirs."""
    match value:
        case Mapping():
            return {key: _without_removals(inner) for key, inner in value.items() if not _only_removes(inner)}
        case _:
            return to_plain(value)


def edits_between(before: JsonObject, after: JsonObject) -> tuple[Edit, ...]:
    """All differences between two documents: keys of `after` first, then removed keys."""
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
    """Return a copy of the tree with the edits applied."""
    for change in changes:
        tree = _apply(tree, change.keys, change)
    return tree


def _apply(tree: JsonObject, keys: tuple[str, ...], change: Edit) -> JsonObject:
    key, *below = keys
    copy = dict(tree)
    if below:
        inner = copy[key]
        copy[key] = _apply(inner if isinstance(inner, Mapping) else {}, tuple(below), change)
    elif change.is_removal:
        copy.pop(key, None)
    else:
        copy[key] = change.after
    return copy


def leaves(change: Edit) -> tuple[Edit, ...]:
    """Split a change into one edit for each field, for display."""
    if isinstance(change.after, Mapping) and change.after and not isinstance(change.before, Mapping):
        return tuple(
            leaf
            for key, inner in change.after.items()
            for leaf in leaves(Edit((*change.keys, key), None, inner))
        )
    return (change,)
