"""What a probe in a pod prints: one JSON line a second with everything it has counted so far.

Counts are cumulative, so that a line that is lost takes nothing away; failed lookups are those of the last
second, as milliseconds before the line. A line stays below 16 KiB, at which container runtimes cut (source:
CRI logging, partial lines): of an ended pod, which fails with every lookup, only the first ones are listed.
"""

import json
from collections.abc import Mapping, Sequence

from eksaddon.domain.json import Json, JsonObject
from eksaddon.domain.probing.figures import Figures
from eksaddon.frozen import dataclass

KEY, VERSION = "eksdnsProbe", 2
POD = "pod/"
"""Begins the name of a server that is a single pod."""

MOST_FAILURES, MOST_OF_A_POD = 1500, 5
"""Of one line, for all other servers and for each pod; the rest is counted in `omitted`."""


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
        failures: Lookups that failed since the line before, by server and kind, then by time.
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
    kept = _listed(line.failures)
    groups: dict[tuple[str, str], list[Json]] = {}
    for each in kept:
        before = round(line.at * 1000) - round(each.sent * 1000)
        groups.setdefault((each.server, each.kind), []).append(before)
    document: JsonObject = {
        KEY: VERSION,
        "sequence": line.sequence,
        "at": round(line.at, 3),
        "servers": {name: _counts(each) for name, each in line.servers.items()},
        "failures": [[server, kind, before] for (server, kind), before in groups.items()],
        "omitted": line.omitted + len(line.failures) - len(kept),
        "last": line.is_last,
    }
    return json.dumps(document, separators=(",", ":"))


def _listed(failures: Sequence[FailedLookup]) -> list[FailedLookup]:
    """The first and the last ones, where there are too many; of a pod the first ones."""
    by_time = sorted(failures, key=lambda each: each.sent)
    of_pods: dict[str, list[FailedLookup]] = {}
    others: list[FailedLookup] = []
    for each in by_time:
        (of_pods.setdefault(each.server, []) if each.server.startswith(POD) else others).append(each)
    if len(others) > MOST_FAILURES:
        half = MOST_FAILURES // 2
        others = [*others[:half], *others[-half:]]
    found = [*others, *(each for pod in of_pods.values() for each in pod[:MOST_OF_A_POD])]
    return sorted(found, key=lambda each: (each.server, each.kind, each.sent))


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


def has_other_version(text: str) -> bool:
    """Whether a log has lines of another version of eksdns."""
    return any(f'"{KEY}":' in each and f'"{KEY}":{VERSION},' not in each for each in text.splitlines())


def _line(text: str) -> ProbeLine | None:
    try:
        document = json.loads(text)
        if document[KEY] != VERSION:
            return None
        at = float(document["at"])
        return ProbeLine(
            int(document["sequence"]),
            at,
            {str(name): _figures(counts) for name, counts in document["servers"].items()},
            tuple(
                FailedLookup(str(server), (round(at * 1000) - int(before)) / 1000, str(kind))
                for server, kind, all_before in document["failures"]
                for before in all_before
            ),
            int(document["omitted"]),
            bool(document["last"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError, RecursionError):
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
