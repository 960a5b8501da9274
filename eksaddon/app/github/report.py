"""A result on its way into a step of GitHub Actions: outputs, summary, annotations."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from eksaddon.app.runs.exit_codes import of_counts
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.json import JsonObject, canonical
from eksaddon.github.actions import Runner
from eksaddon.report.documents.read import read_document
from eksaddon.report.escape import command_message, command_property, terminal
from eksaddon.report.formats.annotations import annotations
from eksaddon.report.formats.github_outputs import output_lines, outputs
from eksaddon.report.formats.markdown import markdown
from eksaddon.report.model.model import ReportModel
from eksaddon.report.model.options import STEP_SUMMARY_BYTES, RenderOptions

LEAST_SUMMARY = 2_000
"""Bytes; less is not worth a summary, which would tell no more than that things were left out."""

PASSING = frozenset({ExitCode.DONE, ExitCode.CHANGES, ExitCode.PAUSED})
"""A step that ended so did what it was asked to; `exit_code` tells the difference."""


def read_sheet(path: Path) -> ReportModel:
    """Read what `--report json=FILE` wrote.

    Raises:
        EksdnsError: It cannot be read, or is no report.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise EksdnsError(f"cannot read {path}: {error}", hint="check the path") from None
    return read_document(text, str(path))


def publish(
    runner: Runner, report_model: ReportModel | None, *, command: str, exit_code: int, plan_path: str = ""
) -> str:
    """Write the step's outputs and summary.

    Args:
        command: What was run, for a word about an end without a report.

    Returns:
        Workflow commands, for stdout.
    """
    values = outputs(report_model, exit_code=exit_code, plan_path=plan_path)
    runner.put_outputs(lambda delimiter: output_lines(values, delimiter))
    if report_model is None:
        return "" if exit_code in PASSING else _without_report(command, exit_code)
    room = STEP_SUMMARY_BYTES - runner.summary_bytes()
    if room >= LEAST_SUMMARY:
        runner.put_summary(markdown(report_model, replace(RenderOptions(), most_bytes=room)))
    return annotations(report_model)


def _without_report(command: str, exit_code: int) -> str:
    title = command_property(f"eksdns {terminal(command)}")
    return f"::error title={title}::{command_message(f'failed with exit code {exit_code}; see the log')}\n"


def step_code(exit_code: int, allowed: frozenset[int]) -> int:
    """The exit code of the step: 0 for what passes and for what the workflow allows."""
    return 0 if exit_code in PASSING or exit_code in allowed else exit_code


def publish_shards(runner: Runner, matrix: JsonObject) -> int:
    """Write `matrix` and `parts`; returns how many parts there are.

    Raises:
        EksdnsError: There are none: GitHub takes no matrix without jobs.
    """
    include = matrix["include"]
    parts = len(include) if isinstance(include, Sequence) else 0
    if not parts:
        raise EksdnsError("no account in scope", hint="check `accounts` and `organization` in the fleet file")
    values = {"matrix": canonical(matrix), "parts": str(parts)}
    runner.put_outputs(lambda delimiter: output_lines(values, delimiter))
    return parts


def found_parts(folder: Path, expected: int) -> tuple[Path, ...]:
    """The report of each part; a single one may lie in the folder itself.

    Raises:
        EksdnsError: There are fewer than expected; what is left must not pass for the whole fleet.
    """
    found = (*folder.glob("report.json"), *sorted(folder.glob("*/report.json")))
    if len(found) < expected:
        raise EksdnsError(
            f"{expected - len(found)} of {expected} parts of the report are missing",
            hint="check and re-run the failed jobs",
            exit_code=ExitCode.PARTIAL,
        )
    return found


def merged_code(report_model: ReportModel) -> ExitCode:
    """How a fleet ended that several runners looked at."""
    return of_counts(report_model.counts)
