"""What each format says of the same fleet, and that none says it wrongly for any fleet."""

import csv
import io
import json
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import Phase, given
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from eksaddon.domain.diagnostic import Location
from eksaddon.domain.plan import Action, Change, ClusterPlan, Plan, Plane
from eksaddon.domain.target import ClusterRef, Target
from eksaddon.report.format import Format
from eksaddon.report.formats import sarif as sarif_module
from eksaddon.report.formats.annotations import annotate
from eksaddon.report.formats.json_yaml import yaml_text
from eksaddon.report.model.locations import file_uri, is_in_a_file
from eksaddon.report.model.model import ReportModel
from eksaddon.report.model.options import RenderOptions
from eksaddon.report.model.states import StatusWord
from eksaddon.report.model.status import Row
from eksaddon.report.render import FORMATS, Drifted, Listed, Planned, Ran, Report, document, render
from tests.support.examples import examples
from tests.support.report.junit_rules import check_junit
from tests.support.report.reports import (
    BROKEN,
    HOSTILE,
    NOT_CHECKED,
    NOW,
    fleet_plan,
    fleet_run,
    hostile_plan,
    hostile_run,
    target,
)
from tests.support.report.sarif_rules import SARIF_SCHEMA
from tests.support.report.strategies import JSON, report_models

SARIF = Draft202012Validator(SARIF_SCHEMA)
LOOK = RenderOptions()


def drawn(report: Report, wanted: Format, render_options: RenderOptions = LOOK) -> str:
    return render(report, wanted, render_options)


def results(report: Report) -> list[Any]:
    log = json.loads(drawn(report, Format.SARIF))
    SARIF.validate(log)
    found: list[Any] = log["runs"][0]["results"]
    return found


def cells(report: Report) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(drawn(report, Format.CSV))))


def test_every_format_has_a_renderer():
    assert set(FORMATS) == set(Format)


@pytest.mark.parametrize("wanted", Format)
@pytest.mark.parametrize(
    "report",
    [Planned(fleet_plan(0)), Drifted(fleet_plan(1)), Ran(fleet_run(20)), Listed((), NOW)],
    ids=["empty plan", "drift of one", "run", "empty status"],
)
def test_every_format_draws_every_kind_and_ends_its_last_line(report, wanted):
    text = drawn(report, wanted)
    assert text.endswith("\n") or (wanted is Format.GITHUB and not text)
    assert drawn(report, wanted) == text


@examples(25, phases=[Phase.explicit, Phase.generate])  # shrinking takes minutes
@given(report_models())
def test_every_format_draws_any_report_without_a_sign_that_acts(report_model: ReportModel):
    for wanted in Format:
        text = drawn(report_model, wanted)
        text.encode("utf-8")
        assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text), wanted
        ours = () if wanted is not Format.GITHUB else ("::error ", "::warning ", "::notice ")
        for line in text.splitlines():
            starts = line.lstrip().lower().startswith(("::error", "::stop-commands", "::add-mask"))
            assert not starts or line.startswith(ours), (wanted, line)
            assert not re.search(r"##\[(error|group)", line, re.IGNORECASE), wanted


@examples(40)
@given(report_models())
def test_json_and_yaml_hold_the_document(report_model: ReportModel):
    made = json.loads(json.dumps(document(report_model)))
    text = drawn(report_model, Format.JSON)
    assert text.isascii()
    assert json.loads(text) == made
    yaml = drawn(report_model, Format.YAML)
    assert yaml.isascii()
    assert YAML(typ="safe", pure=True).load(yaml) == made


@examples(60)
@given(JSON)
def test_any_value_survives_yaml(value: Any):
    loaded = YAML(typ="safe", pure=True).load(yaml_text({"value": value, "y": "no", "null": 1.5}))
    assert loaded == {"value": value, "y": "no", "null": 1.5}


def test_json_has_one_line_for_each_cluster():
    lines = drawn(Drifted(fleet_plan(3)), Format.JSON).splitlines()
    assert [json.loads(line.strip().rstrip(","))["name"] for line in lines if '"account"' in line] == [
        "cluster-0000",
        "cluster-0001",
        "cluster-0002",
    ]
    assert '  "clusters": []' in drawn(Drifted(fleet_plan(0)), Format.JSON)


def test_csv_has_one_line_for_each_cluster_and_columns_of_its_kind():
    rows = cells(Ran(fleet_run(40)))
    assert len(rows) == 40
    assert Counter(row["state"] for row in rows) == Counter(
        one["outcome"] for one in json.loads(drawn(Ran(fleet_run(40)), Format.JSON))["clusters"]
    )
    changed = next(row for row in rows if row["state"] == "changed")
    assert changed["changes"].startswith(
        "replicaCount 2 -> 3; podDisruptionBudget.maxUnavailable not set -> 1"
    )
    assert changed["updateId"].startswith("up-")
    assert int(changed["seconds"]) > 0
    assert any("corefile changed" in row["changes"] for row in rows)


def test_no_csv_cell_is_a_formula():
    for report in (Planned(hostile_plan()), Ran(hostile_run())):
        rows = list(csv.reader(io.StringIO(drawn(report, Format.CSV))))
        assert len({len(row) for row in rows}) == 1
        assert not [cell for row in rows for cell in row if cell.lstrip().startswith(("=", "+", "-", "@"))]


def test_csv_of_status_shows_what_is_stored():
    row = Row(target(1), StatusWord.MANAGED, "v1.11.4-eksbuild.51")
    (found,) = cells(Listed((row,), NOW))
    assert (found["state"], found["status"], found["replicaCount"]) == ("managed", "", "")


@examples(40)
@given(report_models())
def test_junit_is_valid_for_any_report(report_model: ReportModel):
    root = check_junit(drawn(report_model, Format.JUNIT))
    assert len(root.findall("*/testcase")) == len(report_model.entries)


@pytest.mark.parametrize(
    ("report", "counts"),
    [
        (Drifted(fleet_plan(40)), {"failure": 24, "error": 6, "skipped": 2, "": 8}),
        (Planned(fleet_plan(40)), {"failure": 2, "error": 4, "skipped": 2, "": 32}),
        (Ran(fleet_run(40)), {"failure": 8, "error": 8, "skipped": 4, "": 20}),
    ],
)
def test_junit_tells_drift_failure_and_darkness_apart(report, counts):
    root = check_junit(drawn(report, Format.JUNIT))
    cases = root.findall("*/testcase")
    assert Counter(case[0].tag if len(case) else "" for case in cases) == counts


def test_junit_groups_by_account_and_region_and_shows_the_diff():
    root = check_junit(drawn(Drifted(fleet_plan(40)), Format.JUNIT))
    assert root[0].get("name") == "000000000000/ap-southeast-2 (team-00)"
    details = [child.text or "" for child in root.findall("*/testcase/failure")]
    assert any("  -         lameduck 5s\n  +         lameduck 20s" in detail for detail in details)
    error = root.find("*/testcase/error")
    assert error is not None
    assert error.get("type") == "access-denied"
    assert error.text == "hint: the role needs eks:DescribeAddon"


@examples(40)
@given(report_models())
def test_sarif_is_valid_for_any_report(report_model: ReportModel):
    SARIF.validate(json.loads(drawn(report_model, Format.SARIF)))


def test_sarif_points_to_the_line_that_asks_for_the_value():
    change = next(
        one for one in results(Drifted(fleet_plan(20))) if "replicaCount is 2" in one["message"]["text"]
    )
    assert change["ruleId"] == "drift"
    assert change["level"] == "warning"
    location = change["locations"][0]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "eksdns.yaml"},
        "region": {"startLine": 3, "startColumn": 17},
    }
    assert location["logicalLocations"][0]["fullyQualifiedName"].startswith("arn:aws:eks:")


def test_sarif_shows_what_has_no_line_at_the_top_of_the_fleet_file():
    log = json.loads(
        drawn(Drifted(fleet_plan(20)), Format.SARIF, RenderOptions(fleet_file="configs/fleet.yaml"))
    )
    lost = next(one for one in log["runs"][0]["results"] if one["ruleId"] == "unreachable")
    assert lost["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "configs/fleet.yaml"
    assert "the role needs eks:DescribeAddon" in lost["message"]["text"]


def test_sarif_rules_are_those_of_the_results_and_the_gravest_come_first():
    log = json.loads(drawn(Planned(fleet_plan(40)), Format.SARIF))
    rules = [rule["id"] for rule in log["runs"][0]["tool"]["driver"]["rules"]]
    found = log["runs"][0]["results"]
    assert [rules[one["ruleIndex"]] for one in found] == [one["ruleId"] for one in found]
    assert [one["level"] for one in found] == sorted(
        (one["level"] for one in found), key=["error", "warning", "note"].index
    )


def test_sarif_findings_keep_their_fingerprint_while_values_move():
    def fingerprints(before: int) -> set[str]:
        plan = fleet_plan(20)
        moved = tuple(
            replace(one, changes=tuple(replace(change, before=before) for change in one.changes))
            for one in plan.clusters
        )
        found = results(Drifted(replace(plan, clusters=moved)))
        prints = [one["partialFingerprints"]["primaryLocationLineHash"] for one in found]
        assert len(set(prints)) == len(prints)
        return set(prints)

    assert fingerprints(1) == fingerprints(2)


def test_sarif_excludes_the_least_grave_and_says_how_many(monkeypatch):
    whole = len(results(Planned(fleet_plan(40))))
    monkeypatch.setattr(sarif_module, "MOST_RESULTS", 10)
    log = json.loads(drawn(Planned(fleet_plan(40)), Format.SARIF))
    assert len(log["runs"][0]["results"]) == 10
    notes = log["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    assert notes[0]["message"]["text"] == (
        f"{whole - 10} results omitted: GitHub accepts at most 10 results per run"
    )


@pytest.mark.parametrize(
    ("region", "partition"), [("eu-west-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")]
)
def test_sarif_names_the_cluster_by_its_arn(region, partition):
    where = Target(ClusterRef("111122223333", region, "shop"))
    plan = Plan((ClusterPlan(where, Action.UPDATE, "", changes=(Change(Plane.ADDON, "x", 1, 2),)),), NOW, "")
    name = results(Drifted(plan))[0]["locations"][0]["logicalLocations"][0]["fullyQualifiedName"]
    assert name == f"arn:{partition}:eks:{region}:111122223333:cluster/shop"


@pytest.mark.parametrize(
    ("location", "answer"),
    [
        (Location("eksdns.yaml", 3), True),
        (Location("a/b.YML", 3), True),
        (Location("eksdns.yaml"), False),
        (Location("flag --lameduck", 1), False),
        (Location("configurationValues", 3), False),
        (Location("-", 3), False),
    ],
)
def test_a_place_in_a_file_is_distinguished_from_others(location, answer):
    assert is_in_a_file(location) is answer


@pytest.mark.parametrize(
    ("source", "uri"),
    [
        ("eksdns.yaml", "eksdns.yaml"),
        ("./configs/a b.yaml", "configs/a%20b.yaml"),
        ("/home/me/x.yaml", "file:///home/me/x.yaml"),
        ("C:\\fleet\\x.yaml", "file:///C%3A/fleet/x.yaml"),
        ("configs\\x.yaml", "configs/x.yaml"),
        ("ü#?.yaml", "%C3%BC%23%3F.yaml"),
    ],
)
def test_file_names_become_uris(source, uri):
    assert file_uri(source) == uri


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_file_names_become_uris(text):
    assert re.fullmatch(r"[A-Za-z0-9._~/%-]*", file_uri(text).removeprefix("file://"))
    assert unquote(file_uri("x/" + text.replace("\ud800", "")))


def test_github_annotations_are_at_their_line():
    lines = drawn(Planned(fleet_plan(20)), Format.GITHUB).splitlines()
    assert (
        "::error file=eksdns.yaml,line=9,col=5,title=replica-bounds"
        "::replicaCount -5 is below 1 (team-00/eu-west-1/cluster-0000)%0Aset it to at least 2" in lines
    )
    assert any(line.startswith("::error title=2 targets unreachable::") for line in lines)


def test_github_annotations_are_ten_of_a_level_at_most():
    lines = drawn(Planned(hostile_plan()), Format.GITHUB).splitlines()
    levels = Counter(line.split(" ")[0] for line in lines)
    assert levels == {"::error": 10, "::warning": 10, "::notice": 10}
    assert sum("more; GitHub shows at most ten per step" in line for line in lines) == 3


def test_findings_without_clusters_are_annotated_too():
    placed = replace(NOT_CHECKED, location=Location("a.yml", 2))
    assert annotate((placed,)).startswith("::warning file=a.yml,line=2,title=")
    assert annotate((BROKEN, NOT_CHECKED)) == (
        "::error file=eksdns.yaml,line=9,col=5,title=replica-bounds"
        "::replicaCount -5 is below 1%0Aset it to at least 2\n"
        "::warning title=workload-not-checked"
        "::terminationGracePeriodSeconds 45 not applied: workload plane not available\n"
    )


@pytest.mark.slow
def test_a_format_imports_only_what_it_needs():
    script = (
        "import sys; from eksaddon.report.render import FORMATS, Planned, render\n"
        "from eksaddon.report.format import Format; from eksaddon.report.model.options import RenderOptions\n"
        "from eksaddon.domain.plan import Plan\n"
        "for wanted in (Format.JSON, Format.YAML, Format.CSV, Format.JUNIT, Format.SARIF, Format.MARKDOWN):\n"
        "    render(Planned(Plan((), 0, '')), wanted, RenderOptions())\n"
        "print([name for name in ('rich', 'jinja2', 'ruamel', 'jsonschema') if name in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert out.stdout == "[]\n"
