"""JSON documents as plain Python values."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from eksaddon.regex import regex

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]
JsonObject = Mapping[str, Json]

SCHEMA_VERSION: Final = 2
"""Version of every document that eksdns writes. New keys do not raise it: readers ignore unknown keys."""


def canonical(value: Json) -> str:
    """Serialise with sorted keys and without whitespace: equal values give equal texts."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def canonical_list(values: Iterable[Json]) -> Iterator[str]:
    """The canonical text of a list in parts, so that it is never in memory as a whole."""
    before = "["
    for value in values:
        yield f"{before}{canonical(value)}"
        before = ","
    yield "[]" if before == "[" else "]"


def digest(value: Json) -> str:
    """SHA-256 of the canonical text, as hex."""
    return digest_of_parts((canonical(value),))


def digest_of_parts(parts: Iterable[str]) -> str:
    """SHA-256 of a text in parts, as hex."""
    found = hashlib.sha256()
    for part in parts:
        found.update(part.encode("utf-8", "surrogatepass"))
    return found.hexdigest()


def to_plain(value: Json) -> Json:
    """Convert mappings and sequences to dicts and lists, at every depth: jsonschema accepts only these."""
    match value:
        case Mapping():
            return {key: to_plain(inner) for key, inner in value.items()}
        case str():
            return value
        case Sequence():
            return [to_plain(inner) for inner in value]
        case _:
            return value


_BLANKS = " \t\r\n"


_WORDS = {
    "Expecting value": "expected a value",
    "Expecting property name enclosed in double quotes": "expected a key in double quotes",
    "Expecting ',' delimiter": "expected a comma",
    "Expecting ':' delimiter": "expected a colon",
    "Extra data": "unexpected text after the end",
    "Unterminated string starting at": "string without an end",
    "Invalid control character at": "control character in a string",
}
"""Plain words for the messages of Python's decoder, which are the same from Python 3.11 to 3.14."""


def json_fault(error: json.JSONDecodeError) -> json.JSONDecodeError:
    """Normalise message and position of a JSON error: plain words, the same in every Python version.

    Python 3.13 and later point at a trailing comma; earlier versions at the bracket after it.
    """
    before, at = error.doc[: error.pos].rstrip(_BLANKS), error.pos
    if error.doc[at : at + 1] in ("}", "]") and before.endswith(","):
        return json.JSONDecodeError("trailing comma", error.doc, len(before) - 1)
    if error.msg.startswith("Illegal trailing comma"):
        return json.JSONDecodeError("trailing comma", error.doc, at)
    return json.JSONDecodeError(_WORDS.get(error.msg, error.msg), error.doc, at)


_PLAIN_KEY = regex(r"[A-Za-z_][A-Za-z0-9_-]*")


def path_text(path: Sequence[str | int]) -> str:
    """Format a path in a document, such as `podLabels["app.kubernetes.io/name"]` or `tolerations[0].key`."""
    parts = [
        f".{key}" if isinstance(key, str) and _PLAIN_KEY.fullmatch(key) else f"[{canonical(key)}]"
        for key in path
    ]
    return "".join(parts).removeprefix(".")
