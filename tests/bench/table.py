"""The results of one setting as a Markdown table, with ratios to the leanest program."""

from collections.abc import Iterable

from tests.bench.contenders import LEAN
from tests.bench.measuring import Figure, Measure, Series
from tests.bench.results import MEASURES, Result, Results

_HEADING = ("program", "clusters", "wall s", "CPU ms/cluster", "RSS MiB", "calls", "connections")

_RATIOS = {"wall": "wall s", "CPU": "CPU s", "RSS": "RSS MiB"}


def page(found: Results) -> str:
    """The section of the docs: how it was measured, then a table for each setting."""
    low, high = found.loads
    head = (
        f"{found.python}, {found.cores} cores, load {low:.1f} to {high:.1f} before the runs; medians, with "
        "the least and the greatest value in brackets.\n"
    )
    return "\n".join([head, *(f"### {each.title}\n\n{table(each)}" for each in found.results)])


def table(result: Result) -> str:
    """Write a table; a ratio is the program's figure by that of the base, within a turn and per cluster.

    The base is the leanest program, or the first one without it.
    """
    base = result.of(LEAN) or result.series[0]
    heading = (*_HEADING, *(f"{each}, x {base.name}" for each in _RATIOS))
    rows = [_cells(each, base) for each in result.series]
    return "\n".join(map(_line, [heading, ("---",) * len(heading), *rows])) + "\n"


def _cells(one: Series, base: Series) -> tuple[str, ...]:
    run = one.runs[-1]
    return (
        one.name,
        f"{one.clusters:,}",
        _text(one.figure(MEASURES["wall s"]), 2),
        _text(one.figure(_cpu_of(one.clusters)), 2),
        _text(one.figure(MEASURES["RSS MiB"]), 0),
        f"{run.call_count:,}",
        f"{run.connections:,}",
        *(_ratio(one, base, name) for name in _RATIOS.values()),
    )


def _cpu_of(clusters: int) -> Measure:
    return lambda run: run.cpu / clusters * 1000


def _ratio(one: Series, base: Series, name: str) -> str:
    if one is base:
        return "1.00"
    if name == "RSS MiB":  # of a process, not per cluster
        return f"{one.figure(MEASURES[name]).middle / base.figure(MEASURES[name]).middle:.2f}"
    return _text(one.ratio(base, MEASURES[name]), 2)


def _text(figure: Figure, digits: int) -> str:
    middle, least, most = (f"{each:.{digits}f}" for each in (figure.middle, figure.least, figure.most))
    return middle if least == most else f"{middle} ({least} to {most})"


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
