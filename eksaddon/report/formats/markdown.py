"""Markdown for GitHub step summaries and pull request comments, grouped and within size limits."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from eksaddon.domain.audit.verdict import Reason
from eksaddon.domain.diagnostic import Severity
from eksaddon.domain.json import Json
from eksaddon.domain.plan import Action, Change
from eksaddon.domain.run.result import WaveResult
from eksaddon.frozen import dataclass
from eksaddon.report.diff import text_diff
from eksaddon.report.escape import code_block, code_span, markdown_text
from eksaddon.report.model.groups import Finding, Group, summarized, unhealthy_groups
from eksaddon.report.model.live_rows import COLUMNS, MODES, LiveRow, live_rows
from eksaddon.report.model.model import ReportModel
from eksaddon.report.model.options import RenderOptions
from eksaddon.report.model.probes import PROBE_COLUMNS, probe_rows
from eksaddon.report.model.states import STATES, Kind, Tone
from eksaddon.report.model.text import (
    by_scope,
    counted,
    cut_scopes,
    is_text,
    is_weaker,
    joined,
    listed,
    moves,
    paths_text,
    short_names,
    target_text,
    update_text,
    value_text,
    wave_terms,
)

FULL_NAMES = 60
FULL_DIFF, SHORT_DIFF = 400, 25
OPEN_GROUPS = 5
RESERVE = 400
"""Bytes reserved for the sentence about omitted parts."""

SEVERITIES = {Severity.ERROR: "❌ error", Severity.WARNING: "⚠️ warning", Severity.INFO: "ℹ️ note"}
MARKS = {Tone.GOOD: "🟢", Tone.CHANGE: "🟡", Tone.BAD: "🔴", Tone.UNKNOWN: "🟣", Tone.MUTED: "⚪"}

MOST_PROBES = 20


def markdown(report_model: ReportModel, render_options: RenderOptions) -> str:
    """Render at most `render_options.most_bytes` bytes; omitted groups are counted.

    The first line is a marker by which a later run finds the comment to replace.
    """
    head = _head(report_model)
    bytes_left = render_options.most_bytes - _size(head) - RESERVE
    blocks: list[str] = []
    left_out: list[Group] = []
    for number, group in enumerate(_groups(report_model)):
        block = _render_within(group, render_options, bytes_left, is_open=number < OPEN_GROUPS)
        if block is None:
            left_out.append(group)
        else:
            blocks.append(block)
            bytes_left -= _size(block)
    return "".join((head, *blocks, _left_out(left_out)))


def _groups(report_model: ReportModel) -> tuple[Group, ...]:
    if report_model.kind is not Kind.STATUS:
        return summarized(report_model)
    unhealthy = unhealthy_groups(report_model)
    listed_ids = {id(entry) for group in unhealthy for entry in group.entries}
    others = replace(
        report_model, entries=tuple(entry for entry in report_model.entries if id(entry) not in listed_ids)
    )
    return (*unhealthy, *summarized(others))


def _size(text: str) -> int:
    return len(text.encode("utf-8"))


def _render_within(
    group: Group, render_options: RenderOptions, bytes_left: int, *, is_open: bool
) -> str | None:
    """The group in full, else shortened, else None."""
    attempts: tuple[Callable[[], str], ...] = (
        lambda: _group(group, _Cut(FULL_NAMES, FULL_DIFF), is_open=is_open),
        lambda: _group(group, _Cut(render_options.most_names, SHORT_DIFF), is_open=False),
        lambda: f"- {_summary(group)}\n\n",
    )
    return next((block for block in (attempt() for attempt in attempts) if _size(block) <= bytes_left), None)


def _head(report_model: ReportModel) -> str:
    counts = report_model.counts
    shown = [state for state in STATES[report_model.kind] if counts[state.word]]
    title = (
        f"eksdns run {code_span(report_model.run_id)}"
        if report_model.kind is Kind.RUN
        else f"eksdns {report_model.kind.value}"
    )
    state = f" {report_model.run_state_label}" if report_model.run_state else _blocked(report_model)
    columns = ["targets", *(f"{MARKS[state.tone]} {state.label}" for state in shown)]
    numbers = [len(report_model.entries), *(counts[state.word] for state in shown)]
    if report_model.weakening:
        columns.append("🔻 weaken DNS")
        numbers.append(report_model.weakening)
    return (
        f"<!-- eksdns:{report_model.kind.value} -->\n"
        f"### {title}{state}\n\n"
        f"| {' | '.join(columns)} |\n"
        f"|{' ---: |' * len(columns)}\n"
        f"| {' | '.join(f'{number:,}' for number in numbers)} |\n\n"
        f"{_waves(report_model)}"
        f"<sub>{report_model.created_at}</sub>\n\n"
    )


def _blocked(report_model: ReportModel) -> str:
    """What a plan that cannot be applied as a whole says in its title."""
    blocked = report_model.counts.get(Action.BLOCKED, 0)
    if not blocked:
        return ""
    return ": blocked" if blocked == len(report_model.entries) else f": {counted(blocked, 'cluster')} blocked"


def _waves(report_model: ReportModel) -> str:
    if not report_model.waves:
        return ""
    rows = (_wave(wave, report_model.kind) for wave in report_model.waves)
    reason = f"{markdown_text(report_model.reason)}\n\n" if report_model.reason else ""
    is_run = report_model.kind is Kind.RUN  # of a plan nothing has happened yet
    head = "| wave | state | to change | how |\n| --- | --- | ---: | --- |\n"
    plan_head = "| wave | to change | how |\n| --- | ---: | --- |\n"
    return f"{head if is_run else plan_head}{''.join(rows)}\n{reason}{_probes(report_model)}"


def _probes(report_model: ReportModel) -> str:
    """Clusters whose lookups were lost, or could not be measured; the waves have the sums."""
    rows = [row for row in probe_rows(report_model) if row.is_bad]
    if not rows:
        return ""
    lines = [f"| {' | '.join(markdown_text(cell) for cell in row.cells)} |" for row in rows[:MOST_PROBES]]
    if (left := len(rows) - MOST_PROBES) > 0:
        lines.append(f"\nand {left:,} more clusters that lost lookups or could not be measured")
    head = f"| {' | '.join(PROBE_COLUMNS)} |\n|{' --- |' * len(PROBE_COLUMNS)}\n"
    return head + "\n".join(lines) + "\n\n"


def _wave(wave: WaveResult, kind: Kind) -> str:
    state = (wave.state.replace("_", " "),) if kind is Kind.RUN else ()
    cells = (markdown_text(wave.name), *state, f"{wave.targets:,}", markdown_text(wave_terms(wave)))
    return f"| {' | '.join(cells)} |\n"


@dataclass(frozen=True, slots=True)
class _Cut:
    """Limits of a rendering.

    Attributes:
        names: Maximum names in a line, and lines.
        diff: Maximum lines of one diff.
    """

    names: int
    diff: int


def _group(group: Group, cut: _Cut, *, is_open: bool) -> str:
    is_bad = group.state.is_bad
    opened = "<details open>" if is_open and is_bad else "<details>"
    body = "\n\n".join(_body(group, cut))
    return f"{opened}<summary>{_summary(group)}</summary>\n\n{body}\n\n</details>\n\n"


def _summary(group: Group) -> str:
    """The summary line as HTML, which is valid in Markdown."""
    paths = f": {paths_text(group.changes)}" if moves(group.example) and group.changes else ""
    text = joined([group.state.label, f"{group.reason}{paths}".removeprefix(": "), group.versions])
    return f"{MARKS[group.state.tone]} <b>{group.size}</b> {markdown_text(text)}"


def _body(group: Group, cut: _Cut) -> Iterator[str]:
    example, (label, step) = group.example, group.first_step
    if group.changes:
        yield code_block(list(_diff(group, cut)), "diff")
    if rows := live_rows(group):
        yield _live(rows, group)
    if example.cause:
        yield f"{group.for_example}{markdown_text(example.explanation)}"
        if group.hint:
            yield f"**hint:** {markdown_text(group.hint)}"
    elif step:
        yield f"**{label}:** {markdown_text(step)}"
    if example.unread:
        yield "\n".join(f"- not read: {markdown_text(sentence)}" for sentence in example.unread)
    if findings := group.findings():
        yield "\n".join(_finding(finding, group) for finding in findings)
    if updates := list(_updates(group, cut.names)):
        yield "\n".join(updates)
    yield "\n".join(_names(group, cut.names))


def _live(rows: tuple[LiveRow, ...], group: Group) -> str:
    lines = [f"| {' | '.join((*COLUMNS, *MODES, 'clusters'))} |", f"|{' --- |' * 9}"]
    for row in rows:
        size = "all" if len(row.entries) == len(group.entries) else f"{len(row.entries):,}"
        path, *values = row.cells
        cells = [code_span(path), *(markdown_text(text) for text in (*values, *row.fates)), size]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _updates(group: Group, most: int) -> Iterator[str]:
    updates = [(entry, entry.last_update) for entry in group.entries if entry.last_update is not None]
    if updates:
        yield "Last update of the add-on (EKS does not record the author):\n"
    for entry, found in updates[:most]:
        yield f"* {code_span(target_text(entry))} {markdown_text(update_text(found))}"
    if len(updates) > most:
        yield f"* and {len(updates) - most:,} more"


def _names(group: Group, most: int) -> Iterator[str]:
    scopes = by_scope(group.entries)
    for scope, names in scopes[:most]:
        yield f"* {code_span(scope)} {markdown_text(listed(names, most))}"
    if suffix := cut_scopes(scopes, most):
        yield f"* {suffix}"


def _diff(group: Group, cut: _Cut) -> Iterator[str]:
    """GitHub colours a line that starts with `!` in a colour of its own."""
    for change in group.changes:
        note = f"  ({change.note})" if change.note else ""
        if is_weaker(change, group.example):
            yield f"! {change.path} weakens DNS"
        if is_text(change):
            yield f"@@ {change.path}{note} @@"
            yield from _text_diff(change, cut.diff)
        else:
            yield from _sides(change, note)


def _text_diff(change: Change, most: int) -> Iterator[str]:
    lines = text_diff(change.before, change.after)
    for line in lines[:most]:
        yield f"@@ {line.text} @@" if line.sign == "@" else f"{line.sign}{line.text}"
    if len(lines) > most:
        yield f"  … {len(lines) - most:,} more lines"


def _sides(change: Change, note: str) -> Iterator[str]:
    sides: tuple[tuple[str, Json], ...] = (("-", change.before), ("+", change.after))
    for sign, value in sides:
        if value is not None:
            yield f"{sign} {change.path}: {value_text(value)}{note if sign == '+' else ''}"


def _finding(finding: Finding, group: Group) -> str:
    one = finding.diagnostic
    where = f" at {markdown_text(str(one.location))}" if one.location else ""
    detail = f" — {markdown_text(one.detail)}" if one.detail else ""
    only = ""
    if len(finding.entries) < len(group.entries):
        names = ", ".join(short_names(finding.entries[:3], group.entries))
        suffix = ", …" if len(finding.entries) > 3 else ""  # noqa: PLR2004  # as above
        only = f" ({len(finding.entries):,} of {len(group.entries):,}: {markdown_text(names)}{suffix})"
    severity = SEVERITIES[one.severity]
    if isinstance(one, Reason):
        severity = f"{severity.partition(' ')[0]} {one.label}"
        detail += f" <sub>{markdown_text(', '.join(each.name for each in one.sources))}</sub>"
    return f"- **{severity}** {markdown_text(one.summary)} {code_span(one.rule)}{where}{detail}{only}"


def _left_out(groups: list[Group]) -> str:
    if not groups:
        return ""
    targets = counted(sum(len(group.entries) for group in groups), "target")
    return (
        f"_{counted(len(groups), 'group')} with {targets} omitted: GitHub limits the size of this text,"
        " but the counts above include them. The JSON and HTML reports are complete._\n"
    )
