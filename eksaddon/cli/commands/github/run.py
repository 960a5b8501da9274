"""eksdns github run"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from eksaddon.cli.commands.github.options import FOLDER, Folder

REPORTING = frozenset({"plan", "apply", "drift", "status", "resume", "retry", "rollback", "report"})
"""Verbs that take --report."""

Command = Annotated[
    str, typer.Option("--command", envvar="EKSDNS_COMMAND", help="As on the command line, without `eksdns`.")
]
Shard = Annotated[
    str,
    typer.Option("--shard", envvar="EKSDNS_SHARD", help="Only these accounts, as dealt by `matrix`."),
]
Allow = Annotated[
    list[int] | None,
    typer.Option("--allow", envvar="EKSDNS_ALLOW", help="Exit code that does not fail the step; repeatable."),
]


def run(command: Command, folder: Folder = FOLDER, shard: Shard = "", allow: Allow = None) -> int:
    """Run a command; write outputs and summary of the step, and annotations.

    Exit codes 0, 2 (changes) and 4 (paused) pass; `exit_code` among the outputs tells which it was.
    """
    from eksaddon.app.github.report import step_code

    args = split(command)
    if args[0] == "validate":
        from eksaddon.cli.main import run as run_eksdns

        return run_eksdns(["github", *args])
    if shard:
        args.append(f"--account={shard}")
    return step_code(reported(args, folder), frozenset(allow or ()))


def split(command: str) -> list[str]:
    """The words of a command line.

    Raises:
        EksdnsError: There are none, or a quote is not closed.
    """
    import shlex

    from eksaddon.domain.errors import EksdnsError, ExitCode

    try:
        args = shlex.split(command)
    except ValueError as error:
        raise EksdnsError(f"--command: {error}", hint="check its quotes", exit_code=ExitCode.USAGE) from None
    if not args:
        raise EksdnsError(
            "--command names no command", hint="as --command 'plan --all'", exit_code=ExitCode.USAGE
        )
    return args


def reported(args: list[str], folder: Path) -> int:
    """Run a command line with all reports, and tell GitHub; the exit code is the command's own."""
    from eksaddon.app.github.report import publish, read_sheet
    from eksaddon.app.github.wiring import open_runner
    from eksaddon.cli.main import run as run_eksdns

    runner, document, reports = open_runner(), folder / "report.json", _reports(args, folder)
    if reports:
        document.unlink(missing_ok=True)
    code = run_eksdns([*args, *reports])
    report_model = read_sheet(document) if reports and document.is_file() else None
    said = publish(runner, report_model, command=args[0], exit_code=code, plan_path=_plan_path(args))
    sys.stdout.write(said)
    return code


def _reports(args: list[str], folder: Path) -> list[str]:
    if args[0] not in REPORTING:
        return []
    folder.mkdir(parents=True, exist_ok=True)
    wanted = (("json", "json"), ("html", "html"), ("junit", "xml"), ("sarif", "sarif"))
    return [part for name, end in wanted for part in ("--report", f"{name}={folder / f'report.{end}'}")]


def _plan_path(args: list[str]) -> str:
    """What `plan --out` wrote."""
    found = [args[at + 1] for at, arg in enumerate(args[:-1]) if arg == "--out"]
    found += [arg.removeprefix("--out=") for arg in args if arg.startswith("--out=")]
    return found[-1] if found and Path(found[-1]).is_file() else ""
