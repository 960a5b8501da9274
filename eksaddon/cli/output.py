"""Writes results to stdout and files."""

import os
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TypeVar

from eksaddon.app.files.private import write_private_parts
from eksaddon.app.fleet.origin import origin
from eksaddon.app.local.notifying import Notifier, job_url, notifier_of
from eksaddon.app.wiring import usual_state
from eksaddon.cli import messages
from eksaddon.cli.main import current_command
from eksaddon.cli.options import OutputOptions
from eksaddon.cli.terminal import Terminal
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.plan import Plan
from eksaddon.report.format import Format
from eksaddon.report.model.options import Origin, RenderOptions
from eksaddon.report.render import Report, render_parts, report_model_of
from eksaddon.report.write import check, write_parts

F = TypeVar("F", bound=StrEnum)


def check_reports(options: OutputOptions) -> tuple[tuple[Format, Path], ...]:
    """As `report_files`, for the formats of a plan or a run; also checks the notification."""
    notifier_of(options.notify_command, options.notify_url, os.environ)
    return report_files(options.report or (), Format)


def report_files(texts: Iterable[str], formats: type[F]) -> tuple[tuple[F, Path], ...]:
    """Parse and check `FORMAT=PATH` of every --report in advance.

    Raises:
        EksdnsError: Invalid value, or the file cannot be written.
    """
    files = tuple(_pair(text, formats) for text in texts)
    for _, path in files:
        check(path)
    return files


def _pair(text: str, formats: type[F]) -> tuple[F, Path]:
    name, _, path = text.partition("=")
    known = [str(each) for each in formats]
    if path and name not in known:
        matches = get_close_matches(name, known, n=1)
        raise EksdnsError(
            f"--report {text}: unknown format {name!r}",
            hint=f"did you mean {matches[0]}={path}?" if matches else f"formats: {', '.join(known)}",
            exit_code=ExitCode.USAGE,
        )
    if name not in known or not path:
        raise EksdnsError(
            f"invalid --report {text!r}, expected FORMAT=PATH",
            hint=f"formats: {', '.join(known)}",
            exit_code=ExitCode.USAGE,
        )
    return formats(name), Path(path)


def put(
    report: Report,
    options: OutputOptions,
    files: Sequence[tuple[Format, Path]],
    at: Terminal,
    *,
    notifies: bool = True,
) -> None:
    """Write all files, then stdout, and notify.

    Args:
        notifies: False for what is shown on the way to a result.

    Raises:
        EksdnsError: A file or stdout cannot be written; the others are written.
        BrokenPipeError: The reader of stdout is gone.
    """
    failed = _written(report, files)
    try:
        render_options = RenderOptions(at.width, at.colour, origin=_origin())
        _write_stdout(report, options.output, render_options)
    finally:
        if notifies:
            _notify(report, options)
    _require_written(failed)


def _notify(report: Report, options: OutputOptions) -> None:
    notifier = notifier_of(options.notify_command, options.notify_url, os.environ)
    if notifier != Notifier():
        warn = partial(messages.problem, "warning")
        notifier.notify(report_model_of(report), job_url(os.environ), warn)


def _origin() -> Origin:
    return origin(current_command(), os.environ)


def put_files(report: Report, files: Sequence[tuple[Format, Path]]) -> None:
    """Write all files.

    Raises:
        EksdnsError: A file cannot be written; the others are written.
    """
    _require_written(_written(report, files))


def _written(report: Report, files: Sequence[tuple[Format, Path]]) -> list[str]:
    return [problem for wanted, path in files if (problem := _write(report, wanted, path))]


def _require_written(failed: list[str]) -> None:
    if failed:
        raise EksdnsError("; ".join(failed), hint="check the path and its permissions")


def _write_stdout(report: Report, wanted: Format, render_options: RenderOptions) -> None:
    """Write to stdout, or if that fails, to a file."""
    try:
        for part in render_parts(report, wanted, render_options):
            messages.rendered(part)
        messages.flush()
    except EksdnsError as error:
        path = usual_state() / "reports" / f"last.{wanted}"
        write_private_parts(path, render_parts(report, wanted, render_options))
        raise EksdnsError(f"{error.message}; the report is in {path}", hint=error.hint) from None


MOST_ERRORS = 10


def print_unreachable(plan: Plan) -> None:
    """Print one line on stderr for each of the first unreachable targets."""
    unreachable = [(one.target.label, one.trouble) for one in plan.clusters if one.trouble is not None]
    for label, trouble in unreachable[:MOST_ERRORS]:
        messages.problem("error", f"{label}: {trouble}", trouble.hint)
    if len(unreachable) > MOST_ERRORS:
        messages.problem("error", f"and {len(unreachable) - MOST_ERRORS:,} more could not be reached")


def _write(report: Report, wanted: Format, path: Path) -> str:
    try:
        write_parts(render_parts(report, wanted, RenderOptions(origin=_origin())), path)
    except EksdnsError as error:
        return error.message
    return ""
