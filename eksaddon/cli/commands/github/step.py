"""Results of a step: reports in a folder, and outputs and summary in GitHub."""

from pathlib import Path

from eksaddon.cli import messages

REPORT = "report.json"
FORMATS = (("json", "json"), ("html", "html"), ("junit", "xml"), ("sarif", "sarif"))


def report_options(folder: Path) -> list[str]:
    """Values of --report for all reports of a step; reports of an earlier step are removed."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / REPORT).unlink(missing_ok=True)
    return [f"{name}={folder / f'report.{end}'}" for name, end in FORMATS]


def publish_result(folder: Path | None, *, command: str, exit_code: int, plan_path: str = "") -> None:
    """Write outputs and summary of the step, and annotations to stdout.

    Args:
        folder: Folder of its reports; None for a command without reports.
        plan_path: Path of the saved plan; empty for none.
    """
    from eksaddon.app.github.report import load_report, publish
    from eksaddon.app.github.wiring import open_runner

    written = folder is not None and (folder / REPORT).is_file()
    model = load_report(folder / REPORT) if folder is not None and written else None
    messages.rendered(
        publish(open_runner(), model, command=command, exit_code=exit_code, plan_path=plan_path)
    )


def require_file(file: Path | None, instead: str) -> Path:
    """The report that was given.

    Raises:
        EksdnsError: None was.
    """
    from eksaddon.domain.errors import EksdnsError, ExitCode

    if file is None:
        raise EksdnsError(
            "no report given", hint=f"give a JSON report, or {instead}", exit_code=ExitCode.USAGE
        )
    return file
