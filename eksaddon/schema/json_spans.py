"""Changes one key of a JSON text and leaves every other byte where it is."""

import json
from dataclasses import dataclass
from json.decoder import scanstring  # type: ignore[attr-defined]  # public in practice, missing in the stubs
from json.encoder import ESCAPE_ASCII

from eksaddon.domain.json import Json
from eksaddon.schema.overlay import Edit

_DECODER = json.JSONDecoder()
_BLANKS = " \t\n\r"


@dataclass(frozen=True, slots=True)
class _Entry:
    key: str
    key_start: int
    key_end: int
    value_start: int
    value_end: int


@dataclass(frozen=True, slots=True)
class _Object:
    """Attributes: start at `{`, end behind `}`."""

    start: int
    end: int
    entries: tuple[_Entry, ...]

    def find(self, key: str) -> int | None:
        return next((number for number, entry in enumerate(self.entries) if entry.key == key), None)


def edit_json(text: str, change: Edit) -> str:
    """The text with one key set or removed; it must be a JSON object, and hold all but the last key."""
    if not text.strip():
        text = "{}"
    found = _scan(text, _skip(text, 0))
    for key in change.keys[:-1]:
        number = found.find(key)
        if number is None:
            raise KeyError(change.path)
        found = _scan(text, found.entries[number].value_start)
    key = change.keys[-1]
    number = found.find(key)
    if change.is_removal:
        return text if number is None else _remove(text, found, number)
    if number is None:
        return _insert(text, found, key, change.after)
    entry = found.entries[number]
    return text[: entry.value_start] + _dumped(change.after, text, entry) + text[entry.value_end :]


def _scan(text: str, start: int) -> _Object:
    position = _skip(text, start + 1)
    entries: list[_Entry] = []
    while text[position] != "}":
        key, key_end = scanstring(text, position + 1, True)  # noqa: FBT003  # strict, as json.loads is
        value_start = _skip(text, _skip(text, key_end) + 1)
        _, value_end = _DECODER.raw_decode(text, value_start)
        entries.append(_Entry(key, position, key_end, value_start, value_end))
        position = _skip(text, value_end)
        if text[position] == ",":
            position = _skip(text, position + 1)
    return _Object(start, position + 1, tuple(entries))


def _skip(text: str, position: int) -> int:
    while text[position] in _BLANKS:
        position += 1
    return position


def _remove(text: str, found: _Object, number: int) -> str:
    entries, entry = found.entries, found.entries[number]
    if number:
        return text[: entries[number - 1].value_end] + text[entry.value_end :]
    if len(entries) > 1:
        return text[: entry.key_start] + text[entries[1].key_start :]
    return text[: entry.key_start] + text[entry.value_end :]


def _insert(text: str, found: _Object, key: str, value: Json) -> str:
    """Behind the last entry, in the manner of the last entry."""
    name = json.dumps(key, ensure_ascii=False)
    if not found.entries:
        return text[: found.start + 1] + name + ": " + _dumped(value, text, None) + text[found.end - 1 :]
    last = found.entries[-1]
    before = found.entries[-2].value_end if len(found.entries) > 1 else found.start
    gap = text[before : last.key_start].lstrip("{").replace(",", "")
    colon = text[last.key_end : last.value_start]
    return (
        text[: last.value_end]
        + ","
        + gap
        + name
        + colon
        + _dumped(value, text, last)
        + text[last.value_end :]
    )


def _dumped(value: Json, text: str, near: _Entry | None) -> str:
    """As JSON, compact where the neighbour is."""
    spaced = near is None or text[near.key_end : near.value_start].endswith((" ", "\n"))
    separators = (", ", ": ") if spaced else (",", ":")
    plain = json.dumps(value, ensure_ascii=False, separators=separators)
    escaped = near is not None and _escapes_ascii(text[near.value_start : near.value_end])
    if escaped or any("\ud800" <= letter <= "\udfff" for letter in plain):
        return json.dumps(value, ensure_ascii=True, separators=separators)
    return plain


def _escapes_ascii(token: str) -> bool:
    return "\\u" in token and ESCAPE_ASCII.search(token.replace("\\u", "")) is not None and token.isascii()
