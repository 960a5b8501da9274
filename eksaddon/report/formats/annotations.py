"""Workflow commands that GitHub shows as annotations, on lines of the fleet file where possible."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from eksaddon.domain.diagnostic import Diagnostic, Location, Severity
from eksaddon.report.escape import command_message, command_property
from eksaddon.report.model.groups import Finding, Group, summed_up
from eksaddon.report.model.locations import is_in_a_file
from eksaddon.report.model.model import Entry, ReportModel
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
    found = [one for group in summed_up(report_model) for one in _of_group(group)]
    lines = [str(one) for level in LEVELS.values() for one in _limited(found, level)]
    return "".join(f"{line}\n" for line in lines)


def annotate(diagnostics: Sequence[Diagnostic]) -> str:
    """Annotations for findings without a cluster, such as those of `validate`."""
    found = [_of_diagnostic(one, "") for one in diagnostics]
    lines = [str(one) for level in LEVELS.values() for one in _limited(found, level)]
    return "".join(f"{line}\n" for line in lines)


def _limited(found: Sequence[_Annotation], level: str) -> Iterator[_Annotation]:
    wanted = [one for one in found if one.level == level]
    if len(wanted) <= MOST_OF_A_LEVEL:
        yield from wanted
        return
    yield from wanted[: MOST_OF_A_LEVEL - 1]
    more = len(wanted) - MOST_OF_A_LEVEL + 1
    yield _Annotation(level, "eksdns", f"and {counted(more, level)} more; GitHub shows at most ten per step")


def _of_group(group: Group) -> Iterator[_Annotation]:
    state = group.state
    if state.is_bad:
        example = group.example
        said = [f"{_names(group.entries)}: {example.explanation or state.label}"]
        if example.hint:
            said.append(f"hint: {example.hint}")
        title = f"{counted(len(group.entries), 'target')} {state.label}"
        yield _Annotation("error", title, "\n".join(said))
    for finding in group.findings():
        yield _of_finding(finding)


def _of_finding(finding: Finding) -> _Annotation:
    return _of_diagnostic(finding.diagnostic, f" ({_names(finding.entries)})")


def _names(entries: Sequence[Entry]) -> str:
    return listed([target_text(entry) for entry in entries], MOST_NAMES)


def _of_diagnostic(one: Diagnostic, names: str) -> _Annotation:
    message = f"{one.summary}{names}" + (f"\n{one.detail}" if one.detail else "")
    return _Annotation(LEVELS[one.severity], one.rule, message, one.location)


def _place(location: Location | None) -> Iterator[str]:
    if location is None or not is_in_a_file(location):
        return
    yield f"file={command_property(location.source)}"
    yield f"line={location.line}"
    if location.column:
        yield f"col={location.column}"
