"""Corefiles of our own, and what the real CoreDNS says about each (recorded by `tests.e2e.record_corpus`)."""

import functools
import json
from dataclasses import dataclass
from pathlib import Path

from tests.support.paths import ROOT

FOLDER = ROOT / "tests" / "corpus"
RECORDED = FOLDER / "verdicts.json"


@dataclass(frozen=True, slots=True)
class Recorded:
    """One Corefile.

    Attributes:
        grammar: What caddy's parser says, as the grammar judge writes it: tokens, the verdict with any
            directive, and the verdict with the stock ones.
        errors: By CoreDNS version, what its setup says; empty where it accepts the file.
    """

    name: str
    data: bytes
    grammar: str
    errors: dict[str, str]


def sources() -> tuple[Path, ...]:
    return tuple(sorted(FOLDER.glob("*.corefile")))


@functools.cache
def corpus() -> tuple[Recorded, ...]:
    verdicts = json.loads(RECORDED.read_text(encoding="utf-8"))
    return tuple(
        Recorded(path.stem, path.read_bytes(), verdicts[path.stem]["grammar"], verdicts[path.stem]["errors"])
        for path in sources()
    )
