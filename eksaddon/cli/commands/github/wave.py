"""eksdns github wave"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from eksaddon.cli.commands.github.options import FOLDER, Folder
from eksaddon.cli.run_options import State

if TYPE_CHECKING:
    from eksaddon.domain.run.result import RunResult

Plan = Annotated[Path, typer.Argument(help="What `plan --out` saved.")]
Wave = Annotated[str, typer.Option("--wave", envvar="EKSDNS_WAVE", help="Its name; empty for everything.")]
Approved = Annotated[
    bool,
    typer.Option("--approved/--not-approved", envvar="EKSDNS_APPROVED", help="Reviewers in GitHub said yes."),
]
MaxWait = Annotated[
    str, typer.Option("--max-wait", envvar="EKSDNS_MAX_WAIT", help="A longer soak pauses the run.")
]
Before = Annotated[
    Path, typer.Option("--before", envvar="EKSDNS_BEFORE", help="Folder with what earlier jobs left.")
]


def wave(
    plan: Plan,
    wave: Wave = "",
    approved: Approved = False,
    max_wait: MaxWait = "5h",
    before: Before = Path("run"),
    state: State = "",
    folder: Folder = FOLDER,
) -> int:
    """Bring the run of a saved plan to the end of a wave: begin it, or go on where an earlier job ended."""
    from eksaddon.app.fleet.planfile import load_plan
    from eksaddon.app.github.wave import Job, advance, read_run, recorded_run, so_far
    from eksaddon.app.github.wiring import open_runner
    from eksaddon.app.wiring import open_run_store
    from eksaddon.cli.commands.github.run import reported
    from eksaddon.domain.errors import ExitCode

    approver = f"{open_runner().environ.get('GITHUB_ACTOR', '') or 'somebody'} in GitHub" if approved else ""
    left = next((read_run(path) for path in sorted(before.glob("**/report.json"))), None)
    known = recorded_run(open_run_store(state), load_plan(plan).plan, left.id if left else "")
    code = advance(
        Job(plan, wave, max_wait, approver, state),
        so_far(known) if known else None,
        lambda args: reported(list(args), folder),
        lambda: read_run(folder / "report.json"),
    )
    if known and not (folder / "report.json").exists():
        _leave(known, folder)
    if code == ExitCode.PAUSED:
        sys.stderr.write("the run is paused before the end of this wave\n")
        sys.stderr.write("hint: run this job again when what it waits for is over\n")
    return int(code)


def _leave(known: "RunResult", folder: Path) -> None:
    """For those who gather the parts: this job had nothing to do, and whoever did may have left nothing."""
    from eksaddon.report.format import Format
    from eksaddon.report.model.options import RenderOptions
    from eksaddon.report.render import Ran, render
    from eksaddon.report.write import write

    folder.mkdir(parents=True, exist_ok=True)
    write(render(Ran(known), Format.JSON, RenderOptions()), folder / "report.json")
