"""eksdns history"""

import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from eksaddon.cli.options import OUTPUT
from eksaddon.cli.run_options import State
from eksaddon.domain.json import SCHEMA_VERSION, Json, JsonObject

if TYPE_CHECKING:
    from eksaddon.app.runs.history import Line, Listed

Row = JsonObject


class HistoryFormat(StrEnum):
    TABLE = "table"
    JSON = "json"


Run = Annotated[str | None, typer.Argument(help="Id of a run; without one all runs are listed.")]
Cluster = Annotated[
    str | None,
    typer.Option("--cluster", help="What EKS remembers of a cluster: NAME in --region."),
]
Region = Annotated[str | None, typer.Option("--region", envvar="EKSDNS_REGION", help="Of the cluster.")]
Output = Annotated[
    HistoryFormat,
    typer.Option("--output", "-o", envvar="EKSDNS_OUTPUT", help="Form on stdout.", rich_help_panel=OUTPUT),
]


def history(
    run: Run = None,
    cluster: Cluster = None,
    region: Region = None,
    state: State = "",
    output: Output = HistoryFormat.TABLE,
) -> int:
    """List the runs on record, tell one from its opening to its end, or ask EKS about a cluster."""
    from eksaddon.app.runs.history import lines, runs
    from eksaddon.app.wiring import open_run_store

    if cluster is not None:
        return _of_cluster(cluster, region, output)
    store = open_run_store(state)
    if run is None:
        _put(
            output,
            "history",
            [_run(each) for each in runs(store)],
            ("run", "state", "opened", "targets", "why"),
        )
    else:
        _put(
            output,
            "runHistory",
            [_line(each) for each in lines(store, run)],
            ("at", "about", "what", "detail"),
        )
    return 0


def _of_cluster(cluster: str, region: str | None, output: HistoryFormat) -> int:
    from eksaddon.app.runs.cluster_history import cluster_history

    told = [_line(each) for each in cluster_history(cluster, region)]
    _put(output, "clusterHistory", told, ("at", "update", "status", "what was sent"))
    return 0


def _run(listed: "Listed") -> Row:
    run_progress = listed.run_progress
    if run_progress is None:
        return {
            "runId": listed.run_id,
            "state": "unreadable",
            "openedAt": "",
            "counts": {},
            "reason": listed.trouble,
        }
    return {
        "runId": listed.run_id,
        "state": run_progress.state.value,
        "openedAt": _time(run_progress.opened.at),
        "counts": dict(run_progress.counts),
        "reason": run_progress.reason,
    }


def _line(line: "Line") -> Row:
    return {"at": _time(line.at), "about": line.about, "what": line.what, "detail": line.detail}


def _time(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _put(output: HistoryFormat, kind: str, rows: list[Row], heads: tuple[str, ...]) -> None:
    if output is HistoryFormat.JSON:
        body = {"schemaVersion": SCHEMA_VERSION, "kind": kind, "entries": rows}
        sys.stdout.write(json.dumps(body, indent=2) + "\n")
        return
    from eksaddon.cli.columns import columns

    sys.stdout.write(columns(heads, (tuple(map(_text, row.values())) for row in rows)))


def _text(value: Json) -> str:
    from eksaddon.report.model.states import outcome_label

    if isinstance(value, Mapping):
        return ", ".join(f"{number} {outcome_label(word)}" for word, number in value.items())
    return str(value)
