"""A running probe in a few lines: figures, and a sparkline of answers and of losses."""

from collections.abc import Sequence

from eksaddon.domain.probing.figures import Figures
from eksaddon.frozen import dataclass
from eksaddon.report.proving.sparkline import sparkline

HEADS = 10
"""Columns of the names in front of the sparklines."""


@dataclass(frozen=True, slots=True)
class Screen:
    width: int = 80
    unicode: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """Attributes: is_bad: It shows lost lookups."""

    text: str
    is_bad: bool = False


@dataclass(frozen=True, slots=True)
class Running:
    """A probe so far.

    Attributes:
        rows: Second since the epoch, lookups asked and lost in it.
        rate: Lookups per second.
        passed: Seconds, of `seconds`.
    """

    label: str
    figures: Figures
    rows: Sequence[tuple[int, int, int]]
    rate: float
    passed: float
    seconds: float


def live_lines(probe: Running, screen: Screen) -> tuple[Line, ...]:
    """Lines within the width; not escaped.

    The newest seconds fill the width; the last one is still being filled, and is not drawn.
    """
    whole = probe.rows[:-1][-max(1, screen.width - HEADS) :]
    answered = [asked - lost for _, asked, lost in whole]
    lost = [lost for _, _, lost in whole]
    highest = max(1, round(probe.rate))
    return (
        Line(_cut(f"{probe.label}  {probe.passed:.0f} of {probe.seconds:.0f} s", screen)),
        Line(_cut(_counts(probe.figures), screen), is_bad=bool(probe.figures.lost)),
        _chart("answered", sparkline(answered, highest, unicode=screen.unicode), screen),
        _chart("lost", sparkline(lost, highest, unicode=screen.unicode), screen, is_bad=True),
    )


def _chart(name: str, chart: str, screen: Screen, *, is_bad: bool = False) -> Line:
    return Line(f"{name:<{HEADS}}{chart}"[: screen.width], is_bad)


def log_line(probe: Running) -> str:
    """The same on one line; not escaped."""
    return f"{probe.label}: {probe.passed:.0f} of {probe.seconds:.0f} s, {_counts(probe.figures)}"


def _counts(figures: Figures) -> str:
    text = f"{figures.good:,} of {figures.asked:,} lookups answered, {figures.lost:,} lost"
    return f"{text} ({figures.causes})" if figures.lost else text


def _cut(text: str, screen: Screen) -> str:
    if len(text) <= screen.width:
        return text
    sign = "…" if screen.unicode else "..."
    return (text[: max(0, screen.width - len(sign))] + sign)[: screen.width]
