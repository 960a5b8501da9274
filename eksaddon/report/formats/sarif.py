"""SARIF 2.1.0 for code scanning: deviations, at the line of the fleet file that sets the value."""

import hashlib
from collections.abc import Iterator
from typing import assert_never

from eksaddon import __version__
from eksaddon.domain.diagnostic import Diagnostic, Location
from eksaddon.domain.geography import region_partition
from eksaddon.domain.json import Json, JsonObject
from eksaddon.domain.plan import Change
from eksaddon.frozen import dataclass
from eksaddon.report.escape import as_json, sarif_text
from eksaddon.report.model.locations import file_uri, is_in_a_file
from eksaddon.report.model.model import Entry, ReportModel
from eksaddon.report.model.options import RenderOptions
from eksaddon.report.model.probes import ProbeRow, probe_rows
from eksaddon.report.model.states import STATES, Kind
from eksaddon.report.model.text import (
    counted,
    edit_text,
    is_text,
    name_text,
    target_text,
    unlisted_edits,
    value_text,
)
from eksaddon.report.sarif_terms import GRAVITY, LEVELS, SCHEMA

HOME = "https://github.com/eksdns/eksdns"

MOST_RESULTS = 25_000
"""GitHub rejects a run with more results, and shows the 5,000 most severe."""

CHANGE_RULES = {Kind.PLAN: ("pending-change", "note"), Kind.DRIFT: ("drift", "warning")}
LOST, NOT_MEASURED = "lost-lookups", "lookups-not-measured"
DESCRIPTIONS = {
    LOST: "Lookups were lost while CoreDNS was changed",
    NOT_MEASURED: "Lookups could not be measured while CoreDNS was changed",
    "pending-change": "A field differs from its desired value; the plan would change it",
    "drift": "A field differs from its desired value",
    **{state.word: state.meaning for states in STATES.values() for state in states},
}


@dataclass(frozen=True, slots=True)
class Result:
    """A finding for a cluster.

    Attributes:
        what: Distinguishes findings of one rule for one cluster, and is stable across runs.
    """

    rule: str
    level: str
    entry: Entry
    message: str
    what: str
    location: Location | None = None


def sarif(report_model: ReportModel, render_options: RenderOptions) -> str:
    """Most severe results first, up to GitHub's limit; a notification counts the others."""
    found = sorted(_results(report_model), key=lambda one: GRAVITY.index(one.level))
    kept = found[:MOST_RESULTS]
    rules = list(dict.fromkeys(one.rule for one in kept))
    probes: list[Json] = [
        {"cluster": sarif_text(row.cluster), "figures": sarif_text(row.text)}
        for row in probe_rows(report_model)
    ]
    run: JsonObject = {
        "tool": {"driver": _driver(rules)},
        "automationDetails": {"id": f"eksdns/{report_model.kind.value}/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report_model, len(found) - len(kept))],
        "results": [_result(one, rules.index(one.rule), render_options) for one in kept],
        **({"properties": {"probes": probes}} if probes else {}),
    }
    return as_json({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1) + "\n"


def _results(report_model: ReportModel) -> Iterator[Result]:
    probes = {row.probe.ref: row for row in probe_rows(report_model)}
    for entry in report_model.entries:
        yield from _of_probe(entry, probes.get(entry.ref))
        yield from _of_changes(report_model.kind, entry)
        state = report_model.state(entry)
        if state.is_bad:
            hint = f" ({entry.hint})" if entry.hint else ""
            message = f"{state.label}: {entry.explanation}".removesuffix(": ")
            yield Result(state.word, "error", entry, f"{message}{hint}", "")
        for number, diagnostic in enumerate(entry.diagnostics):
            yield _diagnostic_result(entry, diagnostic, number)


def _of_changes(kind: Kind, entry: Entry) -> Iterator[Result]:
    match kind:
        case Kind.PLAN | Kind.DRIFT:
            rule, level = CHANGE_RULES[kind]
            for change in entry.changes:
                yield Result(rule, level, entry, _drift_message(change), change.path, change.origin)
            for field in unlisted_edits(entry) if kind is Kind.DRIFT else ():
                yield Result(rule, level, entry, edit_text(field), field.path)
        case Kind.RUN | Kind.STATUS | Kind.AUDIT:
            return
        case _:
            assert_never(kind)


def _of_probe(entry: Entry, row: ProbeRow | None) -> Iterator[Result]:
    if row is None or not row.is_bad:
        return
    if row.probe.figures.lost:
        yield Result(LOST, "error", entry, row.text, row.wave)
    elif row.probe.trouble or not row.probe.figures.asked:
        yield Result(NOT_MEASURED, "warning", entry, row.text, row.wave)


def _drift_message(change: Change) -> str:
    note = f" ({change.note})" if change.note else ""
    if is_text(change):
        return f"{change.path} differs from its desired value{note}"
    return f"{change.path} is {value_text(change.before)}, desired {value_text(change.after)}{note}"


def _diagnostic_result(entry: Entry, one: Diagnostic, number: int) -> Result:
    position = f" (at {one.location})" if one.location and not is_in_a_file(one.location) else ""
    detail = f"; {one.detail}" if one.detail else ""
    message = f"{one.summary}{position}{detail}"
    return Result(one.rule, LEVELS[one.severity], entry, message, str(number), one.location)


def _driver(rules: list[str]) -> JsonObject:
    return {
        "name": "eksdns",
        "semanticVersion": __version__,
        "informationUri": HOME,
        "rules": [{"id": rule, "shortDescription": {"text": _description(rule)}} for rule in rules],
    }


def _description(rule: str) -> str:
    return DESCRIPTIONS.get(rule, sarif_text(rule.replace("-", " ")))


def _invocation(report_model: ReportModel, left_out: int) -> JsonObject:
    invocation: dict[str, Json] = {"executionSuccessful": True, "endTimeUtc": report_model.created_at}
    if left_out:
        text = (
            f"{counted(left_out, 'result')} omitted: GitHub accepts at most {MOST_RESULTS:,} results per run"
        )
        invocation["toolExecutionNotifications"] = [{"level": "warning", "message": {"text": text}}]
    return invocation


def _result(one: Result, rule_index: int, render_options: RenderOptions) -> JsonObject:
    arn = _arn(one.entry)
    return {
        "ruleId": one.rule,
        "ruleIndex": rule_index,
        "level": one.level,
        "message": {"text": f"{sarif_text(target_text(one.entry))}: {sarif_text(one.message)}"},
        "locations": [_location(one, arn, render_options)],
        "partialFingerprints": {"primaryLocationLineHash": _fingerprint(arn, one)},
    }


def _location(one: Result, arn: str, render_options: RenderOptions) -> JsonObject:
    """Location of a result; the top of the fleet file if it has none, as GitHub requires one."""
    position = (
        one.location
        if one.location and is_in_a_file(one.location)
        else Location(render_options.fleet_file, 1)
    )
    region: JsonObject = {
        "startLine": position.line,
        **({"startColumn": position.column} if position.column else {}),
    }
    physical: JsonObject = {"artifactLocation": {"uri": file_uri(position.source)}, "region": region}
    logical: JsonObject = {
        "name": name_text(one.entry),
        "fullyQualifiedName": sarif_text(arn),
        "kind": "resource",
    }
    return {"physicalLocation": physical, "logicalLocations": [logical]}


def _arn(entry: Entry) -> str:
    ref = entry.ref
    return f"arn:{region_partition(ref.region)}:eks:{ref.region}:{ref.account}:cluster/{ref.name}"


def _fingerprint(arn: str, one: Result) -> str:
    """Fingerprint of cluster and field, without values, which makes it stable when values change."""
    text = f"{arn}\n{one.rule}\n{one.what}"
    return f"{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}:1"
