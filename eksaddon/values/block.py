"""Edits keys of a mapping in YAML's block style, where lines and indentation are significant."""

import re
from collections.abc import Iterator, Sequence

from eksaddon.domain.json import Json
from eksaddon.frozen import dataclass
from eksaddon.regex import regex
from eksaddon.values.nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode
from eksaddon.values.overlay import Edit
from eksaddon.values.render import Rendered, YamlStyle, json_text, literal_block, rendered
from eksaddon.values.splice import Splice, UneditableError

_COLON = regex(r"[ \t]*:")
_HEADER = regex(r"(?:[!&][^ \t]*[ \t]+)*([|>])([-+0-9]*)")
_BLANKS = " \t\r\n"
_BREAK = regex(r"\r\n|\n")
_DEEPEST_STEP = 9
"""Maximum of a literal block's indentation indicator, which is a single digit."""


@dataclass(frozen=True, slots=True)
class _Extent:
    """Position of a value.

    Attributes:
        start: Start of the part on the key's line; if there is none, start and end are after the colon.
        body_start: End of the line above the value's own lines; None if it has none.
        body_end: End of its last line, without the line break.
    """

    start: int
    end: int
    body_start: int | None
    body_end: int


def block_style(text: str, root: MappingNode, *, quote_all: bool) -> YamlStyle:
    """The document's indentation, taken from the first nested mapping."""
    inner = (
        entry.node for entry in root.entries if isinstance(entry.node, MappingNode) and not entry.node.flow
    )
    steps = (_indent(text, node.entries[0].start) - _indent(text, root.start) for node in inner)
    unit = next((step for step in steps if step <= _DEEPEST_STEP), YamlStyle().unit)
    return YamlStyle(unit, quote_all)


def block_splices(text: str, node: MappingNode, edits: Sequence[Edit], style: YamlStyle) -> Iterator[Splice]:
    """The replacements for edits of keys directly in this mapping.

    Raises:
        UneditableError: A key does not have its own lines, or no key would remain.
    """
    known = {entry.key: entry for entry in node.entries}
    removed = [edit.keys[-1] for edit in edits if edit.is_removal]
    kept = [entry for entry in node.entries if entry.key not in removed]
    column = _column(text, node.entries[0])
    added = {edit.keys[-1]: edit.after for edit in edits if edit.keys[-1] not in known}
    new = rendered(added, column - style.unit, style) if added else Rendered("", ("{}",))
    if not known.keys() >= set(removed):
        raise UneditableError
    if not kept:
        yield _refill(text, node, new.lines)
        return
    for edit in edits:
        entry = known.get(edit.keys[-1])
        if entry is not None and not edit.is_removal:
            yield from _replace(text, entry, edit.after, style)
    yield from (_removal(text, known[key], kept[0]) for key in removed)
    if added:
        yield _insertion(text, kept[-1], new, column)


def entry_end(text: str, entry: Entry) -> int:
    """End of an entry, without the comments and blank lines below it."""
    node = entry.node
    return _colon_end(text, entry) if isinstance(node, ScalarNode) and node.is_absent else _end(text, node)


def _end(text: str, node: Node) -> int:
    match node:
        case ScalarNode() if node.is_block:
            return _block_scalar_end(text, node)
        case MappingNode(flow=False):
            return entry_end(text, node.entries[-1])
        case SequenceNode(flow=False):
            last = node.items[-1]
            if isinstance(last, ScalarNode) and last.is_absent:
                raise UneditableError
            return _end(text, last)
        case _:
            return node.end


def _block_scalar_end(text: str, node: ScalarNode) -> int:
    """End of a block scalar, without the blank lines below it unless they belong to its text."""
    header = _header(text, node)
    if "+" in header[2]:
        return _before_break(text, node.end)
    if header[1] == ">" or not isinstance(node.value, str):
        return _line_end(text, node.start + len(text[node.start : node.end].rstrip(_BLANKS)))
    end = _line_end(text, header.end())
    content = node.value.rstrip("\n")
    for _ in range(content.count("\n") + 1 if content else 0):
        end = _line_end(text, _next_line(text, end))
    return end


def _header(text: str, node: ScalarNode) -> re.Match[str]:
    found = _HEADER.match(text, node.start)
    if found is None:
        raise UneditableError
    return found


def _line_start(text: str, position: int) -> int:
    return text.rfind("\n", 0, position) + 1


def _line_end(text: str, position: int) -> int:
    """Offset of the line break at or after `position`, else of the end of the text."""
    found = _BREAK.search(text, position)
    return found.start() if found else len(text)


def _before_break(text: str, position: int) -> int:
    """Offset of the line break that ends at `position`; `position` if none does."""
    width = 2 if text.endswith("\r\n", 0, position) else 1 if text.endswith("\n", 0, position) else 0
    return position - width


def _next_line(text: str, end: int) -> int:
    found = _BREAK.match(text, end)
    return found.end() if found else end


def _indent(text: str, position: int) -> int:
    return position - _line_start(text, position)


def _column(text: str, entry: Entry) -> int:
    start = _line_start(text, entry.start)
    if text[start : entry.start].strip(" "):
        raise UneditableError
    return entry.start - start


def _colon_end(text: str, entry: Entry) -> int:
    found = _COLON.match(text, entry.end)
    if found is None:
        raise UneditableError
    return found.end()


def _removal(text: str, entry: Entry, first_kept: Entry) -> Splice:
    """Remove an entry with the line break above it, so that insertions below the last line do not overlap."""
    start, end = entry.start - _column(text, entry), _line_end(text, entry_end(text, entry))
    if entry.start < first_kept.start or end == len(text):
        return Splice(start, _next_line(text, end), "")
    return Splice(_before_break(text, start), end, "")


def _refill(text: str, node: MappingNode, lines: Sequence[str]) -> Splice:
    """Replace all lines of a mapping."""
    start, end = _line_start(text, node.entries[0].start), _line_end(text, _end(text, node))
    return Splice(start, end, _line_break(text).join(lines))


def _insertion(text: str, last: Entry, new: Rendered, column: int) -> Splice:
    """Insert after the last entry; before it if its text would gain a line break otherwise."""
    line_break = _line_break(text)
    end = _line_end(text, entry_end(text, last))
    if end == len(text) and _ends_open(text, last.node):
        lines = "".join(f"{line}{line_break}" for line in new.lines)
        return Splice(last.start, last.start, lines[column:] + " " * column)
    closing = line_break if new.needs_break and end == len(text) else ""
    return Splice(end, end, "".join(f"{line_break}{line}" for line in new.lines) + closing)


def _ends_open(text: str, node: Node) -> bool:
    """Whether the node ends with a literal block whose text depends on the line break after it."""
    match node:
        case ScalarNode():
            return node.is_block and "-" not in _header(text, node)[2]
        case MappingNode(flow=False):
            return _ends_open(text, node.entries[-1].node)
        case SequenceNode(flow=False):
            return _ends_open(text, node.items[-1])
        case _:
            return False


def _line_break(text: str) -> str:
    found = _BREAK.search(text)
    return found[0] if found else "\n"


def _replace(text: str, entry: Entry, value: Json, style: YamlStyle) -> Iterator[Splice]:
    extent = _extent(text, entry)
    new = _render_like(text, entry, value, style)
    colon = _colon_end(text, entry)
    if extent.start == extent.end:
        yield Splice(colon, colon, f" {new.inline}" if new.inline else "")
    else:
        yield Splice(extent.start if new.inline else colon, extent.end, new.inline)
    start = _line_end(text, extent.end) if extent.body_start is None else extent.body_start
    end = start if extent.body_start is None else extent.body_end
    line_break = _line_break(text)
    closing = line_break if new.needs_break and end == len(text) else ""
    yield Splice(start, end, "".join(f"{line_break}{line}" for line in new.lines) + closing)


def _extent(text: str, entry: Entry) -> _Extent:
    node, colon = entry.node, _colon_end(text, entry)
    match node:
        case ScalarNode() if node.is_absent:
            return _Extent(colon, colon, None, colon)
        case ScalarNode() if node.is_block:
            header = _header(text, node)
            body = _line_end(text, header.end())
            return _Extent(node.start, header.end(), body, max(body, _end(text, node)))
        case MappingNode(flow=False) | SequenceNode(flow=False):
            return _body_only(text, node, colon)
        case _:
            return _Extent(node.start, node.end, None, node.end)


def _body_only(text: str, node: MappingNode | SequenceNode, colon: int) -> _Extent:
    rest_of_line = text[colon : _line_end(text, colon)].strip(" \t")
    if rest_of_line and not rest_of_line.startswith("#"):
        raise UneditableError
    first = node.entries[0].start if isinstance(node, MappingNode) else node.start
    above = _before_break(text, _line_start(text, first))
    return _Extent(colon, colon, above, _line_end(text, _end(text, node)))


def _render_like(text: str, entry: Entry, value: Json, style: YamlStyle) -> Rendered:
    """Render a new value in the style of the old one."""
    column = _column(text, entry)
    match entry.node, value:
        case ScalarNode(style='"'), str():
            return Rendered(json_text(value))
        case ScalarNode(style="'"), str() if value.isprintable():
            doubled = value.replace("'", "''")
            return Rendered(f"'{doubled}'")
        case ScalarNode(style="|" | ">") as old, str() if not style.quote_all:
            inner = _block_column(text, old, column) or column + style.unit
            return literal_block(value, column, inner) or rendered(value, column, style)
        case SequenceNode(flow=False) as old, list() if value:
            return rendered(value, _indent(text, old.start) - style.unit, style)
        case _:
            return rendered(value, column, style)


def _block_column(text: str, node: ScalarNode, parent: int) -> int:
    """Column of the lines of a block scalar; 0 if it has none."""
    digit = next((int(sign) for sign in _header(text, node)[2] if sign.isdigit()), 0)
    if digit:
        return parent + digit
    body = text[_line_end(text, node.start) : node.end]
    found = re.search(r"\n( *)[^ \r\n]", body)
    return len(found[1]) if found else 0
