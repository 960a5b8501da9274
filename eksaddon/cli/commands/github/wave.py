"""eksdns github wave"""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eksaddon.cli import messages
from eksaddon.cli.commands.github.options import FOLDER, DnsName, DnsServers, Folder, RepositoryName
from eksaddon.cli.run_options import State

if TYPE_CHECKING:
    from eksaddon.domain.run.progress import RunProgress

PlanFile = Annotated[
    str, typer.Option("--plan", envvar="EKSDNS_PLAN", help="Saved plan from `plan --out`, or use --run.")
]
Run = Annotated[
    str, typer.Option("--run", envvar="EKSDNS_RUN", help="ID of a recorded run to continue without a plan.")
]
Wave = Annotated[
    str,
    typer.Option("--wave", envvar="EKSDNS_WAVE", help="Name of the wave; empty for a plan without waves."),
]
Environment = Annotated[
    str,
    typer.Option(
        "--environment",
        envvar="EKSDNS_ENVIRONMENT",
        help="Environment whose approval this job waited for; empty for none.",
    ),
]
Approvals = Annotated[
    str,
    typer.Option(
        "--approvals", envvar="EKSDNS_APPROVALS", help="Output of `github gate` from before the approval."
    ),
]
MaxWait = Annotated[
    str,
    typer.Option(
        "--max-wait", envvar="EKSDNS_MAX_WAIT", help="Pause the run if a soak takes longer than this."
    ),
]
Head = Annotated[
    str,
    typer.Option(
        "--head",
        envvar="EKSDNS_HEAD",
        help="Journal head from the previous job; a changed journal is refused.",
    ),
]
Digest = Annotated[
    str,
    typer.Option(
        "--digest", envvar="EKSDNS_DIGEST", help="Digest of the approved plan; any other file is refused."
    ),
]


def wave(
    plan: PlanFile = "",
    run: Run = "",
    wave: Wave = "",
    environment: Environment = "",
    approvals: Approvals = "",
    max_wait: MaxWait = "10m",
    head: Head = "",
    digest: Digest = "",
    dns_servers: DnsServers = "",
    dns_name: DnsName = "",
    repository: RepositoryName = None,
    state: State = "",
    folder: Folder = FOLDER,
) -> int:
    """Continue a run up to the end of a wave: start it from its plan, or resume it.

    Failures that paused the run are retried, never accepted. Writes the outputs `wave_state` (done, paused or
    failed), `head` and `outcome`; a run that waits for a time or an approval exits with 0.
    """
    from eksaddon.app.fleet.planfile import load_plan
    from eksaddon.app.github.wave import Job, JobState, Verdict, advance, recorded_run, so_far
    from eksaddon.app.wiring import open_run_store
    from eksaddon.cli.commands.github.step import publish_result, report_options
    from eksaddon.cli.commands.github.wave_steps import WaveSteps, running
    from eksaddon.cli.gate import guarded
    from eksaddon.cli.options import OutputOptions
    from eksaddon.domain.errors import EksdnsError, ExitCode

    if not (plan or run):
        raise EksdnsError("neither a plan nor a run given", hint="set --run", exit_code=ExitCode.USAGE)
    file = Path(plan) if plan else None
    approver = _approver(environment, approvals, repository) if environment else ""
    saved = load_plan(file, digest) if file else None
    recorded = recorded_run(open_run_store(state), saved, run, head)
    options = running(wave, max_wait, state, dns_servers, dns_name)
    steps = WaveSteps(file, options, OutputOptions(report=report_options(folder)))
    steps.digest, steps.head = digest, head
    verdict = Verdict(JobState.FAILED, ExitCode.ERROR)

    def work() -> int:
        nonlocal verdict
        verdict = advance(Job(wave, approver), so_far(recorded) if recorded else None, steps)
        if recorded is not None and not steps.has_run:
            steps.show(recorded)  # this job had nothing to do
        return verdict.exit_code

    code = guarded(work)
    publish_result(folder, command="wave", exit_code=code)
    _write_outputs(JobState.FAILED if code else verdict.state, steps.head, steps.last or recorded)
    return int(code)


def _write_outputs(state: str, head: str, run_progress: "RunProgress | None") -> None:
    from eksaddon.app.github.outcome import outcome_of, outcome_text
    from eksaddon.app.github.wave import JobState
    from eksaddon.app.github.wiring import open_runner
    from eksaddon.report.formats.github_outputs import output_lines

    runner = open_runner()
    outcome = outcome_text(outcome_of(run_progress, runner.repository)) if run_progress else ""
    values = {"wave_state": str(state), "head": head, "outcome": outcome}
    runner.put_outputs(lambda delimiter: output_lines(values, delimiter))
    match state:
        case JobState.PAUSED:
            messages.message("the run is paused; the workflow eksdns-resume continues it when it is due")
        case JobState.FAILED:
            messages.message(
                "hint: re-run the failed job to retry failed targets, or use the workflow eksdns-operate:"
                " retry, skip, accept-failures, abort or rollback"
            )


def _approver(environment: str, approvals: str, repository: str | None) -> str:
    """Who approved the wave in GitHub, with the numeric id, because logins can be reused."""
    from eksaddon.app.github.gate import approver
    from eksaddon.app.github.wiring import open_repository, open_runner
    from eksaddon.domain.errors import EksdnsError, ExitCode

    try:
        before = [int(each) for each in json.loads(approvals)]
    except (ValueError, TypeError):
        raise EksdnsError(
            "invalid --approvals", hint="pass the output of `eksdns github gate`", exit_code=ExitCode.USAGE
        ) from None
    runner = open_runner()
    found = open_repository(runner, repository)
    one = approver(found.approvals(runner.run_id), found.environment(environment), before)
    return f"{one.login} ({one.user_id}) in GitHub"
