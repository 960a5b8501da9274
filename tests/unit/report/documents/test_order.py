"""A document has one order of clusters, whoever asks for it."""

import json
from dataclasses import replace

import pytest

from eksaddon.report.documents.documents import drift_document, plan_document, run_document
from eksaddon.report.format import Format
from eksaddon.report.model.options import RenderOptions
from eksaddon.report.render import Drifted, Planned, Ran, Report, document, render
from tests.support.report.reports import fleet_plan, fleet_run

PLAN, RESULT = fleet_plan(12), fleet_run(12)
TURNED = replace(PLAN, clusters=tuple(reversed(PLAN.clusters)))
TURNED_RESULT = replace(RESULT, results=tuple(reversed(RESULT.results)))


def written(report: Report) -> object:
    return json.loads(render(report, Format.JSON, RenderOptions()))


@pytest.mark.parametrize(
    ("report", "turned", "alone"),
    [
        (Planned(PLAN), Planned(TURNED), plan_document(TURNED)),
        (Drifted(PLAN), Drifted(TURNED), drift_document(TURNED)),
        (Ran(RESULT), Ran(TURNED_RESULT), run_document(TURNED_RESULT)),
    ],
    ids=["plan", "drift", "run"],
)
def test_the_order_of_a_document_depends_on_names_only(report: Report, turned: Report, alone: object) -> None:
    expected = written(report)
    assert written(turned) == expected
    assert json.loads(json.dumps(document(turned))) == expected
    assert json.loads(json.dumps(alone)) == expected
