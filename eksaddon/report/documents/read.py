"""Reads documents: validates them against the published schema, with the position in errors."""

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from functools import cache
from typing import Any, Never, assert_never

from eksaddon.domain import diagnostic as found
from eksaddon.domain.audit.verdict import SEVERITIES, Reason, Source
from eksaddon.domain.document import schema_of
from eksaddon.domain.encoding.codec import CodecError, Form, decode
from eksaddon.domain.errors import EksdnsError
from eksaddon.domain.json import SCHEMA_VERSION, JsonObject, json_fault, path_text
from eksaddon.domain.last_update import LastUpdate
from eksaddon.domain.live import Fates, LiveField
from eksaddon.domain.plan import Change
from eksaddon.domain.printable import on_one_line
from eksaddon.domain.run.result import WaveResult
from eksaddon.domain.shards.shard import ShardMark
from eksaddon.domain.target import ClusterRef
from eksaddon.domain.weakening import Weakening
from eksaddon.domain.workload import Owner
from eksaddon.report.documents import published
from eksaddon.report.documents.probes import probe_result
from eksaddon.report.model.model import Entry, Held, ReportModel
from eksaddon.report.model.protection import Protection
from eksaddon.report.model.states import WORDS, Kind

HINT = "expected JSON written by plan, apply, drift, status or audit with `-o json` or `--report json=FILE`"


def read_document(text: str, source: str) -> ReportModel:
    """Read a document written by `-o json`.

    Args:
        source: Name for errors, usually a file name.

    Raises:
        EksdnsError: Invalid document, or its counts do not add up.
    """
    loaded = _object(text, source)
    kind = _kind(loaded, source)
    _check_schema(loaded, kind, source)
    try:
        document = decode(published.DOCUMENTS[kind], loaded, form=Form.DOCUMENT)
        model = _model(document)
    except CodecError as error:  # JSON Schema takes 2.0 for an integer
        _fail(source, f"{error.path}: {error.message}")
    except ValueError as error:  # a time such as 2026-02-31
        _fail(source, str(error))
    _check_counts(model, document.summary, source)
    return model


def _fail(source: str, problem: str, hint: str = HINT) -> Never:
    raise EksdnsError(f"{source}: {on_one_line(problem)}", hint=hint)


def _object(text: str, source: str) -> dict[str, Any]:
    try:
        loaded = json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        fault = json_fault(error)
        _fail(source, f"invalid JSON: {fault.msg} at line {fault.lineno}, column {fault.colno}")
    except (ValueError, RecursionError) as error:
        _fail(source, f"invalid JSON: {error}")
    if not isinstance(loaded, dict):
        _fail(source, "not a JSON object")
    return loaded


def _no_constant(name: str) -> Never:
    raise ValueError(f"{name} is not valid JSON")


def _kind(loaded: JsonObject, source: str) -> Kind:
    kind, version = loaded.get("kind"), loaded.get("schemaVersion")
    if kind not in tuple(Kind):
        _fail(source, f"unknown kind {_abbreviated(kind)}, expected one of {', '.join(Kind)}")
    if version != SCHEMA_VERSION:
        _fail(
            source,
            f"unsupported schemaVersion {_abbreviated(version)}, this eksdns reads {SCHEMA_VERSION}",
            "create all reports with the same release of eksdns",
        )
    return Kind(kind)


def _abbreviated(value: Any) -> str:  # noqa: ANN401  # any JSON value
    return "missing" if value is None else json.dumps(value)[:60]


def _check_schema(loaded: JsonObject, kind: Kind, source: str) -> None:
    import jsonschema  # noqa: PLC0415  # 60 ms that writing a document need not pay

    validator = jsonschema.Draft202012Validator(schema_of(published.DOCUMENTS[kind]))
    for error in validator.iter_errors(loaded):
        position = path_text(tuple(error.absolute_path)) or "the document"
        _fail(source, f"{position}: {error.message[:200]}")


def _check_counts(model: ReportModel, summary: Mapping[str, int], source: str) -> None:
    found = {"targets": len(model.entries), **model.counts}
    for word in ("targets", *WORDS[model.kind]):
        if summary[word] != found[word]:
            problem = f"summary.{word} is {summary[word]}, but the file lists {found[word]}"
            _fail(source, problem, "the file was modified or truncated; create it again")


def _model(document: published.Document) -> ReportModel:
    kind, at = Kind(document.kind), document.created_at
    entries = tuple(_entry(row) for row in document.clusters)
    match document:
        case published.PlanDocument(digest=digest, waves=waves, shard=shard):
            return ReportModel(kind, at, entries, digest=digest, waves=_waves(waves), shard=_shard(shard))
        case published.RunDocument(run_id=run_id, state=state, reason=reason, digest=digest, waves=waves):
            return ReportModel(
                kind,
                at,
                entries,
                digest,
                run_id,
                state.value,
                reason,
                _waves(waves),
                document.failed_before,
            )
        case published.DriftDocument() | published.StatusDocument() | published.AuditDocument():
            return ReportModel(kind, at, entries, shard=_shard(document.shard))
        case _:
            assert_never(document)


def _shard(one: published.Shard | None) -> ShardMark | None:
    return None if one is None else ShardMark(one.number, one.of, one.fleet)


def _waves(waves: tuple[published.Wave, ...]) -> tuple[WaveResult, ...]:
    return tuple(
        WaveResult(
            name=one.name,
            state=one.state.value,
            targets=one.targets,
            at_once=one.at_once,
            soak=one.soak_seconds,
            gates=one.gates,
            until=_seconds(one.until),
            approved_by=one.approved_by,
            reason=one.reason,
            probe=None if one.probe is None else probe_result(one.probe),
        )
        for one in waves
    )


def _entry(
    row: published.PlanRow | published.RunRow | published.DriftRow | published.StatusRow | published.AuditRow,
) -> Entry:
    match row:
        case published.PlanRow(live=live):
            specific: dict[str, Any] = {"live": _live(live)}
        case published.RunRow(update_id=update_id):
            specific = {"update_id": update_id or ""}
        case published.DriftRow(last_update=last_update, live=live):
            specific = {"last_update": _last_update(last_update), "live": _live(live)}
        case published.StatusRow(status=status, replica_count=count, lameduck_seconds=lameduck):
            specific = {"held": Held(status, count, lameduck, row.kubernetes, row.behind, _protection(row))}
        case published.AuditRow(grade=grade, reasons=reasons):
            specific = {"grade": grade or "", "diagnostics": tuple(_reason(one) for one in reasons)}
        case _:
            assert_never(row)
    kind: Any = type(row)
    common: dict[str, Any] = {
        "diagnostics": tuple(
            found.Diagnostic(one.severity, one.rule, one.summary, one.detail, _location(one.location))
            for one in row.diagnostics
        )
    }
    return Entry(
        **{name: getattr(row, name) for name in _shared_attributes(kind)},
        ref=ClusterRef(row.account, row.region, row.name),
        labels=tuple((key, value) for key, values in row.labels.items() for value in values),
        version=row.addon_version,
        cause=row.cause or "",
        changes=tuple(
            Change(one.plane, one.path, one.before, one.after, one.note, _location(one.origin))
            for one in row.changes
        ),
        weakens=tuple(Weakening(one.path, one.setting, one.before, one.after) for one in row.weakens),
        **{**common, **specific},
    )


def _reason(one: published.AuditReason) -> Reason:
    sources = tuple(Source(each.name, each.url) for each in one.sources)
    severity = SEVERITIES[one.level]
    return Reason(severity, one.check, one.summary, one.fix, level=one.level, sources=sources)


_CONVERTED_KEYS = frozenset(
    {"labels", "cause", "changes", "diagnostics", "update_id", "last_update", "live", "weakens", "grade"}
)


@cache
def _shared_attributes(row: Any) -> frozenset[str]:  # noqa: ANN401  # a class of rows
    """Attributes of a row that map to an entry's attribute of the same name."""
    return (
        frozenset({each.name for each in fields(row)} & {each.name for each in fields(Entry)})
        - _CONVERTED_KEYS
    )


def _location(one: published.Location | None) -> found.Location | None:
    return None if one is None else found.Location(one.source, one.line or 0, one.column or 0)


def _last_update(one: published.LastUpdate | None) -> LastUpdate | None:
    if one is None:
        return None
    return LastUpdate(one.id or "", _seconds(one.at), one.status, one.sent, one.detail)


def _protection(row: published.StatusRow) -> Protection | None:
    if (one := row.protection) is None:
        return None
    return Protection(
        one.replicas,
        one.lameduck_seconds,
        one.pre_stop_seconds,
        one.grace_period_seconds,
        one.pod_disruption_budget,
        one.spread,
        one.verdict,
    )


def _live(fields: tuple[published.Live, ...]) -> tuple[LiveField, ...]:
    return tuple(
        LiveField(
            path=one.path,
            desired=one.desired,
            held=one.held,
            live=one.live,
            owner=None
            if one.manager is None
            else Owner(one.manager, one.operation or "", _seconds(one.since)),
            fates=Fates(one.on_update.none, one.on_update.preserve, one.on_update.overwrite),
            is_held=one.held_by_eks,
            is_compared=one.compared,
        )
        for one in fields
    )


def _seconds(time: str | None) -> float:
    return datetime.fromisoformat(time).timestamp() if time else 0.0
