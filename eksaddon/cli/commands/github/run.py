"""eksdns github run"""

from pathlib import Path
from typing import Annotated

import typer

from eksaddon.cli.commands.github.options import FOLDER, Folder

Command = Annotated[
    str, typer.Option("--command", envvar="EKSDNS_COMMAND", help="Command line to run, without `eksdns`.")
]
Allow = Annotated[
    list[int] | None,
    typer.Option("--allow", envvar="EKSDNS_ALLOW", help="Exit code that does not fail the step; repeatable."),
]


def run(context: typer.Context, command: Command, folder: Folder = FOLDER, allow: Allow = None) -> int:
    """Run a command and publish its result as step outputs, job summary and annotations.

    Exit codes 0, 2 (changes) and 4 (paused) do not fail the step; see the output `exit_code`.
    """
    from eksaddon.app.github.report import step_code
    from eksaddon.cli.command_line import invoke, parse, split
    from eksaddon.cli.commands.github.step import publish_result
    from eksaddon.cli.gate import guarded

    words = split(command)
    if words[0] == "validate":  # has its own annotations on the lines of the file
        return guarded(lambda: invoke(parse(context, ["github", *words])))
    reports: Path | None = None
    plan_path = ""

    def work() -> int:
        nonlocal reports, plan_path
        line = parse(context, words)
        _require_shards(line)
        reports = _report_into(line, folder)
        code = invoke(line)
        plan_path = str(line.params.get("out") or "")
        return code

    code = guarded(work)
    publish_result(reports, command=words[0], exit_code=code, plan_path=plan_path)
    return step_code(code, frozenset(allow or ()))


def _require_shards(line: typer.Context) -> None:
    """Refuse a command that would ignore the shard of its job, and work on the whole fleet in each."""
    import os

    from eksaddon.app.fleet.shards import ONE_RUN
    from eksaddon.domain.errors import EksdnsError, ExitCode

    if os.environ.get("EKSDNS_SHARD") and "shard" not in line.params:
        raise EksdnsError(
            f"EKSDNS_SHARD is set, but {line.info_name} cannot be sharded",
            hint=f"only plan, drift, status and audit can: {ONE_RUN}",
            exit_code=ExitCode.REFUSED,
        )


def _report_into(line: typer.Context, folder: Path) -> Path | None:
    """Add a step's reports to a command; None if it writes no reports."""
    from eksaddon.cli.commands.github.step import report_options

    if "report" not in line.params:
        return None
    line.params["report"] = [*(line.params["report"] or ()), *report_options(folder)]
    return folder
