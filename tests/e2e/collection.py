"""The collected Corefiles that lie beside the checkout, where they do."""

import base64
import functools
import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e.coredns_release import Case

COLLECTED = Path(__file__).parents[3] / "shared" / "corefiles" / "collected.jsonl"


@dataclass(frozen=True, slots=True)
class Collected:
    """One of them.

    Attributes:
        kind: `ok`, `refused`, `old-version`, `external-plugin`, `plugin-not-built`, `environment`.
        error: Recorded from CoreDNS 1.14.7; empty where it accepts the file.
    """

    id: str
    kind: str
    case: Case
    error: str


def collected(kind: str = "") -> tuple[Collected, ...]:
    """All of a kind, or all; the test is skipped where the collection is absent."""
    if not COLLECTED.exists():
        pytest.skip(f"NOT TESTED on the collected Corefiles: {COLLECTED} is absent")
    return tuple(one for one in _read() if kind in {"", one.kind})


@functools.cache
def _read() -> tuple[Collected, ...]:
    found = []
    for line in COLLECTED.read_text("utf-8").splitlines():
        entry = json.loads(line)
        data = base64.b64decode(entry["b64"]) if "b64" in entry else entry["text"].encode()
        error = entry["setup"]["error"] or entry["parse"]["error"] or ""
        name = f"{entry['set']} {entry['id']}"
        found.append(Collected(name, entry["class"], Case(data, entry["env"]), error))
    return tuple(found)
