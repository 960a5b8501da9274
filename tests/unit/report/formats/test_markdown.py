"""What GitHub shows of a report, within what it takes."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from eksaddon.domain.plan import Change, Plan, Plane
from eksaddon.report.format import Format
from eksaddon.report.formats.markdown import markdown
from eksaddon.report.model.model import ReportModel
from eksaddon.report.model.options import COMMENT_BYTES, STEP_SUMMARY_BYTES, RenderOptions
from eksaddon.report.render import Drifted, Listed, Planned, Ran, Report, render
from tests.support.examples import examples
from tests.support.report.reports import (
    HOSTILE,
    NOW,
    cluster_plan,
    fleet_plan,
    fleet_run,
    hostile_plan,
    hostile_run,
    observed,
    target,
)
from tests.support.report.strategies import report_models

GITHUB = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
OURS = re.compile(r"<!-- eksdns:\w+ -->|</?sub>|<details( open)?>|</details>|</?summary>|</?b>")


def text_of(report: Report, most_bytes: int = STEP_SUMMARY_BYTES) -> str:
    return render(report, Format.MARKDOWN, RenderOptions(most_bytes=most_bytes))


def test_a_small_plan_reads_like_this():
    text = text_of(Planned(Plan(fleet_plan(20).clusters[:1], NOW, "")))
    assert text == (
        "<!-- eksdns:plan -->\n"
        "### eksdns plan\n"
        "\n"
        "| targets | 🟡 to update |\n"
        "| ---: | ---: |\n"
        "| 1 | 1 |\n"
        "\n"
        "<sub>2026-01-02T03:04:05Z</sub>\n"
        "\n"
        "<details><summary>🟡 <b>1 cluster</b> to update · 3 changes: replicaCount,"
        " podDisruptionBudget.maxUnavailable, corefile&#91;&#34;.:53&#34;&#93;.health.lameduck"
        " · v1.13.2-eksbuild.21</summary>\n"
        "\n"
        "```diff\n"
        "- replicaCount: 2\n"
        "+ replicaCount: 3\n"
        "+ podDisruptionBudget.maxUnavailable: 1\n"
        '- corefile[".:53"].health.lameduck: 5s\n'
        '+ corefile[".:53"].health.lameduck: 20s\n'
        "```\n"
        "\n"
        "* `team-00/ap-southeast-2` cluster-0008\n"
        "\n"
        "</details>\n"
        "\n"
    )


def test_causes_hints_findings_and_diffs_are_shown():
    text = text_of(Drifted(fleet_plan(40)))
    assert "🟣 <b>4 clusters</b> unreachable · access-denied" in text
    assert "**hint:** the role needs eks:DescribeAddon" in text
    assert "-        lameduck 5s\n+        lameduck 20s\n" in text
    assert (
        "- **❌ error** replicaCount -5 is below 1 `replica-bounds` at eksdns.yaml:9:5 — set it to at least 2"
        in text
    )
    assert re.search(r"- \*\*⚠️ warning\*\* CoreDNS 1\.9\.3 .* `reload-sleeps` — .* \(6 of 18: .*, …\)", text)
    assert "terminationGracePeriodSeconds: 45  (not applied: workload plane not available)" in text


def test_long_diffs_and_long_lists_are_cut_and_say_so():
    whole = Change(Plane.ADDON, "corefile", None, "\n".join(f"# {n}" for n in range(500)))
    clusters = tuple(replace(cluster_plan(1), target=target(n, 100), changes=(whole,)) for n in range(90))
    text = text_of(Planned(Plan(clusters, NOW, "")))
    assert "  … 101 more lines\n" in text
    assert "* and 30 clusters in 30 more places\n" in text


def test_failed_groups_are_open_and_the_rest_is_collapsed():
    text = text_of(Ran(fleet_run(200)))
    assert text.count("<details open>") >= 2
    assert re.search(r"<details open><summary>🔴 <b>\d+ clusters</b> failed", text)
    assert "<details><summary>🟢" in text
    assert "### eksdns run `20260102-030405-1f2e3d` succeeded with failures" in text


def test_status_reports_what_fails_before_the_rest():
    rows = (observed(0), observed(1, status="DEGRADED"), observed(2))
    text = text_of(Listed(rows, NOW))
    assert text.index("<b>1 cluster</b> unhealthy") < text.index("<b>2 clusters</b> managed")
    assert text.count("cluster-0001") == 1


def test_an_empty_fleet_is_a_table_of_zero_targets():
    assert "| targets |\n| ---: |\n| 0 |\n" in text_of(Planned(Plan((), NOW, "")))


@pytest.mark.parametrize("most", [1_000, 2_000, 5_000, 20_000, COMMENT_BYTES])
def test_it_is_never_longer_than_allowed_and_says_what_is_missing(most):
    text = text_of(Planned(hostile_plan()), most_bytes=most)
    assert len(text.encode()) <= most
    groups = sum(text.count(f"{start} <b>1 cluster</b>") for start in ("🟡", "🔴", "🟣"))
    has_all = groups == len(HOSTILE)
    assert has_all or re.search(r"_\d+ groups? with \d+ targets? omitted: GitHub limits", text)


@examples(30)
@given(report_models(), st.integers(900, 6_000))
def test_any_report_stays_within_any_limit(report_model: ReportModel, most: int):
    assert len(markdown(report_model, RenderOptions(most_bytes=most)).encode()) <= most


def test_a_comment_is_shorter_than_a_summary():
    report = Planned(hostile_plan())
    assert len(render(report, Format.COMMENT, RenderOptions()).encode()) <= COMMENT_BYTES < STEP_SUMMARY_BYTES
    assert render(report, Format.COMMENT, RenderOptions(most_bytes=3_000)) == text_of(
        report, most_bytes=3_000
    )


@pytest.mark.parametrize("report", [Planned(hostile_plan()), Ran(hostile_run())], ids=["plan", "run"])
def test_hostile_text_becomes_neither_html_nor_markup(report):
    for token in GITHUB.parse(text_of(report)):
        assert token.type != "heading_open" or token.markup == "###"
        if token.type == "html_block":
            assert not re.search(r"<(script|img|b onerror)", OURS.sub("", token.content))
            assert "<" not in OURS.sub("", token.content).replace("\n", "")
        for inline in token.children or ():
            assert inline.type not in {"link_open", "image", "em_open", "s_open"}
            assert inline.type != "html_inline" or OURS.fullmatch(inline.content)
            assert inline.type != "text" or not re.search(r"@octocat|#1\b", inline.content)


@examples(30)
@given(report_models())
def test_no_report_leaves_its_blocks(report_model: ReportModel):
    """Every details element is closed where it should be, whatever stands in it."""
    depth = 0
    for token in GITHUB.parse(markdown(report_model, RenderOptions())):
        if token.type == "html_block":
            ours = OURS.findall(token.content)
            depth += token.content.count("<details") - token.content.count("</details>")
            assert depth in {0, 1}, ours
    assert depth == 0
