"""Converts a report model to its JSON document; see `published`."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from operator import attrgetter
from types import MappingProxyType
from typing import TypeVar, assert_never

from eksaddon.domain import diagnostic as found
from eksaddon.domain.audit.verdict import Grade, Reason
from eksaddon.domain.document import as_json
from eksaddon.domain.encoding.codec import Form, encode
from eksaddon.domain.json import SCHEMA_VERSION, Json, JsonObject
from eksaddon.domain.last_update import LastUpdate
from eksaddon.domain.live import LiveField
from eksaddon.domain.plan import Change as Planned
from eksaddon.domain.plan import Plan
from eksaddon.domain.run.result import RunResult, RunState, WaveResult
from eksaddon.domain.run.wave_progress import WaveState
from eksaddon.report.documents import published
from eksaddon.report.documents.probes import probe_document
from eksaddon.report.model.build import drift_model, plan_model, run_model, timestamp
from eksaddon.report.model.model import Entry, ReportModel
from eksaddon.report.model.order import in_natural_order
from eksaddon.report.model.protection import Protection
from eksaddon.report.model.states import WORDS, Kind
from eksaddon.report.model.text import is_weaker

R = TypeVar("R", bound=published.Row)


def plan_document(plan: Plan) -> JsonObject:
    return document(in_natural_order(plan_model(plan)))


def run_document(result: RunResult) -> JsonObject:
    return document(in_natural_order(run_model(result)))


def drift_document(plan: Plan) -> JsonObject:
    return document(in_natural_order(drift_model(plan)))


def document(model: ReportModel) -> JsonObject:
    """The document of a report, with the clusters in the order of the model."""
    return as_json(_document_with(model.entries, model))


def document_without_clusters(model: ReportModel) -> JsonObject:
    """The document with an empty list of clusters; its counts are those of the whole report."""
    return as_json(_document_with((), model))


def cluster_documents(model: ReportModel) -> Iterator[Json]:
    """The elements of the document's `clusters`, one at a time."""
    return (encode(row, Form.DOCUMENT) for row in _rows(_ROWS[model.kind], model.kind, model.entries))


def _document_with(entries: Iterable[Entry], model: ReportModel) -> published.Document:
    at, summary = model.created_at, _summary(model)
    waves, shard = tuple(_wave(wave) for wave in model.waves), _shard(model)
    match model.kind:
        case Kind.PLAN:
            rows = tuple(_rows(published.PlanRow, model.kind, entries))
            return published.PlanDocument(
                SCHEMA_VERSION, "plan", model.digest, waves, at, summary, rows, model.weakening, shard
            )
        case Kind.RUN:
            return published.RunDocument(
                SCHEMA_VERSION,
                "run",
                model.run_id,
                RunState(model.run_state),
                model.reason,
                model.digest,
                waves,
                at,
                summary,
                tuple(_rows(published.RunRow, model.kind, entries)),
                model.failed_before,
                model.weakening,
            )
        case Kind.DRIFT:
            return published.DriftDocument(
                SCHEMA_VERSION,
                "drift",
                at,
                summary,
                tuple(_rows(published.DriftRow, model.kind, entries)),
                model.weakening,
                shard,
            )
        case Kind.STATUS:
            status_rows = tuple(_rows(published.StatusRow, model.kind, entries))
            return published.StatusDocument(SCHEMA_VERSION, "status", at, summary, status_rows, shard)
        case Kind.AUDIT:
            audit_rows = tuple(_rows(published.AuditRow, model.kind, entries))
            return published.AuditDocument(SCHEMA_VERSION, "audit", at, summary, audit_rows, shard)
        case _:
            assert_never(model.kind)


_ROWS: Mapping[Kind, type[published.Row]] = MappingProxyType(
    {
        Kind.PLAN: published.PlanRow,
        Kind.RUN: published.RunRow,
        Kind.DRIFT: published.DriftRow,
        Kind.STATUS: published.StatusRow,
        Kind.AUDIT: published.AuditRow,
    }
)


def _shard(model: ReportModel) -> published.Shard | None:
    one = model.shard
    return None if one is None else published.Shard(one.number, one.of, one.fleet)


def _summary(model: ReportModel) -> published.Counts:
    counts = model.counts
    return {
        "targets": len(model.entries),
        **{state_word: counts[state_word] for state_word in WORDS[model.kind]},
    }


def _rows(row: type[R], kind: Kind, entries: Iterable[Entry]) -> Iterator[R]:
    """Build rows; an attribute is copied from the entry's of the same name unless `_DIFFERENT` defines it."""
    words = {state_word.value: state_word for state_word in WORDS[kind]}
    getters = {each.name: _DIFFERENT.get(each.name, attrgetter(each.name)) for each in fields(row)}
    getters["state"] = lambda entry: words[entry.state]
    return (row(**{name: getter(entry) for name, getter in getters.items()}) for entry in entries)


def _labels(entry: Entry) -> Mapping[str, tuple[str, ...]]:
    labels: dict[str, tuple[str, ...]] = {}
    for key, value in entry.labels:  # c7n-org writes `path` for every unit above an account
        labels[key] = (*labels.get(key, ()), value)
    return labels


_DIFFERENT: Mapping[str, Callable[[Entry], object]] = MappingProxyType(
    {
        "account": lambda entry: entry.ref.account,
        "region": lambda entry: entry.ref.region,
        "name": lambda entry: entry.ref.name,
        "labels": _labels,
        "addon_version": lambda entry: entry.version,
        "cause": lambda entry: entry.cause or None,
        "changes": lambda entry: tuple(_change(one, entry) for one in entry.changes),
        "weakens": lambda entry: tuple(
            published.Weakening(one.path, one.setting, one.before, one.after) for one in entry.weakens
        ),
        "diagnostics": lambda entry: tuple(diagnostic(one) for one in entry.diagnostics),
        "update_id": lambda entry: entry.update_id or None,
        "last_update": lambda entry: _last_update(entry.last_update) if entry.last_update else None,
        "live": lambda entry: tuple(_live(one) for one in entry.live),
        "reasons": lambda entry: tuple(_reason(one) for one in entry.diagnostics if isinstance(one, Reason)),
        "grade": lambda entry: Grade(entry.grade) if entry.grade else None,
        "first": lambda entry: "" if entry.cause else entry.hint,
        "status": lambda entry: entry.held.status,
        "replica_count": lambda entry: entry.held.replicas,
        "lameduck_seconds": lambda entry: entry.held.lameduck_seconds,
        "kubernetes": lambda entry: entry.held.kubernetes,
        "behind": lambda entry: entry.held.behind,
        "protection": lambda entry: _protection(entry.held.protection),
    }
)


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
        probe=None if wave.probe is None else probe_document(wave.probe),
    )


def _change(one: Planned, entry: Entry) -> published.Change:
    origin, weaker = _location(one.origin), is_weaker(one, entry)
    return published.Change(one.plane, one.path, one.before, one.after, one.note, origin, weaker)


def diagnostic(one: found.Diagnostic) -> published.Diagnostic:
    return published.Diagnostic(one.severity, one.rule, one.summary, one.detail, _location(one.location))


def _reason(one: Reason) -> published.AuditReason:
    sources = tuple(published.AuditSource(each.name, each.url) for each in one.sources)
    return published.AuditReason(one.level, one.rule, one.summary, one.detail, sources)


def _location(one: found.Location | None) -> published.Location | None:
    return None if one is None else published.Location(one.source, one.line or None, one.column or None)


def _last_update(one: LastUpdate) -> published.LastUpdate:
    return published.LastUpdate(one.id or None, _time(one.at), one.status, one.sent, one.detail)


def _protection(one: Protection | None) -> published.Protection | None:
    if one is None:
        return None
    return published.Protection(
        one.replicas,
        one.lameduck_seconds,
        one.pre_stop_seconds,
        one.grace_seconds,
        one.budget,
        one.spread,
        one.verdict,
    )


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
