"""eksdns github wave"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from eksaddon.cli.github_options import FOLDER, Folder

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
    folder: Folder = FOLDER,
) -> int:
    """Bring the run of a saved plan to the end of a wave: begin it, or go on where an earlier job ended."""
    from eksaddon.app.github_wave import Job, advance, read_run
    from eksaddon.app.github_wiring import open_runner
    from eksaddon.cli.github_run import reported
    from eksaddon.domain.errors import ExitCode

    approver = f"{open_runner().environ.get('GITHUB_ACTOR', '') or 'somebody'} in GitHub" if approved else ""
    left = next(iter(sorted(before.glob("**/report.json"))), None)
    code = advance(
        Job(plan, wave, max_wait, approver),
        read_run(left) if left else None,
        lambda args: reported(list(args), folder),
        lambda: read_run(folder / "report.json"),
    )
    if code == ExitCode.PAUSED:
        sys.stderr.write("the run is paused before the end of this wave\n")
        sys.stderr.write("hint: run this job again when what it waits for is over\n")
    return int(code)
