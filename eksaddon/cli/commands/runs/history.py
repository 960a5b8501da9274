"""eksdns history"""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from eksaddon.cli import messages
from eksaddon.cli.options import OUTPUT
from eksaddon.cli.run_options import State
from eksaddon.domain.json import SCHEMA_VERSION

if TYPE_CHECKING:
    from eksaddon.app.runs.history import Line, Listed
    from eksaddon.ports import RunStore
    from eksaddon.report.documents.history import EventEntry, RunEntry


MOST_SHOWN = 30
"""Runs or updates in a table without --limit."""

TIME = "%Y-%m-%dT%H:%M:%SZ"
INTERRUPTED = "interrupted"
"""State in the list for runs whose process was killed."""

NOT_STARTED = "not_started"
"""State in the list for runs without a record, which changed nothing."""


class HistoryFormat(StrEnum):
    TABLE = "table"
    JSON = "json"
    ENTRIES = "entries"


Run = Annotated[str | None, typer.Argument(help="Run ID. Default: list all runs.")]
Cluster = Annotated[
    str | None,
    typer.Option("--cluster", help="List the EKS updates of this cluster (NAME, with --region)."),
]
Region = Annotated[
    str | None, typer.Option("--region", envvar="EKSDNS_REGION", help="Region of the cluster.")
]
Output = Annotated[
    HistoryFormat,
    typer.Option("--output", "-o", envvar="EKSDNS_OUTPUT", help="Output format.", rich_help_panel=OUTPUT),
]


Limit = Annotated[
    int | None,
    typer.Option(
        "--limit",
        min=1,
        envvar="EKSDNS_LIMIT",
        help=f"Show only the newest N. Default: {MOST_SHOWN} in a table, all in other formats.",
    ),
]


def history(
    run: Run = None,
    cluster: Cluster = None,
    region: Region = None,
    state: State = "",
    limit: Limit = None,
    output: Output = HistoryFormat.TABLE,
) -> int:
    """List recorded runs, show one in full, or list the EKS updates of a cluster."""
    from eksaddon.app.runs.cluster_history import cluster_history
    from eksaddon.app.runs.history import lines, runs
    from eksaddon.app.wiring import open_run_store
    from eksaddon.domain.document import as_json
    from eksaddon.report.documents.history import ClusterHistoryDocument, HistoryDocument, RunHistoryDocument

    if run is not None and cluster is None and output is HistoryFormat.JSON:
        return _print_run(open_run_store(state), run)
    made: ClusterHistoryDocument | RunHistoryDocument | HistoryDocument
    heads: tuple[str, ...]
    most = MOST_SHOWN if limit is None and output is HistoryFormat.TABLE else limit
    left = 0
    if cluster is not None:
        events, left = _newest(_events(cluster_history(cluster, region)), most)
        made = ClusterHistoryDocument(SCHEMA_VERSION, "clusterHistory", events)
        heads = ("at", "update", "status", "changed parameters")
    elif run is not None:
        store = open_run_store(state)
        made = RunHistoryDocument(SCHEMA_VERSION, "runHistory", _events(lines(store, run)))
        _print_interrupted(store, run)
        heads = ("at", "about", "what", "detail")
    else:
        found, left = runs(open_run_store(state), most)
        made = HistoryDocument(SCHEMA_VERSION, "history", tuple(map(_run, found)))
        heads = ("run", "state", "opened", "targets", "why")
    if output is not HistoryFormat.TABLE:
        messages.rendered(json.dumps(as_json(made), indent=2) + "\n")
    else:
        messages.rendered(_table(heads, tuple(map(_cells, made.entries))))
    if left:
        messages.message(f"{left:,} older ones are not shown; --limit shows more")
    return 0


def _newest(events: "tuple[EventEntry, ...]", most: int | None) -> "tuple[tuple[EventEntry, ...], int]":
    """The newest ones, which are last, and the number of the others."""
    kept = events if most is None else events[-most:]
    return kept, len(events) - len(kept)


def _table(heads: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> str:
    """Fitted to a terminal, with relative times; plain and with whole times for everything else."""
    from eksaddon.cli.columns import columns
    from eksaddon.cli.terminal import terminal

    at = terminal()
    if not at.stdout_is_terminal:
        return columns(heads, rows)
    from eksaddon.app.runtime import SystemClock
    from eksaddon.report.history import history_table
    from eksaddon.report.model.options import RenderOptions

    now = SystemClock().now()
    times = {index for index, head in enumerate(heads) if head == "opened"}
    relative = tuple(
        tuple(_ago(cell, now) if index in times else cell for index, cell in enumerate(row)) for row in rows
    )
    return history_table(heads, relative, RenderOptions(at.width, at.colour), whole=1)


def _ago(at: str, now: float) -> str:
    from eksaddon.report.history import ago

    if not at:
        return at
    return ago(now - datetime.strptime(at, TIME).replace(tzinfo=UTC).timestamp())


def _print_interrupted(store: "RunStore", run_id: str) -> None:
    from eksaddon.app.runs.history import is_interrupted
    from eksaddon.app.runs.rollout import load_run

    if is_interrupted(store, load_run(store, run_id)):
        messages.problem(
            "warning", f"run {run_id} was interrupted: its process is gone", f"eksdns resume {run_id}"
        )


def _print_run(store: "RunStore", run_id: str) -> int:
    """Print the document of `apply -o json` from the journal."""
    from eksaddon.app.runs.rollout import load_run
    from eksaddon.apply.result import result_of
    from eksaddon.report.documents.documents import run_document

    _print_interrupted(store, run_id)
    document = run_document(result_of(load_run(store, run_id)))
    messages.rendered(json.dumps(document, indent=2) + "\n")
    return 0


def _run(listed: "Listed") -> "RunEntry":
    from eksaddon.report.documents.history import RunEntry

    run_progress = listed.run_progress
    if run_progress is None:
        state = "unreadable" if listed.has_started else NOT_STARTED
        return RunEntry(listed.run_id, state, "", {}, listed.trouble)
    resume = f"its process is gone; resume: eksdns resume {listed.run_id}" if listed.interrupted else ""
    return RunEntry(
        listed.run_id,
        INTERRUPTED if listed.interrupted else run_progress.state.value,
        _time(run_progress.opened.at),
        dict(run_progress.counts),
        resume or run_progress.reason,
    )


def _events(lines: "Iterable[Line]") -> "tuple[EventEntry, ...]":
    from eksaddon.report.documents.history import EventEntry

    return tuple(
        EventEntry(_time(line.at), line.about, line.what, line.detail, line.account_name) for line in lines
    )


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime(TIME)


def _cells(entry: "RunEntry | EventEntry") -> tuple[str, ...]:
    from eksaddon.report.documents.history import EventEntry
    from eksaddon.report.model.states import outcome_label

    if isinstance(entry, EventEntry):
        return entry.at, entry.label, entry.what, entry.detail
    counts = ", ".join(f"{number} {outcome_label(word)}" for word, number in entry.counts.items())
    return entry.run_id, entry.state.replace("_", " "), entry.opened_at, counts, entry.reason
