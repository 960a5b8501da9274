"""Renders documents as JSON and YAML text."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from eksaddon.domain.json import Json, JsonObject
from eksaddon.regex import regex
from eksaddon.report.escape import as_json

_PLAIN = regex(r"[A-Za-z][A-Za-z0-9_./-]*")
_RESERVED = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null"])
_PAIR = regex(r"\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})")


def json_text(document: JsonObject) -> str:
    """JSON with one line for each cluster, which is compact and easy to diff."""
    clusters = document.get("clusters")
    return "".join(json_parts(document, clusters if isinstance(clusters, list) else ()))


def json_parts(document: JsonObject, clusters: Iterable[Json]) -> Iterator[str]:
    """The text of `json_text`, line by line, so that a fleet's document is never in memory as a whole.

    Args:
        clusters: Replace those of the document.
    """
    yield "{"
    comma = "\n"
    for key, value in document.items():
        yield f"{comma}  {as_json(key)}: "
        yield from _members(clusters) if key == "clusters" and isinstance(value, list) else (as_json(value),)
        comma = ",\n"
    yield "\n}\n"


def _members(values: Iterable[Json]) -> Iterator[str]:
    before = "[\n    "
    for value in values:
        yield f"{before}{as_json(value)}"
        before = ",\n    "
    yield "[]" if before.startswith("[") else "\n  ]"


def yaml_text(document: JsonObject) -> str:
    """Block style in the document's order, readable by YAML 1.1 and 1.2.

    A custom writer, because ruamel.yaml needs seconds for a fleet. Strings are plain words or JSON strings,
    which YAML supports, so untrusted text never starts a line.
    """
    return "".join(f"{line}\n" for line in _yaml_lines(document))


def _yaml_lines(value: Json) -> Iterator[str]:
    match value:
        case str():
            yield _scalar(value)
        case Mapping() if value:
            for key, member in value.items():
                yield from _led(f"{_scalar(key)}:", member, "  ")
        case Sequence() if value:
            for member in value:
                yield from _item(member)
        case _:
            yield as_json(value)


def _led(head: str, value: Json, indent: str) -> Iterator[str]:
    """Collections go below the head, other values next to it."""
    if _has_members(value):
        yield head
        yield from (f"{indent}{line}" for line in _yaml_lines(value))
    else:
        yield f"{head} {next(_yaml_lines(value))}"


def _item(value: Json) -> Iterator[str]:
    dash = "- "
    for line in _yaml_lines(value):
        yield f"{dash}{line}"
        dash = "  "


def _has_members(value: Json) -> bool:
    return not isinstance(value, str) and isinstance(value, Mapping | Sequence) and bool(value)


def _scalar(text: str) -> str:
    if _PLAIN.fullmatch(text) and text.lower() not in _RESERVED:
        return text
    return _PAIR.sub(_astral, as_json(text))


def _astral(pair: re.Match[str]) -> str:
    """Merge a surrogate pair into one escape: YAML's escapes are characters, not UTF-16 units."""
    high, low = int(pair[1], 16), int(pair[2], 16)
    return f"\\U{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00):08x}"
