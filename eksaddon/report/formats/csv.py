"""CSV with one line for each cluster."""

import csv
import io
import json
from collections.abc import Iterator

from eksaddon.domain.json import Json
from eksaddon.domain.plan import Change
from eksaddon.report.escape import csv_cell
from eksaddon.report.model.model import Entry, ReportModel
from eksaddon.report.model.probes import ProbeRow, probe_rows
from eksaddon.report.model.protection import Protection
from eksaddon.report.model.states import Kind
from eksaddon.report.model.text import edit_text, is_text, is_weaker, unlisted_edits, update_text

COLUMNS = (
    "account",
    "accountName",
    "region",
    "name",
    "addonVersion",
    "state",
    "reason",
    "cause",
    "hint",
    "changes",
    "diagnostics",
    "labels",
)
LOOKUPS = (
    "lookups",
    "lookupsLost",
    "lookupsLostBy",
    "lookupsNotSent",
    "longestOutageSeconds",
    "corednsCounted",
    "measuredFrom",
    "notMeasured",
)
"""What the probe of a cluster measured; empty without one."""

MORE = {
    Kind.PLAN: ("wave",),
    Kind.RUN: ("wave", "updateId", "seconds", *LOOKUPS),
    Kind.DRIFT: ("lastUpdate",),
    Kind.STATUS: (
        *("status", "replicaCount", "lameduckSeconds", "liveReplicas", "liveLameduckSeconds"),
        *("preStopSeconds", "gracePeriodSeconds", "podDisruptionBudget", "spread", "verdict"),
    ),
    Kind.AUDIT: ("grade", "unread"),
}


def csv_text(report_model: ReportModel) -> str:
    """RFC 4180 with a header; cells that a spreadsheet would run as a formula start with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow((*COLUMNS, *MORE[report_model.kind]))
    probed = {row.probe.ref: row for row in probe_rows(report_model)}
    writer.writerows(
        tuple(_cells(entry, report_model.kind, probed.get(entry.ref))) for entry in report_model.entries
    )
    return out.getvalue()


def _cells(entry: Entry, kind: Kind, probed: ProbeRow | None) -> Iterator[str]:
    ref = entry.ref
    yield from map(csv_cell, (ref.account, entry.account_name, ref.region, ref.name, entry.version))
    yield from map(csv_cell, (entry.state, entry.reason, entry.cause, entry.hint))
    changes = (
        *(_change(change, entry) for change in entry.changes),
        *(edit_text(field) for field in unlisted_edits(entry)),
    )
    yield csv_cell("; ".join(changes))
    yield csv_cell("; ".join(f"{one.label} {one.rule}: {one.summary}" for one in entry.diagnostics))
    yield csv_cell(" ".join(f"{key}={value}" for key, value in entry.labels))
    yield from (csv_cell(_plain(value)) for value in _extra_columns(entry, kind, probed))


def _extra_columns(entry: Entry, kind: Kind, probed: ProbeRow | None) -> tuple[Json, ...]:
    held = entry.held
    found: dict[Kind, tuple[Json, ...]] = {
        Kind.PLAN: (entry.wave,),
        Kind.RUN: (entry.wave, entry.update_id, entry.seconds, *_lookups(probed)),
        Kind.DRIFT: (update_text(entry.last_update) if entry.last_update else "",),
        Kind.STATUS: (held.status, held.replicas, held.lameduck_seconds, *_protection(held.protection)),
        Kind.AUDIT: (entry.grade, "; ".join(entry.unread)),
    }
    return found[kind]


def _lookups(row: ProbeRow | None) -> tuple[Json, ...]:
    if row is None:
        return (None,) * len(LOOKUPS)
    found = row.probe.figures
    outage = found.longest_outage if found.lost else 0.0
    unsent = found.missed + found.unsent
    counted, trouble = row.counted, row.probe.trouble
    return found.asked, found.lost, found.causes, unsent, outage, counted, row.measured_at, trouble


def _protection(found: Protection | None) -> tuple[Json, ...]:
    if found is None:
        return (None,) * 7
    verdict = found.verdict.value if found.verdict else None
    live = (found.replicas, found.lameduck_seconds, found.pre_stop_seconds, found.grace_seconds)
    return (*live, found.budget, found.spread, verdict)


def _change(change: Change, entry: Entry) -> str:
    note = f" ({change.note})" if change.note else ""
    note += " (weakens DNS)" if is_weaker(change, entry) else ""
    if is_text(change):
        return f"{change.path} changed{note}"
    return f"{change.path} {_side(change.before)} -> {_side(change.after)}{note}"


def _side(value: Json) -> str:
    return "not set" if value is None else _plain(value)


def _plain(value: Json) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
