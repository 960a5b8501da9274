"""Every report marks what leaves cluster DNS with less protection, and counts the targets."""

import json
from dataclasses import replace
from typing import Any

import pytest

from eksaddon.domain.desired import Consent
from eksaddon.domain.plan import Plan
from eksaddon.domain.run.outcome import Changed, Skipped
from eksaddon.domain.run.result import RunResult, RunState, TargetResult
from eksaddon.domain.workload import Workload
from eksaddon.report.documents.documents import document
from eksaddon.report.documents.read import read_document
from eksaddon.report.format import Format
from eksaddon.report.model.build import drift_model, plan_model, run_model
from eksaddon.report.model.options import RenderOptions
from eksaddon.report.render import render
from tests.support.planner import COREFILE, STORED, managed, planned, wants

LONG = {**STORED, "replicaCount": 40, "corefile": COREFILE.replace("5s", "20s")}
DESIRED = replace(wants(5, replicaCount=3, computeType="fargate"), consent=Consent(weaken=True))
PLAN = Plan((planned(managed(LONG), DESIRED), planned(managed(STORED), wants(20))), 0.0, "d")
MODEL = plan_model(PLAN)


def drawn(wanted: Format, **options: object) -> str:
    return render(MODEL, wanted, RenderOptions(**options))  # type: ignore[arg-type]  # by name


def test_a_table_marks_the_changes_and_counts_the_targets():
    text = drawn(Format.TABLE)
    marked = [line for line in text.splitlines() if "▼ weakens DNS" in line]
    assert {line.split()[0] for line in marked} == {'corefile[".:53"].health.lameduck', "replicaCount"}
    assert text.rstrip().endswith("2 targets · 2 to update · ▼ 1 weakens DNS")


def test_without_unicode_the_sign_is_a_letter_and_colour_is_its_own():
    assert "v weakens DNS" in drawn(Format.TABLE, unicode=False)
    assert "\x1b[1;95m  ▼ weakens DNS" in drawn(Format.TABLE, colour=True)


def test_a_whole_text_is_marked_above_its_diff():
    other = COREFILE.replace("forward . /etc/resolv.conf", "forward . 10.0.0.2")
    desired = replace(wants(corefile=other), consent=Consent(weaken=True))
    model = plan_model(Plan((planned(managed(LONG), desired),), 0.0, "d"))
    assert "corefile  ▼ weakens DNS" in render(model, Format.TABLE, RenderOptions())
    assert "! corefile weakens DNS" in render(model, Format.MARKDOWN, RenderOptions())


def test_markdown_counts_them_and_uses_a_colour_of_its_own_in_diffs():
    text = drawn(Format.MARKDOWN)
    assert "| targets | 🟡 to update | 🔻 weaken DNS |" in text
    assert "! replicaCount weakens DNS\n- replicaCount: 40\n+ replicaCount: 3" in text
    assert "! computeType" not in text


def test_html_marks_them():
    text = drawn(Format.HTML)
    assert '<b class="weaker">1 weakens DNS</b>' in text
    assert text.count('<b class="weaker">weakens DNS</b>') == 2


def test_json_has_them_by_cluster_and_by_change_and_is_read_again():
    text = json.dumps(document(MODEL))
    made: Any = json.loads(text)
    row, other = made["clusters"]
    assert made["weakening"] == 1
    assert row["weakens"] == [
        {"path": "replicaCount", "setting": "replicas", "before": "40", "after": "3"},
        {"path": "corefile", "setting": "lameduck", "before": "20 s", "after": "5 s"},
    ]
    marked = {one["path"] for one in row["changes"] if one.get("weakens")}
    assert marked == {"replicaCount", 'corefile[".:53"].health.lameduck'}
    assert "weakens" not in other
    assert [one.weakens for one in read_document(text, "plan.json").entries] == [
        one.weakens for one in MODEL.entries
    ]


def test_a_spreadsheet_has_them():
    assert "replicaCount 40 -> 3 (weakens DNS)" in drawn(Format.CSV)


def test_targets_that_lose_something_else_are_another_group():
    few = Workload(2, 30, 0, COREFILE, (1, 33))
    desired = replace(wants(20), consent=Consent(weaken=True))
    clusters = (
        planned(managed(STORED), desired, few),
        planned(managed(STORED), desired, replace(few, replicas=6)),
    )
    text = render(plan_model(Plan(clusters, 0.0, "d")), Format.TABLE, RenderOptions())
    assert text.count("~ 1 cluster to update") == 2


@pytest.mark.parametrize(("outcome", "count"), [(Changed("u"), 1), (Skipped("not approved"), 0)])
def test_a_run_counts_those_that_it_changed(outcome, count):
    result = TargetResult(PLAN.clusters[0], outcome, 1.0)
    model = run_model(RunResult("r", RunState.SUCCEEDED, (result,), "d", 0.0))
    assert model.weakening == count


def test_drift_marks_them_too():
    assert drift_model(PLAN).weakening == 1
    assert document(drift_model(PLAN))["weakening"] == 1
