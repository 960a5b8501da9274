"""Merges desired keys into a configurationValues document, as it would be sent to EKS."""

from collections.abc import Sequence

from eksaddon.domain.json import JsonObject
from eksaddon.frozen import dataclass
from eksaddon.values.edit import edited, keeps_others
from eksaddon.values.overlay import Edit, apply_edits, edits
from eksaddon.values.parse import BYTE_ORDER_MARK, Form, Values, body_of, equal, parse_values
from eksaddon.values.render import json_text, yaml_text


@dataclass(frozen=True, slots=True)
class Merged:
    """Result of a merge.

    Attributes:
        text: The full document; the unchanged input if nothing changes.
        changes: The edits made, in the overlay's order.
        reformatted: The text was regenerated in the same format, because no edit in place could be verified.
    """

    text: str
    tree: JsonObject
    changes: tuple[Edit, ...]
    reformatted: bool = False


def merge(document: Values, overlay: JsonObject) -> Merged:
    """Merge the overlay into the document; keys that are not in the overlay keep their bytes."""
    changes = edits(document.tree, overlay)
    if not changes:
        return Merged(document.text, document.tree, ())
    tree = apply_edits(document.tree, changes)
    body = body_of(document.text)
    mark = BYTE_ORDER_MARK if body != document.text else ""
    for quote_all in (False, True):
        text = edited(body, document.form, changes, tree, quote_all=quote_all)
        if text is not None and _is_verified(body, text, document.form, changes, tree):
            return Merged(mark + text, tree, changes)
    regenerated = yaml_text(tree) if document.form is Form.YAML else json_text(tree, step="  ")
    return Merged(mark + regenerated, tree, changes, reformatted=True)


def _is_verified(before: str, after: str, form: Form, changes: Sequence[Edit], tree: JsonObject) -> bool:
    """Whether the new text has the expected values and nothing else changed."""
    found = parse_values(after)
    if not isinstance(found, Values) or not equal(found.tree, tree):
        return False
    return keeps_others(before, form, after, found.form, changes)
