"""The collection of real Corefiles with CoreDNS's verdicts; lies beside the checkout where it is at hand."""

import base64
import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from tests.support.paths import SHARED

COLLECTION = SHARED / "corefiles" / "collected.jsonl"


@dataclass(frozen=True, slots=True)
class Group:
    """Attributes: tokens: Line and text of each."""

    name: str
    tokens: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One Corefile and what CoreDNS 1.14.7 says.

    Attributes:
        number: From 0, in file order.
        name: Its set and its number there.
        kind: `ok`, `refused`, `old-version`, `external-plugin`, `plugin-not-built` or `environment`.
        tokens: Line and text.
        error: The parser's with any directive accepted; empty if there is none.
        stock_error: The parser's with the stock directives.
        setup_error: That of parser, zones and setup of plugins.
        healths: Each server block with health: its number, address and lameduck as Go prints it.
    """

    number: int
    name: str
    kind: str
    text: str
    data: bytes
    env: Mapping[str, str]
    tokens: tuple[tuple[int, str], ...]
    error: str
    stock_error: str
    setup_error: str
    blocks: tuple[tuple[tuple[str, ...], tuple[Group, ...]], ...]
    healths: tuple[str, ...]


@functools.cache
def collected() -> tuple[Entry, ...]:
    """All entries, or the test is skipped."""
    if not COLLECTION.exists():
        pytest.skip(f"the collected Corefiles are not at hand ({COLLECTION})")
    with COLLECTION.open(encoding="utf-8") as lines:
        return tuple(_entry(number, line) for number, line in enumerate(lines))


def _entry(number: int, line: str) -> Entry:
    row = json.loads(line)
    parsed, setup = row["parse"], row["setup"]
    events = setup["events"] or []
    return Entry(
        number=number,
        name=f"{row['set']} {row['id']}",
        kind=row["class"],
        text=row["text"],
        data=base64.b64decode(row["b64"]) if "b64" in row else row["text"].encode(),
        env=row["env"],
        tokens=_tokens(parsed["tokens"]),
        error=parsed["error"] or "",
        stock_error=row["known_error"] or "",
        setup_error=setup["error"] or "",
        blocks=tuple(
            (
                tuple(block["keys"]),
                tuple(Group(name, _tokens(tokens)) for name, tokens in sorted(block["directives"].items())),
            )
            for block in parsed["blocks"] or []
        ),
        healths=tuple(event for event in events if event.startswith("health ")),
    )


def _tokens(rows: list[Mapping[str, str]] | None) -> tuple[tuple[int, str], ...]:
    return tuple((int(row["line"]), row["text"]) for row in rows or [])
