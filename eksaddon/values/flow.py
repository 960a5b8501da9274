"""Edits keys of a mapping in braces: JSON, or YAML's flow style."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from eksaddon.domain.json import Json
from eksaddon.frozen import dataclass
from eksaddon.regex import regex
from eksaddon.values.nodes import Entry, MappingNode, ScalarNode
from eksaddon.values.overlay import Edit
from eksaddon.values.render import json_text, plain_or_quoted
from eksaddon.values.splice import Splice, UneditableError

_BLANKS = " \t\r\n"
_COLON = regex(r"[ \t]*:[ \t]*")
_NEXT_LINE = regex(r"(?:\r\n|\n)[ \t]*\Z")


@dataclass(frozen=True, slots=True)
class FlowStyle:
    """Style of inserted text.

    Attributes:
        colon: Between key and value.
        gap: Between a comma and the next key; with a line break if each key has its own line.
        step: One level of indentation.
        ascii_only: Write non-ASCII characters as escapes.
        plain_keys: Write keys without quotation marks if YAML allows it.
    """

    colon: str = ": "
    gap: str = " "
    step: str = "  "
    ascii_only: bool = True
    plain_keys: bool = False

    def member(self, key: str, value: Json) -> str:
        name = plain_or_quoted(key) if self.plain_keys else json_text(key, ascii_only=self.ascii_only)
        return f"{name}{self.colon}{self.value(value)}"

    def value(self, value: Json) -> str:
        if "\n" in self.gap:
            return json_text(value, ascii_only=self.ascii_only, step=self.step).replace("\n", self.gap)
        return json_text(value, ascii_only=self.ascii_only, spaced=self.colon != ":")


def flow_style(text: str, node: MappingNode, around: FlowStyle) -> FlowStyle:
    """The style of a mapping, taken from its last entry; an empty mapping inherits the style around it.

    Args:
        around: Style of the document.
    """
    if not node.entries:
        return replace(around, gap="" if around.colon == ":" else " ")
    last = node.entries[-1]
    found = _COLON.fullmatch(text, last.end, last.node.start)
    colon = found[0] if found else around.colon
    plain_keys = around.plain_keys and text[last.start] not in "\"'"
    gap = _gap(text, node, colon)
    step = _step(text, node, gap) or around.step
    return replace(around, colon=colon, gap=gap, step=step, plain_keys=plain_keys)


def _gap(text: str, node: MappingNode, colon: str) -> str:
    before = _end(node.entries[-2]) if len(node.entries) > 1 else node.start
    between = text[before : node.entries[-1].start]
    next_line = _NEXT_LINE.search(between)
    if next_line:
        return next_line[0]
    blank = between.lstrip(_BLANKS)[1:]
    if len(node.entries) > 1 and not blank.strip(_BLANKS):
        return blank
    return "" if colon == ":" else " "


def _step(text: str, node: MappingNode, gap: str) -> str:
    """Indentation of the keys relative to the closing brace; empty if they do not have their own lines."""
    closing = _NEXT_LINE.search(text, node.start, node.end - 1)
    return gap.removeprefix(closing[0]) if closing and gap.startswith(closing[0]) else ""


def flow_splices(text: str, node: MappingNode, edits: Sequence[Edit], style: FlowStyle) -> Iterator[Splice]:
    """The replacements for edits of keys directly in this mapping.

    Raises:
        UneditableError: A key to remove or change does not have its own text here.
    """
    known = {entry.key: number for number, entry in enumerate(node.entries)}
    removed = {known.get(edit.keys[-1]) for edit in edits if edit.is_removal}
    kept = [number for number in range(len(node.entries)) if number not in removed]
    added = [edit for edit in edits if not edit.is_removal and edit.keys[-1] not in known]
    members = [style.member(edit.keys[-1], edit.after) for edit in added]
    if None in removed:
        raise UneditableError
    if not kept:
        yield _refill(text, node, f",{style.gap}".join(members))
        return
    for number in sorted(number for number in removed if number is not None):
        yield _removal(node.entries, number, kept[0])
    for edit in edits:
        if not edit.is_removal and edit.keys[-1] in known:
            yield _replacement(node.entries[known[edit.keys[-1]]], style.value(edit.after))
    end = _end(node.entries[kept[-1]])
    yield Splice(end, end, "".join(f",{style.gap}{member}" for member in members))


def _refill(text: str, node: MappingNode, members: str) -> Splice:
    """Replace all entries of a mapping; a comment in an empty one is kept."""
    start, end = node.start + 1, node.end - 1
    if not node.entries and text[start:end].strip(_BLANKS):
        end = start
    return Splice(start, end, members)


def _removal(entries: Sequence[Entry], number: int, first_kept: int) -> Splice:
    """Remove an entry with the comma before it, or after it if no entry before it is kept."""
    if number > first_kept:
        return Splice(_end(entries[number - 1]), _end(entries[number]), "")
    return Splice(entries[number].start, entries[number + 1].start, "")


def _replacement(entry: Entry, value: str) -> Splice:
    if _is_absent(entry):
        raise UneditableError
    return Splice(entry.node.start, entry.node.end, value)


def _end(entry: Entry) -> int:
    return entry.end if _is_absent(entry) else entry.node.end


def _is_absent(entry: Entry) -> bool:
    return isinstance(entry.node, ScalarNode) and entry.node.is_absent
