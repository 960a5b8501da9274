"""View model of the HTML page; the template only lays it out."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from eksaddon.domain.audit.verdict import Reason, Source
from eksaddon.domain.diagnostic import Severity
from eksaddon.domain.json import Json
from eksaddon.domain.plan import Change
from eksaddon.domain.printable import printable
from eksaddon.frozen import dataclass
from eksaddon.report.diff import DiffLine, text_diff
from eksaddon.report.escape import terminal
from eksaddon.report.model.groups import Finding, FindingKey, Group, finding_key, numbered
from eksaddon.report.model.live_rows import LiveRow, live_rows, place_text
from eksaddon.report.model.model import Entry, ReportModel, in_force
from eksaddon.report.model.protection import protection_cells
from eksaddon.report.model.states import STATES, Kind, State, Tone
from eksaddon.report.model.text import (
    account_text,
    by_scope,
    counted,
    is_text,
    is_weaker,
    moves,
    name_text,
    seconds_text,
    update_text,
    value_text,
)

MOST_MOVES = 6
"""Changes in the heading of a group; the others are counted."""


@dataclass(frozen=True, slots=True)
class Total:
    """A segment of the summary bar.

    Attributes:
        x: Start, in thousandths of the bar.
        width: In thousandths of the bar.
    """

    state: State
    count: int
    x: int
    width: int


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One change.

    Attributes:
        before: None if the field is not set, like `after`.
        lines: Lines of a diff; empty if `before` and `after` are sufficient.
    """

    path: str
    before: str | None
    after: str | None
    note: str
    is_weaker: bool
    lines: tuple[DiffLine, ...] = ()


@dataclass(frozen=True, slots=True)
class FindingView:
    """One finding.

    Attributes:
        label: Word before the summary.
        sources: Name and address of each source of an audit's check.
    """

    severity: str
    label: str
    rule: str
    summary: str
    detail: str
    location: str
    only: str
    sources: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class LiveView:
    """A live setting.

    Attributes:
        cells: In the order of the live table's headings.
        only: Share of the group that it applies to; empty for all.
    """

    cells: tuple[str, ...]
    deviates: bool
    only: str


@dataclass(frozen=True, slots=True)
class GroupView:
    number: int
    state: State
    size: str
    reason: str
    moves: str
    worst: str
    alarms: tuple[tuple[str, str], ...]
    message: str
    hint: str
    hint_label: str
    unread: tuple[str, ...]
    versions: str
    changes: tuple[ChangeView, ...]
    findings: tuple[FindingView, ...]
    live: tuple[LiveView, ...]
    names: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RowView:
    """A row of the table.

    Attributes:
        findings: Indexes of the group's findings that apply to this cluster.
    """

    name: str
    account: str
    account_id: str
    region: str
    version: str
    tone: Tone
    state: State
    what: str
    group: int
    findings: str
    labels: str
    facts: tuple[tuple[str, str], ...]
    cells: tuple[str, ...]


def totals(report_model: ReportModel) -> tuple[Total, ...]:
    counts, total = report_model.counts, max(1, len(report_model.entries))
    found, x = [], 0
    for state in STATES[report_model.kind]:
        width = round(counts[state.word] * 1000 / total)
        found.append(Total(state, counts[state.word], x, width))
        x += width
    return tuple(found)


def group_views(groups: Sequence[Group]) -> Iterator[GroupView]:
    for number, group in enumerate(groups):
        example, (label, step) = group.example, group.first_step
        yield GroupView(
            number=number,
            state=group.state,
            size=group.size,
            reason=terminal(group.reason),
            moves=_moves(group.changes) if moves(example) else "",
            worst=_worst(group),
            alarms=tuple(_alarms(group)),
            message=_message(group),
            hint=terminal(step or group.hint),
            hint_label=label or "hint",
            unread=tuple(map(terminal, example.unread)),
            versions=terminal(group.versions),
            changes=tuple(_change(change, example) for change in group.changes),
            findings=tuple(_finding(one, group) for one in group.findings()),
            live=tuple(_live(row, group) for row in live_rows(group)),
            names=tuple((scope, ", ".join(names)) for scope, names in by_scope(group.entries)),
        )


def _moves(changes: Sequence[Change]) -> str:
    """Each change with both sides, as far as one line has room."""
    shown = [
        f"{change.path} changed"
        if is_text(change)
        else f"{change.path} {value_text(change.before)} → {value_text(change.after)}"
        for change in changes[:MOST_MOVES]
    ]
    more = [f"and {len(changes) - MOST_MOVES:,} more"] if len(changes) > MOST_MOVES else []
    return terminal(", ".join((*shown, *more)))


def _worst(group: Group) -> str:
    """The first reason of an audit's group."""
    found = group.findings() if group.kind is Kind.AUDIT else ()
    return terminal(found[0].diagnostic.summary) if found else ""


def _alarms(group: Group) -> Iterator[tuple[str, str]]:
    """Number of errors and of warnings, with their tone; those of an audit are its verdict."""
    if group.kind is Kind.AUDIT:
        return
    counts = Counter(finding.diagnostic.severity for finding in group.findings())
    for severity, tone in ((Severity.ERROR, Tone.BAD), (Severity.WARNING, Tone.CHANGE)):
        if counts[severity]:
            yield counted(counts[severity], severity.value), tone.value


def _live(row: LiveRow, group: Group) -> LiveView:
    return LiveView((*row.cells, *row.fates), row.field.deviates, _only(row.entries, group))


def _only(entries: Sequence[Entry], group: Group) -> str:
    applies_to_all = len(entries) == len(group.entries)
    return "" if applies_to_all else f"{len(entries):,} of {len(group.entries):,}"


def _message(group: Group) -> str:
    """The service's message for a cause."""
    if not group.example.cause:
        return ""
    return f"{group.for_example}{terminal(group.example.explanation)}"


def _change(change: Change, example: Entry) -> ChangeView:
    path, note, weaker = terminal(change.path), terminal(change.note), is_weaker(change, example)
    if not is_text(change):
        return ChangeView(path, _side(change.before), _side(change.after), note, weaker)
    lines = (DiffLine(one.sign, printable(one.text)) for one in text_diff(change.before, change.after))
    return ChangeView(path, None, None, note, weaker, tuple(lines))


def _side(value: Json) -> str | None:
    return None if value is None else value_text(value)


def _finding(finding: Finding, group: Group) -> FindingView:
    one = finding.diagnostic
    only = _only(finding.entries, group)
    return FindingView(
        one.severity.value,
        one.label,
        terminal(one.rule),
        terminal(one.summary),
        terminal(one.detail),
        terminal(str(one.location)) if one.location else "",
        only,
        tuple(map(_source, one.sources)) if isinstance(one, Reason) else (),
    )


def _source(one: Source) -> tuple[str, str]:
    """Name and address; a merged document can contain an address of another kind, which is omitted."""
    return terminal(one.name), one.url if one.url.startswith("https://") else ""


def row_views(report_model: ReportModel, groups: Sequence[Group]) -> Iterator[RowView]:
    group_of, indexes = numbered(groups), [_finding_indexes(group) for group in groups]
    for entry in report_model.entries:
        number = group_of[id(entry)]
        yield RowView(
            name=name_text(entry),
            account=account_text(entry),
            account_id=terminal(entry.ref.account),
            region=terminal(entry.ref.region),
            version=terminal(entry.version),
            tone=report_model.tone(entry),
            state=report_model.state(entry),
            what=_summary(entry, report_model.state(entry).label),
            group=number,
            findings=" ".join(_finding_numbers(entry, indexes[number])),
            labels=terminal(", ".join(f"{key}={value}" for key, value in entry.labels)),
            facts=tuple(_facts(entry)),
            cells=_cells(report_model, entry),
        )


def _summary(entry: Entry, label: str) -> str:
    """One line for the table; the detail view has the full text.

    Args:
        label: Of the entry's state, which is not repeated.
    """
    if entry.grade:
        return terminal(next((one.summary for one in entry.diagnostics), ""))
    why = entry.cause or entry.reason
    return _moves(entry.changes) if moves(entry) else terminal("" if why == label else why)


def _finding_numbers(entry: Entry, indexes: Mapping[FindingKey, int]) -> Iterable[str]:
    return dict.fromkeys(str(indexes[finding_key(one, entry)]) for one in entry.diagnostics)


def _finding_indexes(group: Group) -> Mapping[FindingKey, int]:
    """By key; groups of several thousand targets have few."""
    return {finding.key: number for number, finding in enumerate(group.findings())}


def _facts(entry: Entry) -> Iterator[tuple[str, str]]:
    """Facts specific to this cluster, for its detail view."""
    labelled = (
        ("reason", entry.explanation if entry.cause else ""),
        ("first" if entry.grade else "hint", entry.hint),
        ("not read", "; ".join(entry.unread)),
        ("status in EKS", entry.held.status if entry.held.protection else ""),
        ("wave", entry.wave),
        ("update", entry.update_id),
        (
            ("last update (EKS does not record the author)"),
            update_text(entry.last_update) if entry.last_update else "",
        ),
        ("fingerprint", entry.fingerprint),
    )
    heads = ("preStop", "grace period", "PodDisruptionBudget", "spread over", "shutdown")
    live = zip(heads, protection_cells(entry.held.protection), strict=True)
    yield from ((label, terminal(text)) for label, text in (*labelled, *live) if text)
    for field in entry.live:
        if field.is_worth_telling:
            held = f"; in EKS {place_text(field.held)}" if field.is_held else ""
            yield f"live {terminal(field.path)}", f"{place_text(field.live)}{held}"


def columns(report_model: ReportModel) -> tuple[tuple[str, str], ...]:
    """Headings, each with the style class of its width; the others share the remaining width."""
    kind = report_model.kind
    name, middle = (
        ("name" if report_model.has_protection else "", "small")
        if kind is Kind.STATUS
        else ("name", "middle")
    )
    return (
        ("Cluster", name),
        ("Account", middle),
        ("Region", middle),
        ("Version", "version"),
        ("State", middle),
        *more_columns(report_model),
        ("Why", ""),
        ("Group", "narrow"),
    )


def more_columns(report_model: ReportModel) -> tuple[tuple[str, str], ...]:
    """Those of its kind, before the last two."""
    match report_model.kind:
        case Kind.RUN:
            return (("Seconds", "narrow"),)
        case Kind.STATUS:
            first, last = (
                ((), (("Verdict", "small"),)) if report_model.has_protection else ((("Status", "small"),), ())
            )
            return (*first, ("Replicas", "narrow"), ("Lameduck", "narrow"), *last)
        case Kind.AUDIT:
            return (("Grade", "narrow"),)
        case _:
            return ()


def _cells(report_model: ReportModel, entry: Entry) -> tuple[str, ...]:
    match report_model.kind:
        case Kind.RUN:
            return (str(entry.seconds) if entry.seconds else "",)
        case Kind.STATUS:
            held = entry.held
            replicas, lameduck = in_force(held)
            seconds = "" if lameduck is None else seconds_text(lameduck)
            values = (_stored(replicas), seconds)
            if not report_model.has_protection:
                return (terminal(held.status), *values)
            *_, verdict = protection_cells(held.protection)
            return (*values, terminal(verdict))
        case Kind.AUDIT:
            return (terminal(entry.grade),)
        case _:
            return ()


def _stored(value: Json) -> str:
    return "" if value is None else value_text(value)
