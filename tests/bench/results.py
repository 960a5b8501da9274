"""Results as JSON, so that two runs of the benchmark can be compared and the docs are made from one."""

import json
import os
import platform
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.bench.measuring import Run, Series

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Result:
    """The programs in one setting."""

    title: str
    series: tuple[Series, ...]

    def of(self, name: str) -> Series | None:
        return next((each for each in self.series if each.name == name), None)


@dataclass(frozen=True, slots=True)
class Results:
    """What one machine measured.

    Attributes:
        python: Version of CPython.
        cores: CPUs that the benchmark may use.
    """

    python: str
    cores: int
    results: tuple[Result, ...]

    @property
    def loads(self) -> tuple[float, float]:
        """Least and greatest load before a run."""
        found = [run.load for result in self.results for series in result.series for run in series.runs]
        return min(found), max(found)


def results(found: Iterable[Result]) -> Results:
    version = f"{platform.python_implementation()} {'.'.join(map(str, sys.version_info[:3]))}"
    return Results(version, len(os.sched_getaffinity(0)), tuple(found))


def write_results(found: Results, path: Path) -> None:
    document = {"format": FORMAT, **asdict(found)}
    path.write_text(json.dumps(document, indent=1, sort_keys=True) + "\n")


def read_results(path: Path) -> Results:
    """Read what `write_results` wrote.

    Raises:
        ValueError: Another format.
    """
    document: dict[str, Any] = json.loads(path.read_text())
    if document.get("format") != FORMAT:
        raise ValueError(f"{path}: format {document.get('format')} instead of {FORMAT}")
    return Results(document["python"], document["cores"], tuple(map(_result, document["results"])))


def _result(document: dict[str, Any]) -> Result:
    return Result(document["title"], tuple(map(_series, document["series"])))


def _series(document: dict[str, Any]) -> Series:
    runs = tuple(Run(**each) for each in document["runs"])
    return Series(document["name"], document["clusters"], runs)


def compared(before: Results, after: Results) -> Iterator[str]:
    """One line for each program and figure that is in both: the medians, and whether the ranges overlap."""
    for result in after.results:
        other = next((each for each in before.results if each.title == result.title), None)
        for series in result.series if other else ():
            old = other.of(series.name) if other else None
            if old is None:
                continue
            for name, measure in MEASURES.items():
                was, now = old.figure(measure), series.figure(measure)
                overlap = now.least <= was.most and was.least <= now.most
                change = (now.middle / was.middle - 1) * 100 if was.middle else 0.0
                word = "within the spread" if overlap else "outside the spread"
                yield (
                    f"{result.title}: {series.name}, {name}: {was.middle:.2f} -> {now.middle:.2f}"
                    f" ({change:+.0f} %, {word})"
                )


MEASURES = {
    "wall s": lambda run: run.wall,
    "CPU s": lambda run: run.cpu,
    "RSS MiB": lambda run: run.memory,
    "calls": lambda run: float(run.call_count),
    "connections": lambda run: float(run.connections),
}
"""What is compared, by name and unit."""
