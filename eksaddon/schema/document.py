"""A configurationValues document with desired keys laid over it, as it would be sent to EKS."""

import json
from dataclasses import dataclass

from eksaddon.domain.json import JsonObject
from eksaddon.schema.json_spans import edit_json
from eksaddon.schema.overlay import Edit, apply_edits, edits
from eksaddon.schema.values import Form, Values, equal, parse_values


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge leads to.

    Attributes:
        text: The full document; the given text itself where nothing changes.
        changes: What was set or removed, in the overlay's order.
        reformatted: The text was written anew as JSON, because no edit in place could be proven.
    """

    text: str
    tree: JsonObject
    changes: tuple[Edit, ...]
    reformatted: bool = False


def merge(document: Values, overlay: JsonObject) -> Merged:
    """Lay the overlay over the document; every key that it does not name keeps its bytes."""
    changes = edits(document.tree, overlay)
    if not changes:
        return Merged(document.text, document.tree, ())
    tree = apply_edits(document.tree, changes)
    text = _edited(document, changes)
    if text is not None and _means(text, tree):
        return Merged(text, tree, changes)
    return Merged(json.dumps(tree, ensure_ascii=True, indent=2), tree, changes, reformatted=True)


def _edited(document: Values, changes: tuple[Edit, ...]) -> str | None:
    if document.form is Form.YAML:
        return None
    text = document.text
    for change in changes:
        text = edit_json(text, change)
    return text


def _means(text: str, tree: JsonObject) -> bool:
    found = parse_values(text)
    return isinstance(found, Values) and equal(found.tree, tree)
