"""Renders a run as lines that fit the terminal: waves, targets in flight, failures, total."""

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from eksaddon.domain.run.wave_progress import WaveProgress
from eksaddon.domain.target import ClusterRef
from eksaddon.frozen import dataclass
from eksaddon.report.escape import terminal
from eksaddon.report.model.options import ASCII, UNICODE, Glyphs
from eksaddon.report.model.text import joined
from eksaddon.report.run_view.counts import (
    HELD,
    Counts,
    Scene,
    Underway,
    counts_of,
    has_failed,
    seconds_left,
    shortly_why,
    span,
    status_text,
)
from eksaddon.report.run_view.remaining import duration_text, rate_text

LATEST_FAILURES = 3
LONGEST_NAME = 24
NARROW = 60
"""Below this width, accounts and regions are omitted."""
SHORTEST_BAR = 6
_OTHER_COLUMNS = 56
"""Columns of the gaps and counts in a wave's line."""

Counted = Sequence[tuple[WaveProgress, Counts]]


@dataclass(frozen=True, slots=True)
class Screen:
    """Size of the drawing area; the renderer adds colour."""

    width: int = 80
    height: int = 24
    unicode: bool = True

    @property
    def glyphs(self) -> Glyphs:
        return UNICODE if self.unicode else ASCII


def frame(scene: Scene, now: float, screen: Screen, *, is_last: bool = False) -> tuple[Text, ...]:
    """Render lines no wider than the screen, and at most one fewer than its rows, so that nothing scrolls.

    Args:
        is_last: The final frame, which remains after exit: nothing in flight, and all waves are shown.
    """
    counts = tuple((wave, counts_of(wave, scene)) for wave in scene.run_progress.waves)
    waves = _waves(scene, counts, now, screen)
    top, bottom = (
        _head(scene, now),
        _total(scene, counts, screen, None if is_last else seconds_left(scene, now)),
    )
    if is_last:
        return tuple(_truncate(line, screen) for line in (top, *waves, bottom))
    rows = max(0, screen.height - 3)
    waves = _cut(_drop_finished(waves, counts, rows), rows)
    failures = _failures(scene, screen, rows - len(waves))
    busy = _in_flight(scene, now, screen, rows - len(waves) - len(failures))
    lines = (top, *waves, *busy, *failures, bottom)
    return tuple(_truncate(line, screen) for line in lines[-max(1, screen.height - 1) :])


def _truncate(line: Text, screen: Screen) -> Text:
    """Truncate a line; Rich's ellipsis is not available on every terminal."""
    if line.cell_len <= screen.width:
        return line
    cut, line = screen.glyphs.cut[: screen.width], line.copy()
    line.truncate(screen.width - cell_len(cut), overflow="crop")
    return line.append(cut)


def _cut(lines: list[Text], rows: int) -> list[Text]:
    if len(lines) <= rows:
        return lines
    return [*lines[: rows - 1], _more(len(lines) - rows + 1)] if rows > 0 else []


def _more(number: int) -> Text:
    return Text(f"  and {number:,} more", "dim")


def _head(scene: Scene, now: float) -> Text:
    run_progress, line = scene.run_progress, Text()
    line.append(f"run {terminal(run_progress.opened.run_id)}", "bold")
    line.append(f"  {run_progress.state.label}  {span(now - scene.since)}")
    if scene.halted:
        line.append(f"  no new updates start: {terminal(scene.halted)}", "yellow")
    return line


def _waves(scene: Scene, counts: Counted, now: float, screen: Screen) -> list[Text]:
    names = [terminal(wave.wave.name) or "all" for wave, _ in counts]
    parts = [f"{each.done + each.failed:,}/{each.total:,}" for _, each in counts]
    widest = max(map(cell_len, names), default=0)
    digits = max((2 * len(f"{each.total:,}") + 1 for _, each in counts), default=0)
    name_width = min(LONGEST_NAME, screen.width // 4, widest)
    bar = min(screen.width // 6, screen.width - name_width - digits - _OTHER_COLUMNS)
    lines = []
    for name, part, (wave, each) in zip(names, parts, counts, strict=True):
        line = Text(f"  {_pad(name, name_width, screen)}  ")
        if bar >= SHORTEST_BAR:
            line.append_text(_bar(each, bar, screen)).append("  ")
        line.append(f"{part:>{digits}}  ").append_text(_counts_text(each))
        lines.append(line.append_text(_status_text(wave, each, scene, now)))
    return lines


def _pad(name: str, width: int, screen: Screen) -> str:
    """Truncate or pad to `width` columns."""
    if cell_len(name) <= width:
        return set_cell_size(name, width)
    cut = screen.glyphs.cut
    return set_cell_size(name, max(0, width - cell_len(cut))) + cut


_STYLES = {
    "succeeded": "green",
    "rolled back": "green",
    "failed": "red",
    "skipped": "dim",
    "no targets": "dim",
}


def _status_text(wave: WaveProgress, counts: Counts, scene: Scene, now: float) -> Text:
    if not counts.total:
        return Text("no targets", "dim")
    words = status_text(wave, scene.run_progress, now)
    return Text(f"  {words}" if words else "", _STYLES.get(words, "cyan"))


def _bar(counts: Counts, width: int, screen: Screen) -> Text:
    """Bar of a wave; done, failed, in flight and waiting differ by sign, not only by colour."""
    signs = "█▓▒░" if screen.unicode else "#!+."
    bar, drawn, so_far = Text(), 0, 0
    parts = (counts.done, counts.failed, counts.in_flight + counts.held)
    for number, sign, style in zip(parts, signs, ("green", "red", "yellow"), strict=False):
        so_far += number
        until = so_far * width // counts.total if counts.total else 0
        bar.append(sign * (until - drawn), style)
        drawn = until
    return bar.append(signs[-1] * (width - drawn), "dim")


def _counts_text(counts: Counts) -> Text:
    shown = (
        (counts.done, "done", ""),
        (counts.in_flight, "in flight", "yellow"),
        (counts.failed, "failed", "red"),
        (counts.held, "held", "yellow"),
        (counts.waiting, "waiting", "dim"),
    )
    return Text(", ").join(Text(f"{number:,} {word}", style) for number, word, style in shown if number)


def _drop_finished(waves: list[Text], counts: Counted, rows: int) -> list[Text]:
    """Drop finished waves, oldest first, if not all fit."""
    if len(waves) <= rows:
        return waves
    finished = [index for index, (wave, _) in enumerate(counts) if wave.is_over]
    hidden = frozenset(finished[: len(waves) - rows + 1])
    left = [line for index, line in enumerate(waves) if index not in hidden]
    return [Text(f"  {len(hidden):,} finished", "dim"), *left] if hidden else left


def _failures(scene: Scene, screen: Screen, rows: int) -> list[Text]:
    """Failures, latest first, in at most half of the rows."""
    targets = scene.run_progress.targets
    failed = [ref for ref in reversed(scene.failed) if has_failed(targets[ref].outcome)]
    latest = failed[: min(LATEST_FAILURES, max(0, rows // 2 - 1))]
    if not latest:
        return []
    title = "failed" if len(latest) == len(failed) else f"failed, the latest of {len(failed):,}"
    lines = [
        about.append(shortly_why(targets[ref].outcome), "red")
        for ref, about in zip(latest, _labels(latest, scene, screen), strict=True)
    ]
    return [Text(title, "bold red"), *lines]


def _labels(refs: Sequence[ClusterRef], scene: Scene, screen: Screen) -> list[Text]:
    """Aligned names and scopes."""
    names = [terminal(ref.name) for ref in refs]
    targets = [scene.run_progress.targets[ref].plan.target for ref in refs]
    scopes = [terminal(f"{one.account_name or one.ref.account} {one.ref.region}") for one in targets]
    name_width = min(screen.width // 4, max(map(cell_len, names), default=0))
    scope_width = max(map(cell_len, scopes), default=0)
    lines = [Text(f"  {_pad(name, name_width, screen)}  ") for name in names]
    if screen.width >= NARROW:
        for line, index in zip(lines, scopes, strict=True):
            line.append(f"{_pad(index, scope_width, screen)}  ", "dim")
    return lines


def _in_flight(scene: Scene, now: float, screen: Screen, rows: int) -> list[Text]:
    """Targets in flight, longest-running first, as the most relevant."""
    found = sorted(scene.underway.items(), key=lambda each: (each[1].since, str(each[0])))
    shown = found[: max(0, rows)]
    labels = _labels([ref for ref, _ in shown], scene, screen)
    lines = _cut([_busy(about, each, now) for about, (_, each) in zip(labels, shown, strict=True)], rows - 1)
    if len(found) > rows and lines:
        lines[-1] = _more(len(found) - len(lines) + 1)
    return [Text("in progress", "bold"), *lines] if lines else []


def _busy(about: Text, each: Underway, now: float) -> Text:
    about.append(f"{terminal(each.step):<9}  ", "dim" if each.step == HELD else "yellow")
    return about.append(span(now - each.since))


def _total(scene: Scene, counts: Counted, screen: Screen, left: float | None) -> Text:
    total = Counts()
    for _, each in counts:
        total = total.plus(each)
    parts = (
        f"{total.done + total.failed:,} of {total.total:,} finished",
        f"{total.failed:,} failed" if total.failed else "",
        rate_text(scene.ended, scene.worked),
        f"about {duration_text(left)} left" if left is not None else "",
    )
    return Text(joined(parts, screen.glyphs), "bold")
