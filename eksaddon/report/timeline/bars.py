"""A shutdown timeline as rows of bars, the same for the terminal and the picture."""

from collections.abc import Iterator
from enum import StrEnum

from eksaddon.domain.termination import SECOND, Measured, Phase, PhaseKind, Timeline, in_seconds
from eksaddon.frozen import dataclass

MOST_PHASES = 8
"""Further phases share the last bar, so that a Corefile of fifty zones remains readable."""


class BarKind(StrEnum):
    PRE_STOP = "preStop"
    LAMEDUCK = "lameduck"
    PROPAGATION = "propagation"
    GRACE = "grace"
    MEASURED = "measured"


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of the chart.

    Attributes:
        until_ns: Actual end; the part from there to `ends_ns` is cut.
        note: The numbers of the row.
    """

    kind: BarKind
    label: str
    begins_ns: int
    until_ns: int
    ends_ns: int
    note: str


def bars(line: Timeline, measured: Measured | None = None) -> tuple[Bar, ...]:
    rows = [*_propagation_bar(line), *_merged(_phase_bars(line)), _grace_bar(line)]
    if measured:
        seen = round(measured.answers_seconds * SECOND)
        rows.append(Bar(BarKind.MEASURED, "measured", 0, seen, seen, f"{measured.answers_seconds:.1f} s"))
    return tuple(rows)


def horizon_ns(rows: tuple[Bar, ...], line: Timeline) -> int:
    """End of the time axis: the latest planned, allowed or measured time; never 0."""
    return max(SECOND, line.kill_ns, *(row.ends_ns for row in rows))


def ticks(horizon: int, most: int) -> range:
    """Ticks from 0 to the horizon, fewer than `most`, every 1, 2, 5, 10, 20, 50, ... seconds."""
    return range(0, horizon + 1, next(step for step in _steps() if horizon // step < most))


def _steps() -> Iterator[int]:
    unit = SECOND
    while True:
        yield from (unit, 2 * unit, 5 * unit)
        unit *= 10


def label(phase: Phase, line: Timeline) -> str:
    """Label of a phase; several lameducks are numbered by server block."""
    several = sum(1 for one in line.phases if one.kind is PhaseKind.LAMEDUCK) > 1
    return f"{phase.kind.value} {phase.block + 1}" if several and phase.block >= 0 else phase.kind.value


def _phase_bars(line: Timeline) -> list[Bar]:
    """Bars of all phases as planned: a lameduck that never starts follows the one that was cut."""
    rows: list[Bar] = []
    for phase in line.phases:
        follows = rows and rows[-1].kind.value == phase.kind.value
        begins = rows[-1].ends_ns if follows else phase.begins_ns
        until = max(begins, phase.ends_ns)
        ends = begins + phase.planned_ns
        rows.append(Bar(BarKind(phase.kind.value), label(phase, line), begins, until, ends, _note(phase)))
    return rows


def _note(phase: Phase) -> str:
    planned = f"{in_seconds(phase.planned_ns)} s"
    return f"{planned}, {in_seconds(phase.cut_ns)} s cut" if phase.cut_ns else planned


def _merged(rows: list[Bar]) -> list[Bar]:
    if len(rows) <= MOST_PHASES:
        return rows
    shown, rest = rows[: MOST_PHASES - 1], rows[MOST_PHASES - 1 :]
    begins, ends = rest[0].begins_ns, rest[-1].ends_ns
    until = max([begins, *(row.until_ns for row in rest if row.until_ns > row.begins_ns)])
    cut = f", {in_seconds(ends - until)} s cut" if ends > until else ""
    note = f"{in_seconds(ends - begins)} s{cut}"
    return [*shown, Bar(BarKind.LAMEDUCK, f"{len(rest)} more", begins, until, ends, note)]


def _propagation_bar(line: Timeline) -> Iterator[Bar]:
    """While nodes send new flows to the pod; none where no propagation is given."""
    length = line.settings.propagation_ns
    if length:
        yield Bar(BarKind.PROPAGATION, "propagation", 0, length, length, f"{in_seconds(length)} s")


def _grace_bar(line: Timeline) -> Bar:
    grace = line.settings.grace_seconds * SECOND
    extended = f", SIGKILL at {in_seconds(line.kill_ns)} s" if line.kill_ns > grace else ""
    return Bar(BarKind.GRACE, "grace", 0, grace, grace, f"{in_seconds(grace)} s{extended}")
