"""What a probe in a pod prints: one JSON line a second with everything it has counted so far.

Counts are cumulative, so that a line that is lost takes nothing away; failed lookups are those of the last
second. A line stays below 16 KiB, at which container runtimes cut (source: CRI logging, partial lines).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from eksaddon.domain.json import Json, JsonObject
from eksaddon.domain.probing.figures import Figures

KEY, VERSION = "eksdnsProbe", 1
MOST_FAILURES = 200
"""Of one line; the rest is counted in `omitted`."""


@dataclass(frozen=True, slots=True)
class FailedLookup:
    """Attributes: sent: Seconds since the epoch, by the clock of the pod's node."""

    server: str
    sent: float
    kind: str


@dataclass(frozen=True, slots=True)
class ProbeLine:
    """One line.

    Attributes:
        sequence: From 1; a line that is read twice is the same line.
        at: As `FailedLookup.sent`.
        servers: Cumulative figures by the server's name.
        failures: Lookups that failed since the line before, the oldest first.
        omitted: How many more failed than are listed.
        is_last: The probe has ended, and no lookup is waiting for its answer.
    """

    sequence: int
    at: float
    servers: Mapping[str, Figures]
    failures: tuple[FailedLookup, ...] = ()
    omitted: int = 0
    is_last: bool = False


def to_line(line: ProbeLine) -> str:
    kept = line.failures[:MOST_FAILURES]
    document: JsonObject = {
        KEY: VERSION,
        "sequence": line.sequence,
        "at": round(line.at, 3),
        "servers": {name: _counts(each) for name, each in line.servers.items()},
        "failures": [[each.server, round(each.sent, 3), each.kind] for each in kept],
        "omitted": line.omitted + len(line.failures) - len(kept),
        "last": line.is_last,
    }
    return json.dumps(document, separators=(",", ":"))


def _counts(figures: Figures) -> Json:
    return [
        figures.scheduled,
        figures.missed,
        figures.asked,
        figures.good,
        figures.longest_outage,
        dict(figures.failures),
    ]


def read_lines(text: str) -> tuple[ProbeLine, ...]:
    """The lines of a log in order; other lines and incomplete ones are skipped."""
    found: dict[int, ProbeLine] = {}
    for each in text.splitlines():
        line = _line(each)
        if line is not None:
            found[line.sequence] = line
    return tuple(found[number] for number in sorted(found))


def _line(text: str) -> ProbeLine | None:
    try:
        document = json.loads(text)
        if document[KEY] != VERSION:
            return None
        return ProbeLine(
            int(document["sequence"]),
            float(document["at"]),
            {str(name): _figures(counts) for name, counts in document["servers"].items()},
            tuple(FailedLookup(str(one), float(at), str(kind)) for one, at, kind in document["failures"]),
            int(document["omitted"]),
            bool(document["last"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _figures(counts: list[object]) -> Figures:
    scheduled, missed, asked, good, outage, failures = counts
    kinds = failures.items() if isinstance(failures, dict) else ()
    return Figures(
        int(str(scheduled)),
        int(str(missed)),
        int(str(asked)),
        int(str(good)),
        tuple((str(kind), int(count)) for kind, count in kinds),
        float(str(outage)),
    )
