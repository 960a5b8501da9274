"""Workflow commands that GitHub shows as annotations, on lines of the fleet file where possible."""

from collections.abc import Iterator, Sequence

from eksaddon.domain.diagnostic import Diagnostic, Location, Severity
from eksaddon.frozen import dataclass
from eksaddon.report.escape import command_message, command_property
from eksaddon.report.model.groups import Finding, Group, summarized
from eksaddon.report.model.locations import is_in_a_file
from eksaddon.report.model.model import Entry, ReportModel
from eksaddon.report.model.probes import ProbeRow, probe_rows
from eksaddon.report.model.text import counted, listed, target_text

MOST_OF_A_LEVEL = 10
"""GitHub shows only this many errors, warnings and notices of a step."""

MOST_NAMES = 3
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


@dataclass(frozen=True, slots=True)
class _Annotation:
    level: str
    title: str
    message: str
    location: Location | None = None

    def __str__(self) -> str:
        properties = [*_place(self.location), f"title={command_property(self.title)}"]
        return f"::{self.level} {','.join(properties)}::{command_message(self.message)}"


def annotations(report_model: ReportModel) -> str:
    """At most ten annotations for each level, failures first; the last one has the number of omitted ones."""
    found = [one for group in summarized(report_model) for one in _group_annotations(group)]
    found += [_probe_annotation(row) for row in probe_rows(report_model) if row.is_bad]
    lines = [str(one) for level in LEVELS.values() for one in _limit(found, level)]
    return "".join(f"{line}\n" for line in lines)


def annotate(diagnostics: Sequence[Diagnostic]) -> str:
    """Annotations for findings without a cluster, such as those of `validate`."""
    found = [_diagnostic_annotation(one, "") for one in diagnostics]
    lines = [str(one) for level in LEVELS.values() for one in _limit(found, level)]
    return "".join(f"{line}\n" for line in lines)


def _limit(found: Sequence[_Annotation], level: str) -> Iterator[_Annotation]:
    matching = [one for one in found if one.level == level]
    if len(matching) <= MOST_OF_A_LEVEL:
        yield from matching
        return
    yield from matching[: MOST_OF_A_LEVEL - 1]
    omitted = len(matching) - MOST_OF_A_LEVEL + 1
    yield _Annotation(
        level, "eksdns", f"and {counted(omitted, level)} more; GitHub shows at most ten per step"
    )


def _group_annotations(group: Group) -> Iterator[_Annotation]:
    state = group.state
    if state.is_bad:
        example = group.example
        lines = [f"{_names(group.entries)}: {example.explanation or state.label}"]
        if group.hint:
            lines.append(f"hint: {group.hint}")
        title = f"{counted(len(group.entries), 'target')} {state.label}"
        yield _Annotation("error", title, "\n".join(lines))
    for finding in group.findings():
        yield _finding_annotation(finding)


def _finding_annotation(finding: Finding) -> _Annotation:
    return _diagnostic_annotation(finding.diagnostic, f" ({_names(finding.entries)})")


def _probe_annotation(row: ProbeRow) -> _Annotation:
    level, title = ("error", "lookups lost") if row.probe.figures.lost else ("warning", "probe")
    return _Annotation(level, title, f"{row.cluster}: {row.text}")


def _names(entries: Sequence[Entry]) -> str:
    return listed([target_text(entry) for entry in entries], MOST_NAMES)


def _diagnostic_annotation(one: Diagnostic, names: str) -> _Annotation:
    message = f"{one.summary}{names}" + (f"\n{one.detail}" if one.detail else "")
    return _Annotation(LEVELS[one.severity], one.rule, message, one.location)


def _place(location: Location | None) -> Iterator[str]:
    if location is None or not is_in_a_file(location):
        return
    yield f"file={command_property(location.source)}"
    yield f"line={location.line}"
    if location.column:
        yield f"col={location.column}"
