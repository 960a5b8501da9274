"""Measurements of one setting as a Markdown table, with their ratios to ours."""

from collections.abc import Iterable, Sequence

from tests.bench.contenders import OURS
from tests.bench.measuring import Measurement

_HEADING = ("program", "clusters", "wall s", "CPU ms/cluster", "RSS MiB", "calls", "connections")

_RATIOS = ("wall /cluster", "CPU /cluster", "RSS")


def table(measurements: Sequence[Measurement]) -> str:
    """Write a table; a ratio is the program's figure by ours, so above 1 the program takes more."""
    ours = next(each for each in measurements if each.name == OURS)
    heading = (*_HEADING, *(f"{each}, x ours" for each in _RATIOS))
    rows = [_cells(each, ours) for each in measurements]
    return "\n".join(map(_line, [heading, ("---",) * len(heading), *rows])) + "\n"


def _cells(one: Measurement, ours: Measurement) -> tuple[str, ...]:
    return (
        one.name,
        f"{one.clusters:,}",
        f"{one.wall:.2f}",
        f"{one.cpu / one.clusters * 1000:.2f}",
        f"{one.memory:.0f}",
        f"{one.calls:,}",
        f"{one.counts.connections:,}",
        f"{(one.wall / one.clusters) / (ours.wall / ours.clusters):.2f}",
        f"{(one.cpu / one.clusters) / (ours.cpu / ours.clusters):.2f}",
        f"{one.memory / ours.memory:.2f}",
    )


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
