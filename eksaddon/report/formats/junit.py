"""JUnit XML: one suite for each account and region, one case for each cluster.

What probes measured is in the properties of a suite, because the format has none for a case.
"""

from collections.abc import Iterator, Mapping, Sequence
from xml.etree import ElementTree as ET

from eksaddon.domain.diagnostic import Diagnostic
from eksaddon.domain.plan import Action, Change
from eksaddon.report.diff import text_diff
from eksaddon.report.escape import xml_text
from eksaddon.report.model.model import Entry, ReportModel
from eksaddon.report.model.probes import probe_rows
from eksaddon.report.model.states import Kind, StatusWord, Tone
from eksaddon.report.model.text import edit_text, is_text, name_text, unlisted_edits, value_text

RESULTS = {Tone.UNKNOWN: "error", Tone.BAD: "failure", Tone.CHANGE: "failure", Tone.MUTED: "skipped"}
"""Result elements by tone; a target that could not be read is an error, never a pass."""

EXCEPTIONS: Mapping[tuple[Kind, str], str] = {
    (Kind.PLAN, Action.UPDATE): "",
    (Kind.STATUS, StatusWord.NOT_ACTIVE): "skipped",
}
"""Exceptions: a plan that can be applied and a cluster that is being created are not failures."""

HOSTNAME = "localhost"
"""Required by the format; the host of the run is irrelevant."""


def junit(report_model: ReportModel) -> str:
    """Render XML valid for Ant's JUnitReport schema, which Jenkins, GitLab and others read."""
    root = ET.Element("testsuites")
    for number, (scope, entries) in enumerate(_scopes(report_model)):
        root.append(_suite(report_model, scope, entries, number))
    ET.indent(root)
    return f"<?xml version='1.0' encoding='UTF-8'?>\n{ET.tostring(root, encoding='unicode')}\n"


def _scopes(report_model: ReportModel) -> list[tuple[str, list[Entry]]]:
    found: dict[tuple[str, str], list[Entry]] = {}
    for entry in report_model.entries:
        found.setdefault((entry.ref.account, entry.ref.region), []).append(entry)
    return [(_suite_name(entries[0]), entries) for entries in found.values()]


def _suite_name(entry: Entry) -> str:
    """Name of a suite; with the account id if the account's name is not unique."""
    name = f" ({entry.account_name})" if entry.account_name else ""
    return xml_text(f"{entry.ref.account}/{entry.ref.region}{name}")


def _suite(report_model: ReportModel, scope: str, entries: Sequence[Entry], number: int) -> ET.Element:
    results = [_result(report_model, entry) for entry in entries]
    suite = ET.Element(
        "testsuite",
        name=scope,
        package=f"eksdns.{report_model.kind.value}",
        id=str(number),
        timestamp=report_model.created_at.removesuffix("Z"),
        hostname=HOSTNAME,
        tests=str(len(entries)),
        failures=str(results.count("failure")),
        errors=str(results.count("error")),
        skipped=str(results.count("skipped")),
        time=str(sum(entry.seconds for entry in entries)),
    )
    properties = ET.SubElement(suite, "properties")
    probes = {row.probe.ref: row for row in probe_rows(report_model)}
    for entry in entries:
        if (row := probes.get(entry.ref)) is not None:
            name = xml_text(f"probe {name_text(entry)}")
            ET.SubElement(properties, "property", name=name, value=xml_text(row.text))
    for entry, result in zip(entries, results, strict=True):
        suite.append(_case(report_model, entry, scope, result))
    ET.SubElement(suite, "system-out")
    ET.SubElement(suite, "system-err")
    return suite


def _result(report_model: ReportModel, entry: Entry) -> str:
    """Result element; empty for a pass."""
    usual = RESULTS.get(report_model.tone(entry), "")
    return EXCEPTIONS.get((report_model.kind, entry.state), usual)


def _case(report_model: ReportModel, entry: Entry, scope: str, result: str) -> ET.Element:
    case = ET.Element("testcase", name=xml_text(name_text(entry)), classname=scope, time=str(entry.seconds))
    if result == "skipped":
        ET.SubElement(case, result, message=xml_text(entry.reason or report_model.state(entry).label))
    elif result:
        kind = xml_text(entry.cause or entry.state)
        message = xml_text(f"{report_model.state(entry).label}: {entry.explanation}".removesuffix(": "))
        found = ET.SubElement(case, result, message=message, type=kind)
        found.text = xml_text("\n".join(_detail(entry)))
    return case


def _detail(entry: Entry) -> Iterator[str]:
    for change in entry.changes:
        yield from _change(change)
    yield from (edit_text(field) for field in unlisted_edits(entry))
    for diagnostic in entry.diagnostics:
        yield _diagnostic(diagnostic)
    if entry.hint:
        yield f"hint: {entry.hint}"


def _change(change: Change) -> Iterator[str]:
    note = f" ({change.note})" if change.note else ""
    if not is_text(change):
        yield f"{change.path}: {value_text(change.before)} -> {value_text(change.after)}{note}"
        return
    yield f"{change.path}:{note}"
    yield from (f"  {line.sign} {line.text}" for line in text_diff(change.before, change.after))


def _diagnostic(one: Diagnostic) -> str:
    detail = f" ({one.detail})" if one.detail else ""
    return f"{one.label}: {one.summary} [{one.rule}]{detail}"
