"""Publishes a result in a GitHub Actions step: outputs, summary, annotations."""

import json
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
from eksaddon.report.model.classify import NOT_VERIFIED
from eksaddon.report.model.model import ReportModel
from eksaddon.report.model.options import STEP_SUMMARY_BYTES, RenderOptions

LEAST_SUMMARY = 2_000
"""Bytes; with less space, a summary would contain only the note about omissions."""

PASSING = frozenset({ExitCode.DONE, ExitCode.CHANGES, ExitCode.PAUSED})
"""Exit codes of a successful step; the output `exit_code` distinguishes them."""


def load_report(path: Path) -> ReportModel:
    """Read a report written by `--report json=FILE`.

    Raises:
        EksdnsError: The file cannot be read, or is not a report.
    """
    return read_document(_text(path), str(path))


def read_report(path: Path) -> JsonObject:
    """Read the document of a report as it stands; see `load_report`."""
    text = _text(path)
    read_document(text, str(path))
    found: JsonObject = json.loads(text)
    return found


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise EksdnsError(
            f"cannot read {path}: {getattr(error, 'strerror', None) or error}", hint="check the path"
        ) from None


def publish(
    runner: Runner, report_model: ReportModel | None, *, command: str, exit_code: int, plan_path: str = ""
) -> str:
    """Write the step's outputs and summary.

    Args:
        command: The command, for a message if it ended without a report.

    Returns:
        Workflow commands, for stdout.
    """
    values = outputs(report_model, exit_code=exit_code, plan_path=plan_path)
    runner.put_outputs(lambda delimiter: output_lines(values, delimiter))
    if report_model is None:
        return "" if exit_code in PASSING else _without_report(command, exit_code)
    max_bytes = STEP_SUMMARY_BYTES - runner.summary_bytes()
    if max_bytes >= LEAST_SUMMARY:
        runner.put_summary(markdown(report_model, replace(RenderOptions(), most_bytes=max_bytes)))
    return annotations(report_model)


def _without_report(command: str, exit_code: int) -> str:
    title = command_property(f"eksdns {terminal(command)}")
    return f"::error title={title}::{command_message(f'failed with exit code {exit_code}; see the log')}\n"


def step_code(exit_code: int, allowed: frozenset[int]) -> int:
    """The exit code of the step: 0 for successful codes and those that the workflow allows."""
    return 0 if exit_code in PASSING or exit_code in allowed else exit_code


def publish_shards(runner: Runner, matrix: JsonObject) -> int:
    """Write the outputs `matrix` and `parts`; returns the number of parts.

    Raises:
        EksdnsError: There are none: GitHub requires a job in a matrix.
    """
    include = matrix["include"]
    parts = len(include) if isinstance(include, Sequence) else 0
    if not parts:
        raise EksdnsError("no account in scope", hint="check `accounts` and `organization` in the fleet file")
    values = {"matrix": canonical(matrix), "parts": str(parts)}
    runner.put_outputs(lambda delimiter: output_lines(values, delimiter))
    return parts


def found_parts(folder: Path, expected: int) -> tuple[Path, ...]:
    """Reports of all parts; a single one can be in the folder itself.

    Raises:
        EksdnsError: A part is missing; the others must not be presented as the whole fleet.
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
    """Exit code of a merged report."""
    unverified = sum(entry.reason.startswith(NOT_VERIFIED) for entry in report_model.entries)
    return of_counts(report_model.counts, unverified)
