"""The JSON documents that other programs read: camelCase keys in a stable order, counts that add up."""

from typing import assert_never

from eksaddon.domain.diagnostic import Diagnostic, Location
from eksaddon.domain.json import SCHEMA_VERSION, Json, JsonObject
from eksaddon.domain.last_update import LastUpdate
from eksaddon.domain.live import LiveField
from eksaddon.domain.plan import Change, Plan
from eksaddon.domain.run.result import RunResult, WaveResult
from eksaddon.report.model.build import drift_model, plan_model, run_model, timestamp
from eksaddon.report.model.model import Entry, ReportModel
from eksaddon.report.model.states import WORDS, Kind


def plan_document(plan: Plan) -> JsonObject:
    return document(plan_model(plan))


def run_document(result: RunResult) -> JsonObject:
    return document(run_model(result))


def drift_document(plan: Plan) -> JsonObject:
    return document(drift_model(plan))


def document(report_model: ReportModel) -> JsonObject:
    counts = report_model.counts
    return {
        "schemaVersion": SCHEMA_VERSION,
        "kind": report_model.kind.value,
        **_identity(report_model),
        "createdAt": report_model.created_at,
        "summary": {
            "targets": len(report_model.entries),
            **{word: counts[word] for word in WORDS[report_model.kind]},
        },
        "clusters": [_cluster(report_model.kind, entry) for entry in report_model.entries],
    }


def _identity(report_model: ReportModel) -> JsonObject:
    match report_model.kind:
        case Kind.PLAN:
            return {"digest": report_model.digest, "waves": [_wave(wave) for wave in report_model.waves]}
        case Kind.RUN:
            identity: JsonObject = {
                "runId": report_model.run_id,
                "state": report_model.run_state,
                "reason": report_model.reason,
            }
            return {
                **identity,
                "digest": report_model.digest,
                "waves": [_wave(wave) for wave in report_model.waves],
            }
        case Kind.DRIFT | Kind.STATUS:
            return {}
        case _:
            assert_never(report_model.kind)


def _wave(wave: WaveResult) -> JsonObject:
    return {
        "name": wave.name,
        "state": wave.state,
        "targets": wave.targets,
        "atOnce": wave.at_once,
        "soakSeconds": wave.soak,
        "gates": list(wave.gates),
        "until": timestamp(wave.until) if wave.until else None,
        "approvedBy": wave.approved_by,
        "reason": wave.reason,
    }


def _cluster(kind: Kind, entry: Entry) -> JsonObject:
    return {
        "account": entry.ref.account,
        "region": entry.ref.region,
        "name": entry.ref.name,
        "addonVersion": entry.version,
        **_state(kind, entry),
        "changes": [_change(change) for change in entry.changes],
        "diagnostics": [_diagnostic(diagnostic) for diagnostic in entry.diagnostics],
        "accountName": entry.account_name,
        "labels": _labels(entry),
        **_last_update(entry.last_update),
        **({"live": [_live(field) for field in entry.live]} if entry.live else {}),
    }


def _last_update(found: LastUpdate | None) -> JsonObject:
    if found is None:
        return {}
    return {
        "lastUpdate": {
            "id": found.id or None,
            "at": timestamp(found.at) if found.at else None,
            "status": found.status,
            "sent": list(found.sent),
            "detail": found.detail,
        }
    }


def _live(field: LiveField) -> JsonObject:
    owner, fates = field.owner, field.fates
    return {
        "path": field.path,
        "desired": field.desired,
        "held": field.held,
        "live": field.live,
        "deviates": field.deviates,
        "heldByEks": field.is_held,
        "compared": field.is_compared,
        "manager": owner.manager if owner else None,
        "operation": owner.operation if owner else None,
        "since": timestamp(owner.at) if owner and owner.at else None,
        "onUpdate": {"none": fates.none, "preserve": fates.preserve, "overwrite": fates.overwrite},
    }


def _state(kind: Kind, entry: Entry) -> JsonObject:
    why: JsonObject = {"reason": entry.reason, "cause": entry.cause or None, "hint": entry.hint}
    match kind:
        case Kind.PLAN:
            return {"action": entry.state, **why, "fingerprint": entry.fingerprint, "wave": entry.wave}
        case Kind.RUN:
            update = {"updateId": entry.update_id or None, "seconds": entry.seconds, "wave": entry.wave}
            return {"outcome": entry.state, **why, **update}
        case Kind.DRIFT:
            return {"state": entry.state, **why}
        case Kind.STATUS:
            return {"state": entry.state, **why, **_held(entry)}
        case _:
            assert_never(kind)


def _held(entry: Entry) -> JsonObject:
    return {
        "status": entry.held.status,
        "replicaCount": entry.held.replicas,
        "lameduckSeconds": entry.held.lameduck_seconds,
    }


def _change(change: Change) -> JsonObject:
    found: dict[str, Json] = {
        "plane": change.plane.value,
        "path": change.path,
        "before": change.before,
        "after": change.after,
    }
    if change.note:
        found["note"] = change.note
    if change.origin is not None:
        found["origin"] = _location(change.origin)
    return found


def _diagnostic(diagnostic: Diagnostic) -> JsonObject:
    return {
        "severity": diagnostic.severity.value,
        "rule": diagnostic.rule,
        "summary": diagnostic.summary,
        "detail": diagnostic.detail,
        "location": None if diagnostic.location is None else _location(diagnostic.location),
    }


def _location(location: Location) -> JsonObject:
    return {
        "source": location.source,
        "line": location.line or None,
        "column": location.column or None,
    }


def _labels(entry: Entry) -> JsonObject:
    """A key may stand for several values: c7n-org writes `path` for every unit above an account."""
    found: dict[str, list[str]] = {}
    for key, value in entry.labels:
        found.setdefault(key, []).append(value)
    return found
