"""A configurationValues document with desired keys laid over it, as it would be sent to EKS."""

from collections.abc import Sequence
from dataclasses import dataclass

from eksaddon.domain.json import JsonObject
from eksaddon.values.edit import edited, keeps_others
from eksaddon.values.overlay import Edit, apply_edits, edits
from eksaddon.values.parse import BYTE_ORDER_MARK, Form, Values, body_of, equal, parse_values
from eksaddon.values.render import json_text, yaml_text


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merge leads to.

    Attributes:
        text: The full document; the given text itself where nothing changes.
        changes: What was set or removed, in the overlay's order.
        reformatted: The text was written anew in the same format, because no edit in place could be proven.
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
    body = body_of(document.text)
    mark = BYTE_ORDER_MARK if body != document.text else ""
    for quote_all in (False, True):
        text = edited(body, document.form, changes, tree, quote_all=quote_all)
        if text is not None and _is_proven(body, text, document.form, changes, tree):
            return Merged(mark + text, tree, changes)
    anew = yaml_text(tree) if document.form is Form.YAML else json_text(tree, step="  ")
    return Merged(mark + anew, tree, changes, reformatted=True)


def _is_proven(before: str, after: str, form: Form, changes: Sequence[Edit], tree: JsonObject) -> bool:
    """Whether the new text means what it should, and nothing else was touched."""
    found = parse_values(after)
    if not isinstance(found, Values) or not equal(found.tree, tree):
        return False
    return keeps_others(before, form, after, found.form, changes)
