"""Edits a document's text, each change within the span of its key."""

from collections.abc import Iterator, Mapping, Sequence

from eksaddon.domain.json import Json, JsonObject
from eksaddon.values.block import block_splices, block_style, entry_end
from eksaddon.values.flow import FlowStyle, flow_splices, flow_style
from eksaddon.values.json_nodes import scan
from eksaddon.values.nodes import Entry, MappingNode, Node
from eksaddon.values.overlay import Edit
from eksaddon.values.parse import Form
from eksaddon.values.render import json_text, yaml_text
from eksaddon.values.splice import Splice, UneditableError, spliced

_Keys = tuple[str, ...]


def edited(
    text: str, form: Form, changes: Sequence[Edit], tree: JsonObject, *, quote_all: bool = False
) -> str | None:
    """Apply changes in place; None if that is not possible.

    Args:
        tree: The expected values of the result.
        quote_all: In YAML, quote new strings instead of using literal blocks.
    """
    root = _root(text, form)
    if not isinstance(root, MappingNode):
        return _start_document(text, form, tree)
    try:
        return spliced(
            text, _splices(text, form, root, _group_by_mapping(root, changes, tree), quote_all=quote_all)
        )
    except UneditableError:
        return None


def _root(text: str, form: Form) -> Node | None:
    if form is Form.YAML:
        from eksaddon.values.yaml_nodes import compose  # noqa: PLC0415  # 60 ms that JSON need not pay

        return compose(text).root
    return scan(text) if text.strip() else None


def _start_document(text: str, form: Form, tree: JsonObject) -> str | None:
    """Add the first value to an empty document, below its comments."""
    if form is Form.JSON:
        return json_text(tree)
    if any(line.strip() and not line.lstrip().startswith("#") for line in text.splitlines()):
        return None
    line_break = "" if text.endswith("\n") else "\n"
    return f"{text}{line_break}{yaml_text(tree)}"


def _group_by_mapping(
    root: MappingNode, changes: Sequence[Edit], tree: JsonObject
) -> dict[_Keys, list[Edit]]:
    """Group changes by mapping; a block mapping that becomes empty is replaced by `{}`."""
    groups: dict[_Keys, list[Edit]] = {}
    for change in changes:
        groups.setdefault(change.keys[:-1], []).append(change)
    for keys in sorted(groups, key=len, reverse=True):
        node = _mapping(root, keys)
        remaining = _value(tree, keys)
        if keys and not node.flow and not remaining:
            del groups[keys]
            groups.setdefault(keys[:-1], []).append(Edit(keys, node.value, remaining))
    return groups


def _mapping(root: MappingNode, keys: _Keys) -> MappingNode:
    node: Node | None = root
    for key in keys:
        entries = node.entries if isinstance(node, MappingNode) else ()
        node = next((entry.node for entry in entries if entry.key == key), None)
    if not isinstance(node, MappingNode):
        raise UneditableError
    return node


def _value(tree: JsonObject, keys: _Keys) -> Json:
    value: Json = tree
    for key in keys:
        value = value[key] if isinstance(value, Mapping) else None
    return value


def _splices(
    text: str, form: Form, root: MappingNode, groups: Mapping[_Keys, Sequence[Edit]], *, quote_all: bool
) -> Iterator[Splice]:
    is_json = form is Form.JSON
    around = FlowStyle(ascii_only=is_json and "\\u" in text and text.isascii(), plain_keys=not is_json)
    if root.flow:
        around = flow_style(text, root, around)
    for keys in sorted(groups, key=len, reverse=True):  # insertions of inner mappings come first
        node, changes = _mapping(root, keys), groups[keys]
        if node.flow:
            yield from flow_splices(text, node, changes, flow_style(text, node, around))
        else:
            yield from block_splices(text, node, changes, block_style(text, root, quote_all=quote_all))


def keeps_others(before: str, form: Form, after: str, new_form: Form, changes: Sequence[Edit]) -> bool:
    """Whether all keys without a change have the same bytes in both texts."""
    old, new = _root(before, form), _root(after, new_form)
    if not isinstance(old, MappingNode):
        return True
    return isinstance(new, MappingNode) and _is_unchanged(
        before, old, after, new, [one.keys for one in changes]
    )


def _is_unchanged(
    before: str, old: MappingNode, after: str, new: MappingNode, changed: Sequence[_Keys]
) -> bool:
    counterparts = {entry.key: entry for entry in new.entries}
    for entry in old.entries:
        below = [keys[1:] for keys in changed if keys[0] == entry.key]
        if () in below:
            continue
        counterpart = counterparts.get(entry.key)
        if counterpart is None:
            return False
        if below and isinstance(entry.node, MappingNode) and isinstance(counterpart.node, MappingNode):
            if not _is_unchanged(before, entry.node, after, counterpart.node, below):
                return False
        elif _entry_text(before, entry) != _entry_text(after, counterpart):
            return False
    return True


def _entry_text(text: str, entry: Entry) -> str:
    try:
        return text[entry.start : entry_end(text, entry)]
    except UneditableError:
        return text[entry.start : entry.node.end].rstrip()
