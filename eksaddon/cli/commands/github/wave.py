"""eksdns github wave"""

from pathlib import Path
from typing import Annotated

import typer

from eksaddon.cli import messages
from eksaddon.cli.commands.github.options import FOLDER, Folder
from eksaddon.cli.run_options import State

Plan = Annotated[Path, typer.Argument(help="Saved plan from `plan --out`.")]
Wave = Annotated[
    str,
    typer.Option("--wave", envvar="EKSDNS_WAVE", help="Name of the wave; empty for a plan without waves."),
]
Approved = Annotated[
    bool,
    typer.Option(
        "--approved/--not-approved",
        envvar="EKSDNS_APPROVED",
        help="The wave was approved by reviewers in GitHub.",
    ),
]
MaxWait = Annotated[
    str,
    typer.Option(
        "--max-wait", envvar="EKSDNS_MAX_WAIT", help="Pause the run if a soak takes longer than this."
    ),
]
Before = Annotated[
    Path, typer.Option("--before", envvar="EKSDNS_BEFORE", help="Folder with artifacts of earlier jobs.")
]


Head = Annotated[
    str,
    typer.Option(
        "--head",
        envvar="EKSDNS_HEAD",
        help="Journal head printed at the pause. Default: the heads that earlier jobs left in --before.",
    ),
]
Digest = Annotated[
    str,
    typer.Option(
        "--digest", envvar="EKSDNS_DIGEST", help="Digest of the approved plan; any other file is refused."
    ),
]


def wave(
    plan: Plan,
    wave: Wave = "",
    approved: Approved = False,
    max_wait: MaxWait = "5h",
    before: Before = Path("run"),
    head: Head = "",
    digest: Digest = "",
    state: State = "",
    folder: Folder = FOLDER,
) -> int:
    """Run a saved plan up to the end of a wave; resumes the run of an earlier job."""
    from eksaddon.app.fleet.planfile import load_plan
    from eksaddon.app.github.wave import HEAD, Job, advance, read_heads, read_run, recorded_run, so_far
    from eksaddon.app.github.wiring import open_runner
    from eksaddon.app.wiring import open_run_store
    from eksaddon.cli.commands.github.step import report_options, tell_github
    from eksaddon.cli.commands.github.wave_steps import WaveSteps
    from eksaddon.cli.gate import guarded
    from eksaddon.cli.options import OutputOptions
    from eksaddon.cli.run_options import RunOptions
    from eksaddon.domain.errors import ExitCode

    approver = f"{open_runner().environ.get('GITHUB_ACTOR', '') or 'someone'} in GitHub" if approved else ""
    reported = next((read_run(path) for path in sorted(before.glob("**/report.json"))), None)
    heads = (head,) if head else read_heads(before)
    saved = load_plan(plan, digest)
    recorded = recorded_run(open_run_store(state), saved, reported.id if reported else "", heads)
    running = RunOptions(until_wave=wave, max_wait=max_wait, state=state)
    steps = WaveSteps(plan, running, OutputOptions(report=report_options(folder)))
    steps.digest, steps.head = digest, heads[-1] if heads else ""

    def work() -> int:
        code = advance(Job(wave, approver), so_far(recorded) if recorded else None, steps)
        if recorded is not None and not steps.has_run:
            steps.show(recorded)  # for `gather`: this job had nothing to do
        return code

    code = guarded(work)
    if steps.head:
        (folder / HEAD).write_text(f"{steps.head}\n", encoding="utf-8")
    tell_github(folder, command="wave", exit_code=code)
    if code == ExitCode.PAUSED:
        messages.message("the run is paused before the end of this wave")
        messages.message("hint: run this job again when what it waits for is over")
    return int(code)
