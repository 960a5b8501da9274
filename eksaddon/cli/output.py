"""Results on stdout and in files."""

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from eksaddon.cli import messages
from eksaddon.cli.options import OutputOptions
from eksaddon.cli.terminal import Terminal
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.plan import Plan
from eksaddon.report.format import Format
from eksaddon.report.formats.table import RenderOptions
from eksaddon.report.render import Report, render
from eksaddon.report.write import check, write


def check_reports(options: OutputOptions) -> tuple[tuple[Format, Path], ...]:
    """`FORMAT=PATH` of every --report, checked before anything is done.

    Raises:
        EksdnsError: One of them is no such pair, or cannot be written.
    """
    files = tuple(_pair(text) for text in options.report or ())
    for _, path in files:
        check(path)
    return files


def _pair(text: str) -> tuple[Format, Path]:
    name, _, path = text.partition("=")
    if path and name not in tuple(Format):
        near = get_close_matches(name, tuple(Format), n=1)
        raise EksdnsError(
            f"--report {text}: unknown format {name!r}",
            hint=f"did you mean {near[0]}={path}?" if near else f"formats: {', '.join(Format)}",
            exit_code=ExitCode.USAGE,
        )
    if name not in tuple(Format) or not path:
        raise EksdnsError(
            f"invalid --report {text!r}, expected FORMAT=PATH",
            hint=f"formats: {', '.join(Format)}",
            exit_code=ExitCode.USAGE,
        )
    return Format(name), Path(path)


def put(report: Report, options: OutputOptions, files: Sequence[tuple[Format, Path]], at: Terminal) -> None:
    """Write every file, then stdout.

    Raises:
        EksdnsError: A file or stdout cannot be written; the others are.
        BrokenPipeError: Nobody reads stdout any more.
    """
    failed = _written(report, files)
    _write_stdout(render(report, options.output, RenderOptions(at.width, at.colour)))
    _require_written(failed)


def put_files(report: Report, files: Sequence[tuple[Format, Path]]) -> None:
    """Write every file.

    Raises:
        EksdnsError: One cannot be written; the others are.
    """
    _require_written(_written(report, files))


def _written(report: Report, files: Sequence[tuple[Format, Path]]) -> list[str]:
    return [problem for wanted, path in files if (problem := _write(report, wanted, path))]


def _require_written(failed: list[str]) -> None:
    if failed:
        raise EksdnsError("; ".join(failed), hint="check the path and its permissions")


def _write_stdout(text: str) -> None:
    try:
        messages.rendered(text)
        messages.flush()
    except BrokenPipeError:
        raise  # a reader that has seen enough, as `head`
    except OSError as error:
        raise EksdnsError(f"cannot write to stdout: {error.strerror or error}") from error


MOST_ERRORS = 10


def tell_unreachable(plan: Plan) -> None:
    """One line on stderr for each target that could not be read, up to a handful."""
    lost = [(one.target.label, one.trouble) for one in plan.clusters if one.trouble is not None]
    for label, trouble in lost[:MOST_ERRORS]:
        messages.problem("error", f"{label}: {trouble}", trouble.hint)
    if len(lost) > MOST_ERRORS:
        messages.problem("error", f"and {len(lost) - MOST_ERRORS:,} more could not be reached")


def _write(report: Report, wanted: Format, path: Path) -> str:
    try:
        write(render(report, wanted, RenderOptions()), path)
    except EksdnsError as error:
        return error.message
    return ""
