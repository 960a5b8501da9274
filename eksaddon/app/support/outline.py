"""The outline of a user's file: its keys, and only values that cannot be a secret."""

from collections.abc import Iterator, Mapping
from functools import cache

from eksaddon.config.json_schema import config_schema
from eksaddon.corefile.syntax.directives import LIVES
from eksaddon.domain.geography import REGIONS
from eksaddon.domain.json import Json
from eksaddon.regex import regex

TEXT = "[text]"
KEY = "[key {}]"
DEEPEST, LONGEST = 12, 400
"""Levels, and lines of an outline."""

_MOST_DIGITS = 5
_HARMLESS = regex(
    r"[0-9]{1,5}(?:ms|s|m|h|%)?"  # a number of few digits, such as a duration or a share
    r"|v?[0-9]{1,2}(?:\.[0-9]{1,3}){1,2}(?:-eksbuild\.[0-9]{1,3})?"  # a version
)
_COREFILE_WORDS = frozenset(LIVES) | {
    *("{", "}", ".", ".:53", "/etc/resolv.conf", "cluster.local", "in-addr.arpa", "ip6.arpa"),
    *("lameduck", "pods", "insecure", "verified", "disabled", "fallthrough", "ttl", "max_concurrent"),
    *("prefer_udp", "force_tcp", "policy", "random", "round_robin", "sequential", "expire"),
    *("success", "denial", "serve_stale", "prefetch"),
}


def outline(value: Json) -> str:
    """YAML with the structure of a document; texts and unknown keys are replaced.

    A value is shown if it is a word of the fleet file's schema, a region, a version, a number of up to five
    digits or a duration. Everything else is replaced, whether it looks like a secret or not.
    """
    lines = list(_lines(value, 0))
    more = [f"... and {len(lines) - LONGEST} more lines"] if len(lines) > LONGEST else []
    return "\n".join((*lines[:LONGEST], *more))


def _lines(value: Json, level: int) -> Iterator[str]:
    pad = "  " * level
    if level > DEEPEST:
        yield f"{pad}..."
    elif isinstance(value, Mapping) and value:
        for number, (key, inner) in enumerate(value.items(), 1):
            name = key if key in _words().keys else KEY.format(number)
            yield from _entry(f"{pad}{name}:", inner, level)
    elif isinstance(value, list) and value:
        for inner in value:
            yield from _entry(f"{pad}-", inner, level)
    else:
        yield f"{pad}{shown(value)}"


def _entry(start: str, value: Json, level: int) -> Iterator[str]:
    if isinstance(value, Mapping | list) and value:
        yield start
        yield from _lines(value, level + 1)
    elif isinstance(value, str) and "\n" in value:
        yield f"{start} |"
        for line in value.splitlines():
            yield "  " * (level + 1) + " ".join(_word(word) for word in line.split())
    else:
        yield f"{start} {shown(value)}"


def shown(value: Json) -> str:
    """One value, or what stands for it."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | float():
            text = str(value)
            return text if len(text) <= _MOST_DIGITS else TEXT
        case str():
            if not value:
                return '""'
            return value if value in _words().values or _HARMLESS.fullmatch(value) else TEXT
        case _:
            return "{}" if isinstance(value, Mapping) else "[]"


def _word(word: str) -> str:
    """A word of a Corefile; comments are words as well."""
    return word if word in _COREFILE_WORDS or _HARMLESS.fullmatch(word) else TEXT


class _Words:
    """Keys and words of the fleet file's schema."""

    def __init__(self) -> None:
        self.keys: set[str] = set()
        self.values = {*REGIONS, "*"}
        self._collect(config_schema())

    def _collect(self, schema: Json) -> None:
        if isinstance(schema, list):
            for each in schema:
                self._collect(each)
        if not isinstance(schema, Mapping):
            return
        properties = schema.get("properties")
        if isinstance(properties, Mapping):
            self.keys.update(properties)
        choices = schema.get("enum")
        if isinstance(choices, list):
            self.values.update(word for word in choices if isinstance(word, str))
        if isinstance(only := schema.get("const"), str):
            self.values.add(only)
        for each in schema.values():
            self._collect(each)


@cache
def _words() -> _Words:
    return _Words()
