"""Outputs of a GitHub Actions step."""

from collections.abc import Mapping

from eksaddon.domain.plan import Action
from eksaddon.domain.printable import on_one_line
from eksaddon.report.model.model import ReportModel
from eksaddon.report.model.states import MOVING

NAMES = ("has_changes", "changed_count", "blocked_count", "run_id", "state", "plan_path", "exit_code")
"""Published; workflows use these names."""


def outputs(report_model: ReportModel | None, *, exit_code: int, plan_path: str = "") -> dict[str, str]:
    """Values of all `NAMES`; empty, and without changes, if there is no result.

    `changed_count` is the number of targets in a state with `moves`. `has_changes` is `blocked` if an error
    blocks every change.
    """
    counts = {} if report_model is None else report_model.counts
    blocked = counts.get(Action.BLOCKED, 0)
    changed = sum(number for word, number in counts.items() if word in MOVING)
    return {
        "has_changes": "true" if changed else "blocked" if blocked else "false",
        "changed_count": str(changed),
        "blocked_count": str(blocked),
        "run_id": "" if report_model is None else on_one_line(report_model.run_id),
        "state": "" if report_model is None else on_one_line(report_model.run_state),
        "plan_path": on_one_line(plan_path),
        "exit_code": str(exit_code),
    }


def output_lines(values: Mapping[str, str], delimiter: str) -> str:
    """Lines for the file at GITHUB_OUTPUT.

    Args:
        delimiter: Random for each file, so that no value can contain it and set other outputs.
    """
    return "".join(f"{name}<<{delimiter}\n{value}\n{delimiter}\n" for name, value in values.items())
