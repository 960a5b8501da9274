"""The HTML report as text: what stands in it, and what cannot."""

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given

from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.plan import Plan
from eksaddon.domain.run.result import WaveResult
from eksaddon.domain.target import ClusterRef
from eksaddon.report.format import Format
from eksaddon.report.formats.heatmap import heat_map
from eksaddon.report.formats.html import page, spans
from eksaddon.report.formats.html_view import totals
from eksaddon.report.model.build import drift_model, plan_model, run_model
from eksaddon.report.model.model import Entry, ReportModel
from eksaddon.report.model.options import Origin, RenderOptions
from eksaddon.report.model.states import Kind, Tone
from eksaddon.report.render import Drifted, Listed, Planned, Ran, Report, render
from tests.support.examples import examples
from tests.support.report.reports import (
    HOSTILE,
    NOW,
    fleet_plan,
    fleet_run,
    hostile_plan,
    hostile_run,
    observed,
    unreachable_plan,
)
from tests.support.report.strategies import report_models

TAGS = {
    *(
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "a",
        "header",
        "h1",
        "h2",
        "span",
        "p",
        "time",
        "main",
    ),
    *("section", "svg", "rect", "div", "button", "b", "table", "thead", "tbody", "tr", "th", "td", "details"),
    *("summary", "code", "del", "ins", "em", "i", "pre", "ul", "li", "br", "dl", "dt", "dd", "form", "label"),
    *("input", "select", "option", "output", "caption", "script"),
}


class Reader(HTMLParser):
    """Elements, their attributes, and the text outside of scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def all(self, tag: str, **wanted: str) -> list[dict[str, str | None]]:
        return [
            attrs
            for name, attrs in self.found
            if name == tag and all(attrs.get(key) == value for key, value in wanted.items())
        ]


def text_of(report: Report) -> str:
    return render(report, Format.HTML, RenderOptions())


def read(report: Report) -> Reader:
    return Reader(text_of(report))


def test_every_cluster_has_its_row_and_every_state_its_total():
    found = read(Drifted(fleet_plan(200, 12)))
    rows = [attrs for attrs in found.all("tr") if "data-g" in attrs]
    assert len(rows) == 200
    pressed = found.all("button", **{"aria-pressed": "false"})
    assert [attrs["data-state"] for attrs in pressed] == [
        "drifted",
        "unhealthy",
        "unverified",
        "unreachable",
        "skipped",
        "inSync",
    ]
    assert {"120", "10", "20", "40"} <= {text.strip() for text in found.texts}


def test_rows_point_to_their_group_and_to_the_findings_in_it():
    text = text_of(Drifted(fleet_plan(40)))
    groups = re.findall(r'<details class="group" id="group-(\d+)"', text)
    assert groups == [str(number) for number in range(len(groups))]
    places = re.findall(r'data-g="(\d+)"(?: data-f="([\d ]+)")?', text)
    assert {group for group, _ in places} == set(groups)
    assert any(findings for _, findings in places)


def test_a_changed_corefile_is_a_diff_with_signs_and_elements():
    text = text_of(Drifted(fleet_plan(20)))
    assert "<del>-         lameduck 5s\n</del><ins>+         lameduck 20s\n</ins>" in text


def test_nothing_is_loaded_from_anywhere():
    found = read(Drifted(fleet_plan(20)))
    for _, attrs in found.found:
        assert not {"src", "srcset", "action", "style", "onload", "onclick"} & set(attrs)
        assert (attrs.get("href") or "#").startswith("#")
    assert not re.search(r"url\(|@import|https?:", text_of(Drifted(fleet_plan(20))))


def test_the_policy_lets_only_the_own_style_and_script_in():
    found = read(Planned(hostile_plan()))
    (policy,) = found.all("meta", **{"http-equiv": "Content-Security-Policy"})
    text = text_of(Planned(hostile_plan()))
    for element in ("style", "script"):
        (content,) = re.findall(f"<{element}>(.*?)</{element}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{element}-src 'sha256-{digest}'" in (policy["content"] or "")
    assert (policy["content"] or "").startswith("default-src 'none'; ")


@pytest.mark.parametrize(
    "report",
    [Planned(hostile_plan()), Drifted(hostile_plan()), Ran(hostile_run())],
    ids=["plan", "drift", "run"],
)
def test_hostile_text_brings_no_element_and_no_attribute(report):
    found, plain = read(report), read(Ran(fleet_run(40)))
    assert {tag for tag, _ in found.found} <= TAGS
    known = {key for _, attrs in plain.found for key in attrs} | {"open", "disabled", "data-l", "data-f"}
    assert {key for _, attrs in found.found for key in attrs} <= known
    assert len(found.all("script")) == 2


@examples(20)
@given(report_models())
def test_no_report_brings_elements_of_its_own(report_model: ReportModel):
    found = Reader(page(report_model))
    assert {tag for tag, _ in found.found} <= TAGS
    assert len(found.all("script")) == 2


def test_hostile_text_is_still_shown():
    shown = "".join(read(Planned(hostile_plan())).texts)
    assert HOSTILE[0] in shown
    assert HOSTILE[1] in shown
    assert "abc\\u202edef\\u2066ghi" in shown


def test_the_facts_are_json_that_cannot_end_its_element():
    text = text_of(Planned(hostile_plan()))
    (facts,) = re.findall(r'<script type="application/json" id="facts">(.*?)</script>', text, re.DOTALL)
    assert not re.search("[<>&]", facts)
    assert len(json.loads(facts)) == len(HOSTILE)


@pytest.mark.parametrize(
    ("report", "title"),
    [
        (Planned(Plan((), NOW, "")), "eksdns plan: 0 targets, 2026-01-02T03:04:05Z"),
        (Drifted(unreachable_plan(3)), "eksdns drift: 3 targets, 2026-01-02T03:04:05Z"),
        (Ran(fleet_run(1)), "eksdns run: 1 target, 2026-01-02T03:04:05Z"),
        (Listed((observed(0),), NOW), "eksdns status: 1 target, 2026-01-02T03:04:05Z"),
    ],
)
def test_every_kind_has_its_title(report, title):
    assert title in read(report).texts


def test_an_empty_fleet_has_a_sentence_instead_of_tables():
    found = read(Planned(Plan((), NOW, "")))
    assert "No cluster was in scope." in found.texts
    assert not found.all("table")


def test_a_run_and_a_status_have_columns_of_their_own():
    assert {"Seconds"} <= set(read(Ran(fleet_run(4))).texts)
    shown = set(read(Listed((observed(0, '{"replicaCount": 7}'),), NOW)).texts)
    assert {"Status", "Replicas", "Lameduck", "ACTIVE", "7"} <= shown


def test_the_map_has_the_worst_accounts_first_and_says_its_cells_aloud():
    found = heat_map(drift_model(fleet_plan(40)))
    assert found.regions == ("ap-southeast-2", "eu-central-1", "eu-west-1", "us-east-1")
    parts = []
    for account in found.accounts:
        cells = [cell for cell in account.cells if cell is not None]
        wrong = [cell.text.partition("/") for cell in cells]
        bad = sum(int(before) for before, slash, _ in wrong if slash)
        parts.append(bad / sum(int(after or before) for before, _, after in wrong))
    assert parts == sorted(parts, reverse=True)
    assert found.accounts[0].cells[2] is not None
    assert found.accounts[0].cells[2].label == "team-00/eu-west-1: 1 drifted, 1 in sync, 1 unreachable"


def test_a_place_without_clusters_is_an_empty_cell():
    two = (fleet_plan(1).clusters[0], fleet_plan(8).clusters[-1])
    found = heat_map(plan_model(Plan(two, NOW, "")))
    assert sum(cell is None for account in found.accounts for cell in account.cells) == 2


def test_a_cell_is_as_bad_as_its_worst_cluster():
    cells = [
        cell for account in heat_map(drift_model(unreachable_plan(9))).accounts for cell in account.cells
    ]
    assert {cell.tone for cell in cells if cell} == {Tone.UNKNOWN}
    assert {cell.level for cell in cells if cell} == {4}


def test_the_bar_is_as_wide_as_its_parts():
    assert sum(total.width for total in totals(plan_model(fleet_plan(200)))) == 1000
    assert {total.width for total in totals(plan_model(Plan((), NOW, "")))} == {0}


def waves_of(text: str) -> list[list[str]]:
    """The cells of each row of the waves; none where there is no such table."""
    table = re.search(r'<table class="waves">.*?</table>', text, re.DOTALL)
    rows = re.findall(r"<tr>(.*?)</tr>", table.group(), re.DOTALL) if table else []
    cells = (re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows[1:])
    return [[re.sub("<[^>]+>", "", cell) for cell in row] for row in cells]


def test_waves_are_in_their_order_with_what_holds_them():
    waves = (
        WaveResult("canary", "succeeded", 1, 1, 5400),
        WaveResult("nobody", "skipped", 0),
        WaveResult("most", "paused", 1200, 5, gates=("approval",), reason="2 of 5 failed"),
    )
    run = page(replace(run_model(fleet_run(20)), waves=waves, reason="waits for <approval>"))
    assert waves_of(run) == [
        ["canary", "succeeded", "1", "1 in parallel, soak 1 h 30 min"],
        ["nobody", "skipped", "0", "no targets to change: skipped"],
        ["most", "paused", "1,200", "5 in parallel, approval, 2 of 5 failed"],
    ]
    assert '<p class="note">waits for &lt;approval&gt;</p>' in run
    plan = page(replace(plan_model(fleet_plan(20)), waves=waves[:1]))
    assert waves_of(plan) == [["canary", "1", "1 in parallel, soak 1 h 30 min"]], "nothing has happened yet"


def test_without_waves_there_is_no_table_of_them_but_still_the_reason():
    text = page(replace(plan_model(fleet_plan(3)), waves=(), reason="stopped by an interrupt"))
    assert waves_of(text) == []
    assert "stopped by an interrupt" in text


@pytest.mark.parametrize("text", HOSTILE)
def test_a_wave_with_a_hostile_name_adds_no_element(text):
    def tags(name: str) -> list[str]:
        wave = WaveResult(name, "paused", 1, 1, gates=(name,), reason=name, approved_by=name)
        return [tag for tag, _ in Reader(page(replace(plain, waves=(wave,), reason=name))).found]

    plain = plan_model(fleet_plan(3))
    assert tags(text) == tags("canary")


def test_the_head_names_command_fleet_file_and_commit():
    origin = Origin("eksdns plan --all -o html", "eksdns.yaml", "0123456789abcdef")
    head = render(Planned(fleet_plan(3)), Format.HTML, RenderOptions(origin=origin)).partition("</header>")[0]
    for text in ("eksdns plan --all -o html", "eksdns.yaml", "<code>0123456789ab</code>"):
        assert text in head


def test_hostile_words_of_the_command_bring_no_element():
    origin = Origin("eksdns plan --cluster '<script>x</script>'")
    plain, shown = (page(plan_model(fleet_plan(1)), one) for one in (Origin("x"), origin))
    assert len(Reader(plain).found) == len(Reader(shown).found)


def test_a_group_shows_both_sides_of_its_changes_and_its_warnings_before_it_is_opened():
    summaries = re.findall(r"<summary>(.*?)</summary>", text_of(Planned(fleet_plan(20))), re.DOTALL)
    moved = [one for one in summaries if "to update" in one]
    assert moved
    assert all(" → " in one or "changed" in one for one in moved)
    assert any("warning" in one for one in summaries)


def test_cells_of_cards_have_the_headings_that_a_narrow_window_does_not_show() -> None:
    drawn = page(ReportModel(Kind.AUDIT, "2026-01-01T00:00:00Z", ()))
    assert '> td:nth-child(6):not(:empty)::before { content: "grade "; }' in drawn


def test_a_group_of_an_audit_shows_its_first_reason_closed() -> None:
    found = Diagnostic(Severity.ERROR, "one-replica", "one replica: DNS stops with it")
    entry = Entry(ClusterRef("1", "r", "shop"), "atRisk", "grade D", grade="D", diagnostics=(found,))
    drawn = page(ReportModel(Kind.AUDIT, "2026-01-01T00:00:00Z", (entry,)))
    (summary,) = re.findall(r"<summary>(.*?)</summary>", drawn)
    assert summary.endswith("grade D · one replica: DNS stops with it")


def test_a_state_is_not_repeated_as_its_reason() -> None:
    entry = Entry(ClusterRef("1", "r", "shop"), "inSync", "in sync")
    drawn = page(ReportModel(Kind.DRIFT, "2026-01-01T00:00:00Z", (entry,)))
    assert "<td>in sync</td>" not in drawn


def test_code_spans_of_sentences_are_code_and_stay_escaped():
    assert spans("set `a b` <i>, not `") == "set <code>a b</code> &lt;i&gt;, not `"
    assert spans("`<script>`") == "<code>&lt;script&gt;</code>"
