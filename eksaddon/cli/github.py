"""eksdns github"""

import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from eksaddon.app.when_closed import WhenClosed

github = typer.Typer(
    no_args_is_help=True,
    help="What workflows of GitHub Actions need: results as outputs, summaries, comments and issues.",
)

REPORTING = frozenset({"plan", "apply", "drift", "status", "resume", "retry", "rollback"})
"""Verbs that take --report."""

Command = Annotated[
    str, typer.Option("--command", envvar="EKSDNS_COMMAND", help="As on the command line, without `eksdns`.")
]
Folder = Annotated[
    Path, typer.Option("--folder", envvar="EKSDNS_FOLDER", help="Where the reports are written.")
]
Allow = Annotated[
    list[int] | None,
    typer.Option("--allow", envvar="EKSDNS_ALLOW", help="Exit code that does not fail the step; repeatable."),
]
Report = Annotated[Path, typer.Argument(help="What `--report json=FILE` wrote.")]
RepositoryName = Annotated[
    str | None,
    typer.Option("--repository", envvar="EKSDNS_REPOSITORY", help="owner/name. Default: the job's own."),
]
PullRequest = Annotated[
    int | None,
    typer.Option(
        "--pull-request", envvar="EKSDNS_PULL_REQUEST", min=1, help="Default: the one that the job is about."
    ),
]
Author = Annotated[
    str, typer.Option("--author", envvar="EKSDNS_AUTHOR", help="Login that the token writes as.")
]
Key = Annotated[
    str, typer.Option("--key", envvar="EKSDNS_KEY", help="Tells several in one repository apart.")
]
WhenClosedOption = Annotated[
    WhenClosed,
    typer.Option("--when-closed", envvar="EKSDNS_WHEN_CLOSED", help="If somebody closed the last issue."),
]


@github.command()
def run(command: Command, folder: Folder = Path("eksdns-report"), allow: Allow = None) -> int:
    """Run a command; write outputs and summary of the step, and annotations.

    Exit codes 0, 2 (changes) and 4 (paused) pass; `exit_code` among the outputs tells which it was.
    """
    from eksaddon.app.github_report import publish, read_sheet, step_code
    from eksaddon.app.github_wiring import open_runner
    from eksaddon.cli.main import run as run_eksdns

    args = _split(command)
    if args[0] == "validate":
        return run_eksdns(["github", *args])
    runner, document = open_runner(), folder / "report.json"
    document.unlink(missing_ok=True)
    code = run_eksdns([*args, *_reports(args, folder)])
    sheet = read_sheet(document) if document.is_file() else None
    said = publish(runner, sheet, command=args[0], exit_code=code, plan_path=_plan_path(args))
    sys.stdout.write(said)
    return step_code(code, frozenset(allow or ()))


def _split(command: str) -> list[str]:
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


def _reports(args: list[str], folder: Path) -> list[str]:
    if args[0] not in REPORTING and args[:2] != ["report", "merge"]:
        return []
    folder.mkdir(parents=True, exist_ok=True)
    wanted = (("json", "json"), ("html", "html"), ("junit", "xml"), ("sarif", "sarif"))
    return [part for name, end in wanted for part in ("--report", f"{name}={folder / f'report.{end}'}")]


def _plan_path(args: list[str]) -> str:
    """What `plan --out` wrote."""
    found = [args[at + 1] for at, arg in enumerate(args[:-1]) if arg == "--out"]
    found += [arg.removeprefix("--out=") for arg in args if arg.startswith("--out=")]
    return found[-1] if found and Path(found[-1]).is_file() else ""


@github.command()
def validate(
    file: Annotated[Path | None, typer.Argument(help="Fleet file. Default: as --config.")] = None,
    addon_version: Annotated[
        str | None, typer.Option("--addon-version", envvar="EKSDNS_ADDON_VERSION", help="Check values too.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", envvar="EKSDNS_STRICT", help="Warnings block.")] = False,
) -> int:
    """As `eksdns validate`, with annotations beside the lines of the file; asks neither AWS nor GitHub."""
    from eksaddon.app.github_validate import validated

    code, text = validated(file, addon_version, strict=strict)
    sys.stdout.write(text)
    return int(code)


@github.command()
def comment(
    file: Report,
    key: Key = "plan",
    pull_request: PullRequest = None,
    repository: RepositoryName = None,
    author: Author = "github-actions[bot]",
) -> int:
    """Put a report into one comment on a pull request: made once, edited in place from then on."""
    from eksaddon.app.github_comment import put_comment
    from eksaddon.app.github_report import read_sheet
    from eksaddon.app.github_wiring import open_repository, open_runner
    from eksaddon.report.conversation import Origin, conversation_text, marker

    runner, mark = open_runner(), marker("comment", key)
    body = conversation_text(read_sheet(file), mark, Origin(runner.run_url, runner.commit))
    number = pull_request or runner.pull_request()
    posted = put_comment(open_repository(runner, repository), number, mark, body, author)
    sys.stdout.write(f"comment on #{number} {posted.deed}\n")
    return 0


@github.command()
def issue(
    file: Report,
    key: Key = "drift",
    when_closed: WhenClosedOption = WhenClosed.NEW,
    repository: RepositoryName = None,
    author: Author = "github-actions[bot]",
) -> int:
    """Keep one issue about drift: open it, keep it up to date, close it when nothing drifts any more."""
    from eksaddon.app.github_issue import Wanted, keep_issue
    from eksaddon.app.github_report import read_sheet
    from eksaddon.app.github_wiring import open_repository, open_runner
    from eksaddon.report.conversation import Origin, conversation_text, drift_title, is_clean, marker

    runner, mark, sheet = open_runner(), marker("issue", key), read_sheet(file)
    clean, text = is_clean(sheet), conversation_text(sheet, mark, Origin(runner.run_url, runner.commit))
    wanted = Wanted(drift_title(sheet), text, mark, author, clean, when_closed)
    told = keep_issue(open_repository(runner, repository), wanted)
    sys.stdout.write(f"{told}\n")
    return 0
