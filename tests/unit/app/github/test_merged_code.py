"""A merged report of runs ends as its parts would."""

import pytest

from eksaddon.app.github.report import merged_code
from eksaddon.domain.errors import ExitCode
from eksaddon.domain.plan import Action, ClusterPlan
from eksaddon.domain.run.outcome import Changed, InSync, Outcome
from eksaddon.domain.run.result import RunResult, RunState, TargetResult
from eksaddon.domain.target import ClusterRef, Target
from eksaddon.report.documents.read import read_document
from eksaddon.report.format import Format
from eksaddon.report.model.build import run_model
from eksaddon.report.model.options import RenderOptions
from eksaddon.report.render import render


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        (Changed("u"), ExitCode.DONE),
        (InSync(), ExitCode.DONE),
        (Changed("u", unverified="no access"), ExitCode.PARTIAL),
        (InSync(unverified="no access"), ExitCode.PARTIAL),
    ],
)
def test_an_unverified_change_is_not_done(outcome: Outcome, code: ExitCode) -> None:
    plan = ClusterPlan(Target(ClusterRef("111122223333", "eu-west-1", "a")), Action.UPDATE, "")
    result = RunResult("r", RunState.SUCCEEDED, (TargetResult(plan, outcome, 1.0),), "digest", 0.0)
    text = render(run_model(result), Format.JSON, RenderOptions())
    assert merged_code(read_document(text, "report.json")) is code
