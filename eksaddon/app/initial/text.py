"""Writes a derived fleet file as YAML."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from eksaddon.app.initial.cover import criteria_json
from eksaddon.app.initial.derive import Derived
from eksaddon.app.initial.scope import Scope
from eksaddon.domain.json import Json

LONGEST = 100
"""Characters of a list on one line."""


def fleet_text(derived: Derived, scope: Scope, notes: Sequence[str], now: float) -> str:
    """The fleet file.

    Args:
        notes: Sentences for its head.
        now: Seconds since the epoch.
    """
    return "\n".join(_lines(derived, scope, notes, now)) + "\n"


def _lines(derived: Derived, scope: Scope, notes: Sequence[str], now: float) -> Iterator[str]:
    yield "# yaml-language-server: $schema=eksdns.schema.json"
    yield f"# Written by `eksdns init` on {datetime.fromtimestamp(now, UTC):%Y-%m-%d}."
    yield from (f"# {_printable(note)}" for note in notes)
    yield "# Only fields listed here are managed; `eksdns explain CLUSTER` shows where a value comes from."
    yield "version: 1"
    yield ""
    yield "coredns:"
    for field, value in derived.baseline.items():
        share = derived.shares.get(field)
        count = f"  # {share:,} of {derived.clusters:,} clusters" if share else ""
        yield f"  {field}: {_flow(value)}{count}"
    yield "  resolveConflicts: none"
    if scope.accounts:
        yield ""
        yield "accounts:"
        yield from (f"  - {_flow(block)}" for block in scope.accounts)
    if scope.organization:
        yield ""
        yield f"organization: {_flow(scope.organization)}"
    if derived.overrides:
        yield ""
        yield "overrides:"
    for override in derived.overrides:
        yield from _match(criteria_json(override.match, scope.names))
        yield f"    coredns: {_flow(override.values)}"


def _match(block: Mapping[str, str | list[str]]) -> Iterator[str]:
    line = f"  - match: {_flow(block)}"
    if len(line) <= LONGEST:
        yield line
        return
    yield "  - match:"
    for key, value in block.items():
        if isinstance(value, str):
            yield f"      {key}: {_flow(value)}"
        else:
            yield f"      {key}:"
            yield from (f"        - {_flow(name)}" for name in value)


def _flow(value: Json) -> str:
    """A YAML flow value; strings that another reader could take for something else are quoted."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_flow(key)}: {_flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, str):
        return value if _is_plain(value) else _printable(json.dumps(value, ensure_ascii=False))
    return json.dumps(value)


def _printable(text: str) -> str:
    """Escape what YAML takes for the end of a line, or does not take at all; valid in double quotes."""
    return "".join(letter if letter.isprintable() else f"\\U{ord(letter):08x}" for letter in text)


def _is_plain(text: str) -> bool:
    """Letters, digits and dashes, and not a number, boolean or null of any YAML reader."""
    is_word = text.isascii() and text.replace("-", "").replace("_", "").isalnum() and text[0] not in "-_"
    return is_word and any(letter.isalpha() for letter in text) and not _is_special(text)


def _is_special(text: str) -> bool:
    words = {"null", "true", "false", "yes", "no", "on", "off", "y", "n", "nan", "inf"}
    return text.lower() in words or (text[0].isdigit() and not text.endswith("s"))
