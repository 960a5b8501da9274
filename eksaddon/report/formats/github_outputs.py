"""A result as the named outputs of a step of GitHub Actions."""

from collections.abc import Mapping

from eksaddon.domain.printable import on_one_line
from eksaddon.report.model.model import ReportModel
from eksaddon.report.model.states import MOVING

NAMES = ("has_changes", "changed_count", "run_id", "state", "plan_path", "exit_code")
"""Published: workflows read them."""


def outputs(report_model: ReportModel | None, *, exit_code: int, plan_path: str = "") -> dict[str, str]:
    """All of `NAMES`; empty texts, and no changes, where there is no result to tell of.

    `changed_count` counts the targets in a state that moves.
    """
    counts = {} if report_model is None else report_model.counts
    changed = sum(number for word, number in counts.items() if word in MOVING)
    return {
        "has_changes": "true" if changed else "false",
        "changed_count": str(changed),
        "run_id": "" if report_model is None else on_one_line(report_model.run_id),
        "state": "" if report_model is None else on_one_line(report_model.run_state),
        "plan_path": on_one_line(plan_path),
        "exit_code": str(exit_code),
    }


def output_lines(values: Mapping[str, str], delimiter: str) -> str:
    """For the file that GITHUB_OUTPUT names.

    Args:
        delimiter: Drawn anew for each file, so that no value can contain it and set outputs of its own.
    """
    return "".join(f"{name}<<{delimiter}\n{value}\n{delimiter}\n" for name, value in values.items())
