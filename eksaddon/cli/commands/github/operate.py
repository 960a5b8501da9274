"""eksdns github operate"""

from typing import TYPE_CHECKING, Annotated

import typer

from eksaddon.cli import messages
from eksaddon.cli.commands.github.options import FOLDER, DnsName, DnsServers, Folder
from eksaddon.cli.commands.github.wave import Head, MaxWait
from eksaddon.cli.run_options import State

if TYPE_CHECKING:
    from eksaddon.app.github.operate import Requested
    from eksaddon.app.runs.asks import Ask

OperationName = Annotated[
    str,
    typer.Option(
        "--operation",
        envvar="EKSDNS_OPERATION",
        help="history, retry, resume, skip, accept-failures, approve, abort or rollback.",
    ),
]
Run = Annotated[str, typer.Option("--run", envvar="EKSDNS_RUN", help="ID of the run.")]
Wave = Annotated[str, typer.Option("--wave", envvar="EKSDNS_WAVE", help="Wave to approve or to roll back.")]
Cluster = Annotated[str, typer.Option("--cluster", envvar="EKSDNS_CLUSTER", help="Cluster to skip.")]
Reason = Annotated[
    str, typer.Option("--reason", envvar="EKSDNS_REASON", help="Reason, kept in the run's history.")
]
Shown = Annotated[
    str,
    typer.Option(
        "--shown",
        envvar="EKSDNS_SHOWN",
        help="Output of the dry run; if the operation would now do something else, it is refused.",
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show what the operation would do without doing it.")]


def operate(
    operation: OperationName,
    run: Run,
    wave: Wave = "",
    cluster: Cluster = "",
    reason: Reason = "",
    dry_run: DryRun = False,  # an option
    max_wait: MaxWait = "10m",
    head: Head = "",
    shown: Shown = "",
    dns_servers: DnsServers = "",
    dns_name: DnsName = "",
    state: State = "",
    folder: Folder = FOLDER,
) -> int:
    """Operate a recorded run from a workflow; with --dry-run, only show what would be done.

    Writes the outputs `acts`, `head`, `shown`, `outcome`, and `cancel`: the workflow runs that waited for a
    run that was aborted. A re-run of the workflow never accepts failures.
    """
    from eksaddon.app.github.operate import (
        Operation,
        Requested,
        ask_of,
        confirmed,
        refuse_repeated_acceptance,
    )
    from eksaddon.app.github.wiring import open_runner
    from eksaddon.domain.errors import EksdnsError, ExitCode

    try:
        chosen = Operation(operation)
    except ValueError:
        raise EksdnsError(
            f"unknown operation {operation!r}",
            hint=f"one of {', '.join(Operation)}",
            exit_code=ExitCode.USAGE,
        ) from None
    runner = open_runner()
    requested = Requested(chosen, run, runner.person, wave, cluster, reason)
    refuse_repeated_acceptance(requested, runner.attempt)
    ask = ask_of(requested)
    if ask is not None:
        ask = confirmed(requested, ask, shown)
    if dry_run or ask is None:
        return _show(requested, ask, state)
    return _act(requested, ask, state, head, (max_wait, dns_servers, dns_name), folder)


def _show(requested: "Requested", ask: "Ask | None", state: str) -> int:
    from eksaddon.app.github.operate import effects, effects_digest
    from eksaddon.app.github.wiring import open_runner
    from eksaddon.app.runs.journal import open_journal
    from eksaddon.app.runs.rollout import load_run
    from eksaddon.app.wiring import open_run_store
    from eksaddon.apply.result import result_of
    from eksaddon.report.escape import markdown_text
    from eksaddon.report.format import Format
    from eksaddon.report.formats.github_outputs import output_lines
    from eksaddon.report.model.options import RenderOptions
    from eksaddon.report.render import Ran, render

    store = open_run_store(state)
    run_progress = load_run(store, requested.run_id)
    if ask is not None:
        ask(run_progress, 0.0, requested.who)  # raises if the run does not accept the operation
    lines = effects(requested, run_progress)
    runner = open_runner()
    listed = "".join(f"- {markdown_text(line)}\n" for line in lines)
    title = markdown_text(f"{requested.operation} of run {requested.run_id}, by {requested.who}")
    runner.put_summary(f"### {title}\n\n{listed}\n")
    runner.put_summary(render(Ran(result_of(run_progress)), Format.MARKDOWN, RenderOptions()))
    head = open_journal(store, requested.run_id).chain().head
    values = {
        "acts": "false" if ask is None else "true",
        "head": head,
        "shown": effects_digest(lines),
    }
    runner.put_outputs(lambda delimiter: output_lines(values, delimiter))
    for line in lines:
        messages.line(line)
    return 0


def _act(
    requested: "Requested",
    ask: "Ask",
    state: str,
    head: str,
    options: tuple[str, str, str],
    folder: Folder,
) -> int:
    from eksaddon.app.github.operate import RECORDED, Operation, workflow_runs
    from eksaddon.app.github.outcome import outcome_of, outcome_text
    from eksaddon.app.github.wiring import open_runner
    from eksaddon.app.runs.rollout import Expected, load_run, read_records
    from eksaddon.app.wiring import open_run_store
    from eksaddon.cli.commands.github.step import publish_result, report_options
    from eksaddon.cli.commands.github.wave_steps import operation_lines, running
    from eksaddon.cli.gate import guarded
    from eksaddon.cli.operator import asked, carried_on
    from eksaddon.cli.options import OutputOptions
    from eksaddon.report.formats.github_outputs import output_lines

    run_id, runner = requested.run_id, open_runner()
    if requested.operation in RECORDED:
        code = asked(run_id, ask, state, f"{requested.operation} is recorded", operation_lines)
    else:
        max_wait, dns_servers, dns_name = options
        wanted = running("", max_wait, state, dns_servers, dns_name)
        output = OutputOptions(report=report_options(folder))
        code = guarded(lambda: carried_on(run_id, ask, wanted, output, Expected(head), operation_lines))
        publish_result(folder, command=requested.operation, exit_code=code)
    waiting: tuple[int, ...] = ()
    store = open_run_store(state)
    if requested.operation is Operation.ABORT:
        records = read_records(store, run_id)
        waiting = workflow_runs(records, runner.repository, runner.run_id)
    outcome = outcome_text(outcome_of(load_run(store, run_id), runner.repository))
    values = {"cancel": " ".join(map(str, waiting)), "outcome": outcome}
    runner.put_outputs(lambda delimiter: output_lines(values, delimiter))
    return _step_code(code, run_id, state)


def _step_code(code: int, run_id: str, state: str) -> int:
    """A run that paused for a time or an approval has not failed."""
    from eksaddon.app.runs.rollout import load_run
    from eksaddon.app.runs.waiting import WaitsFor, waits_for
    from eksaddon.app.wiring import open_run_store
    from eksaddon.domain.errors import ExitCode

    if code != ExitCode.PAUSED:
        return code
    run_progress = load_run(open_run_store(state), run_id)
    waiting = waits_for(run_progress, run_progress.last_at)
    return 0 if waiting.what in {WaitsFor.TIME, WaitsFor.APPROVAL} else code
