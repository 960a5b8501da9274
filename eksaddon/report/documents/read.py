"""Documents on their way back in: checked against the published schema, with errors that name the place."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Never

from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.diagnostic import Diagnostic, Location, Severity
from eksaddon.domain.errors import EksdnsError
from eksaddon.domain.json import SCHEMA_VERSION, json_fault, path_text
from eksaddon.domain.last_update import LastUpdate
from eksaddon.domain.live import Fate, Fates, LiveField
from eksaddon.domain.plan import Change, Plane
from eksaddon.domain.printable import on_one_line
from eksaddon.domain.run.result import WaveResult
from eksaddon.domain.target import ClusterRef, Labels
from eksaddon.domain.workload import Owner
from eksaddon.report.documents.schemas import document_schema
from eksaddon.report.model.model import NOTHING_HELD, Entry, Held, ReportModel
from eksaddon.report.model.states import WORDS, Kind

Loaded = Mapping[str, Any]
"""An object that the schema has accepted, so that its keys and types are known."""

STATE_KEY = {Kind.PLAN: "action", Kind.RUN: "outcome", Kind.DRIFT: "state", Kind.STATUS: "state"}
HINT = "it has to be the JSON that plan, apply, drift or status wrote with `-o json` or `--report json=FILE`"


def read_document(text: str, source: str) -> ReportModel:
    """Read what `-o json` wrote.

    Args:
        source: What errors call it, a file name as a rule.

    Raises:
        EksdnsError: It is no such document, or its counts do not add up.
    """
    loaded = _object(text, source)
    kind = _kind(loaded, source)
    _check_schema(loaded, kind, source)
    report_model = _sheet(kind, loaded)
    _check_counts(report_model, loaded["summary"], source)
    return report_model


def _refuse(source: str, problem: str, hint: str = HINT) -> Never:
    raise EksdnsError(f"{source}: {on_one_line(problem)}", hint=hint)


def _object(text: str, source: str) -> Loaded:
    try:
        loaded = json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        fault = json_fault(error)
        _refuse(source, f"no JSON: {fault.msg} at line {fault.lineno}, column {fault.colno}")
    except (ValueError, RecursionError) as error:
        _refuse(source, f"no JSON: {error}")
    if not isinstance(loaded, dict):
        _refuse(source, "no JSON object")
    return loaded


def _no_constant(name: str) -> Never:
    raise ValueError(f"{name} is no JSON")


def _kind(loaded: Loaded, source: str) -> Kind:
    kind, version = loaded.get("kind"), loaded.get("schemaVersion")
    if kind not in tuple(Kind):
        _refuse(source, f"kind is {_shown(kind)}, not one of {', '.join(Kind)}")
    if version != SCHEMA_VERSION:
        _refuse(
            source,
            f"schemaVersion is {_shown(version)}, this eksdns reads {SCHEMA_VERSION}",
            "write all documents with the same release of eksdns",
        )
    return Kind(kind)


def _shown(value: Any) -> str:  # noqa: ANN401  # whatever stands there
    return "missing" if value is None else json.dumps(value)[:60]


def _check_schema(loaded: Loaded, kind: Kind, source: str) -> None:
    import jsonschema  # noqa: PLC0415  # 60 ms that writing a document need not pay

    validator = jsonschema.Draft202012Validator(document_schema(kind))
    for error in validator.iter_errors(loaded):
        where = path_text(tuple(error.absolute_path)) or "the document"
        _refuse(source, f"{where}: {error.message[:200]}")


def _check_counts(report_model: ReportModel, summary: Loaded, source: str) -> None:
    found = {"targets": len(report_model.entries), **report_model.counts}
    for word in ("targets", *WORDS[report_model.kind]):
        if summary[word] != found[word]:
            problem = f"summary.{word} is {summary[word]}, but {found[word]} are listed"
            _refuse(source, problem, "the file was changed or cut off; write it anew")


def _sheet(kind: Kind, loaded: Loaded) -> ReportModel:
    return ReportModel(
        kind,
        loaded["createdAt"],
        tuple(_entry(kind, one) for one in loaded["clusters"]),
        digest=loaded.get("digest", ""),
        run_id=loaded.get("runId", ""),
        run_state=loaded["state"] if kind is Kind.RUN else "",
        reason=loaded.get("reason", ""),
        waves=tuple(_wave(one) for one in loaded.get("waves", ())),
    )


def _wave(found: Loaded) -> WaveResult:
    until = datetime.fromisoformat(found["until"]).timestamp() if found["until"] else 0.0
    return WaveResult(
        found["name"],
        found["state"],
        int(found["targets"]),
        int(found["atOnce"]),
        int(found["soakSeconds"]),
        tuple(found["gates"]),
        until,
        found["approvedBy"],
        found["reason"],
    )


def _entry(kind: Kind, found: Loaded) -> Entry:
    return Entry(
        ref=ClusterRef(found["account"], found["region"], found["name"]),
        state=found[STATE_KEY[kind]],
        reason=found["reason"],
        account_name=found["accountName"],
        labels=_labels(found["labels"]),
        version=found["addonVersion"],
        cause=found["cause"] or "",
        hint=found["hint"],
        changes=tuple(_change(one) for one in found["changes"]),
        diagnostics=tuple(_diagnostic(one) for one in found["diagnostics"]),
        wave=found.get("wave", ""),
        fingerprint=found.get("fingerprint", ""),
        update_id=found.get("updateId") or "",
        seconds=int(found.get("seconds", 0)),
        held=_held(found) if kind is Kind.STATUS else NOTHING_HELD,
        last_update=_last_update(found["lastUpdate"]) if "lastUpdate" in found else None,
        live=tuple(_live(one) for one in found.get("live", ())),
    )


def _last_update(found: Loaded) -> LastUpdate:
    at = datetime.fromisoformat(found["at"]).timestamp() if found["at"] else 0.0
    return LastUpdate(found["id"] or "", at, found["status"], tuple(found["sent"]), found["detail"])


def _live(found: Loaded) -> LiveField:
    since = datetime.fromisoformat(found["since"]).timestamp() if found["since"] else 0.0
    manager, fates = found["manager"], found["onUpdate"]
    return LiveField(
        found["path"],
        found["desired"],
        found["held"],
        found["live"],
        None if manager is None else Owner(manager, found["operation"] or "", since),
        Fates(*(Fate(fates[mode]) for mode in ResolveConflicts)),
        is_held=found["heldByEks"],
        is_compared=found["compared"],
    )


def _labels(found: Mapping[str, Sequence[str]]) -> Labels:
    return tuple((key, value) for key, values in found.items() for value in values)


def _held(found: Loaded) -> Held:
    return Held(found["status"], found["replicaCount"], found["lameduckSeconds"])


def _change(found: Loaded) -> Change:
    return Change(
        Plane(found["plane"]),
        found["path"],
        found["before"],
        found["after"],
        found.get("note", ""),
        origin=_location(found.get("origin")),
    )


def _diagnostic(found: Loaded) -> Diagnostic:
    return Diagnostic(
        Severity(found["severity"]),
        found["rule"],
        found["summary"],
        found["detail"],
        _location(found["location"]),
    )


def _location(found: Loaded | None) -> Location | None:
    if found is None:
        return None
    return Location(found["source"], int(found["line"] or 0), int(found["column"] or 0))
