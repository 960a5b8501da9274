"""From a report to the document that other programs read; see `published`."""

from typing import Any, assert_never

from eksaddon.domain import diagnostic as found
from eksaddon.domain.document import as_json
from eksaddon.domain.json import SCHEMA_VERSION, JsonObject
from eksaddon.domain.last_update import LastUpdate
from eksaddon.domain.live import LiveField
from eksaddon.domain.plan import Action, Plan
from eksaddon.domain.plan import Change as Planned
from eksaddon.domain.run.outcome import OutcomeWord
from eksaddon.domain.run.result import RunResult, RunState, WaveResult
from eksaddon.domain.run.wave_progress import WaveState
from eksaddon.report.documents import published
from eksaddon.report.model.build import drift_model, plan_model, run_model, timestamp
from eksaddon.report.model.model import Entry, ReportModel
from eksaddon.report.model.states import WORDS, DriftState, Kind, StatusWord


def plan_document(plan: Plan) -> JsonObject:
    return document(plan_model(plan))


def run_document(result: RunResult) -> JsonObject:
    return document(run_model(result))


def drift_document(plan: Plan) -> JsonObject:
    return document(drift_model(plan))


def document(model: ReportModel) -> JsonObject:
    return as_json(published_form(model))


def published_form(model: ReportModel) -> published.Document:
    at, summary = model.created_at, _summary(model)
    waves = tuple(_wave(wave) for wave in model.waves)
    match model.kind:
        case Kind.PLAN:
            plan_rows = tuple(_plan_row(entry) for entry in model.entries)
            return published.PlanDocument(SCHEMA_VERSION, "plan", model.digest, waves, at, summary, plan_rows)
        case Kind.RUN:
            run_rows = tuple(_run_row(entry) for entry in model.entries)
            state = RunState(model.run_state)
            return published.RunDocument(
                SCHEMA_VERSION,
                "run",
                model.run_id,
                state,
                model.reason,
                model.digest,
                waves,
                at,
                summary,
                run_rows,
                model.failed_before,
            )
        case Kind.DRIFT:
            drift_rows = tuple(_drift_row(entry) for entry in model.entries)
            return published.DriftDocument(SCHEMA_VERSION, "drift", at, summary, drift_rows)
        case Kind.STATUS:
            status_rows = tuple(_status_row(entry) for entry in model.entries)
            return published.StatusDocument(SCHEMA_VERSION, "status", at, summary, status_rows)
        case _:
            assert_never(model.kind)


def _summary(model: ReportModel) -> published.Counts:
    counts = model.counts
    return {"targets": len(model.entries), **{word: counts[word] for word in WORDS[model.kind]}}


def _plan_row(entry: Entry) -> published.PlanRow:
    return published.PlanRow(
        **_common(entry),
        state=Action(entry.state),
        fingerprint=entry.fingerprint,
        wave=entry.wave,
        live=tuple(_live(one) for one in entry.live),
    )


def _run_row(entry: Entry) -> published.RunRow:
    return published.RunRow(
        **_common(entry),
        state=OutcomeWord(entry.state),
        update_id=entry.update_id or None,
        seconds=entry.seconds,
        wave=entry.wave,
    )


def _drift_row(entry: Entry) -> published.DriftRow:
    return published.DriftRow(
        **_common(entry),
        state=DriftState(entry.state),
        last_update=_last_update(entry.last_update) if entry.last_update else None,
        live=tuple(_live(one) for one in entry.live),
    )


def _status_row(entry: Entry) -> published.StatusRow:
    return published.StatusRow(
        **_common(entry),
        state=StatusWord(entry.state),
        status=entry.held.status,
        replica_count=entry.held.replicas,
        lameduck_seconds=entry.held.lameduck_seconds,
    )


def _common(entry: Entry) -> dict[str, Any]:
    """What `published.Row` has, except the state."""
    labels: dict[str, tuple[str, ...]] = {}
    for key, value in entry.labels:  # c7n-org writes `path` for every unit above an account
        labels[key] = (*labels.get(key, ()), value)
    return {
        "account": entry.ref.account,
        "account_name": entry.account_name,
        "region": entry.ref.region,
        "name": entry.ref.name,
        "labels": labels,
        "addon_version": entry.version,
        "reason": entry.reason,
        "cause": entry.cause or None,
        "hint": entry.hint,
        "changes": tuple(_change(one) for one in entry.changes),
        "diagnostics": tuple(diagnostic(one) for one in entry.diagnostics),
    }


def _wave(wave: WaveResult) -> published.Wave:
    return published.Wave(
        name=wave.name,
        state=WaveState(wave.state),
        targets=wave.targets,
        at_once=wave.at_once,
        soak_seconds=wave.soak,
        gates=wave.gates,
        until=_time(wave.until),
        approved_by=wave.approved_by,
        reason=wave.reason,
    )


def _change(one: Planned) -> published.Change:
    origin = _location(one.origin)
    return published.Change(one.plane, one.path, one.before, one.after, one.note, origin)


def diagnostic(one: found.Diagnostic) -> published.Diagnostic:
    return published.Diagnostic(one.severity, one.rule, one.summary, one.detail, _location(one.location))


def _location(one: found.Location | None) -> published.Location | None:
    return None if one is None else published.Location(one.source, one.line or None, one.column or None)


def _last_update(one: LastUpdate) -> published.LastUpdate:
    return published.LastUpdate(one.id or None, _time(one.at), one.status, one.sent, one.detail)


def _live(one: LiveField) -> published.Live:
    owner, fates = one.owner, one.fates
    return published.Live(
        path=one.path,
        desired=one.desired,
        held=one.held,
        live=one.live,
        deviates=one.deviates,
        held_by_eks=one.is_held,
        compared=one.is_compared,
        manager=owner.manager if owner else None,
        operation=owner.operation if owner else None,
        since=_time(owner.at) if owner else None,
        on_update=published.OnUpdate(fates.none, fates.preserve, fates.overwrite),
    )


def _time(seconds: float) -> str | None:
    return timestamp(seconds) if seconds else None
