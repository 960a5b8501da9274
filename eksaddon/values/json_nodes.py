"""Scans JSON text into nodes; only for text that json.loads accepts."""

import json
from json.decoder import scanstring  # type: ignore[attr-defined]  # public in practice, missing in the stubs

from eksaddon.domain.json import Json
from eksaddon.regex import regex
from eksaddon.values.nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode, UnreadableError

_BLANKS = regex(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()


def scan(text: str) -> Node:
    """Scan a whole document.

    Raises:
        UnreadableError: A key is duplicated.
    """
    return _node(text, _skip(text, 0))


def _skip(text: str, position: int) -> int:
    found = _BLANKS.match(text, position)
    return found.end() if found else position


def _node(text: str, start: int) -> Node:
    if text[start] == "{":
        return _mapping(text, start)
    if text[start] == "[":
        return _sequence(text, start)
    value, end = _DECODER.raw_decode(text, start)
    return ScalarNode(start, end, value, '"' if text[start] == '"' else "")


def _sequence(text: str, start: int) -> SequenceNode:
    items: list[Node] = []
    position = _skip(text, start + 1)
    while text[position] != "]":
        items.append(_node(text, position))
        position = _behind_comma(text, items[-1].end)
    value = [item.value for item in items]
    return SequenceNode(start, position + 1, tuple(items), flow=True, value=value)


def _mapping(text: str, start: int) -> MappingNode:
    entries: dict[str, Entry] = {}
    position = _skip(text, start + 1)
    while text[position] != "}":
        key, end = scanstring(text, position + 1, True)  # noqa: FBT003  # strict, as json.loads is
        if key in entries:
            raise UnreadableError(f"duplicate key {key!r}; remove one of them", position)
        node = _node(text, _skip(text, _skip(text, end) + 1))
        entries[key] = Entry(key, position, end, node)
        position = _behind_comma(text, node.end)
    value: dict[str, Json] = {key: entry.node.value for key, entry in entries.items()}
    return MappingNode(start, position + 1, tuple(entries.values()), flow=True, value=value)


def _behind_comma(text: str, position: int) -> int:
    position = _skip(text, position)
    return _skip(text, position + 1) if text[position] == "," else position
