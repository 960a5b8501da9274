"""A document has one order of clusters, whoever asks for it."""

import json
from dataclasses import replace
from typing import cast

import pytest

from eksaddon.report.documents.documents import drift_document, plan_document, run_document
from eksaddon.report.format import Format
from eksaddon.report.formats.json_yaml import json_text
from eksaddon.report.model.options import RenderOptions
from eksaddon.report.render import Drifted, Planned, Ran, Report, document, render, render_parts
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


@pytest.mark.parametrize("report", [Planned(PLAN), Planned(fleet_plan(0)), Drifted(PLAN), Ran(RESULT)])
def test_json_that_is_written_in_parts_is_the_text_of_the_whole(report: Report) -> None:
    parts = list(render_parts(report, Format.JSON, RenderOptions()))
    assert "".join(parts) == json_text(document(report)) == render(report, Format.JSON, RenderOptions())
    clusters = cast("list[object]", document(report)["clusters"])
    assert len(parts) > len(clusters)


def test_other_formats_are_one_part() -> None:
    report, options = Planned(PLAN), RenderOptions()
    assert list(render_parts(report, Format.CSV, options)) == [render(report, Format.CSV, options)]
