"""What a terminal shows of plans, drift, runs and status."""

import re
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from rich.cells import cell_len

from eksaddon.domain.live import NAMED, NOT_NAMED, LiveField
from eksaddon.domain.observed import (
    AutoMode,
    Connected,
    HealthIssue,
    Managed,
    NotActive,
    NotInstalled,
    Observed,
    Unreachable,
)
from eksaddon.domain.plan import Action, Change, Plan, Plane
from eksaddon.domain.probing.gate import ProbeGate
from eksaddon.domain.rollout.strategy import Approval, Count, Strategy, Wave
from eksaddon.domain.selection import Match
from eksaddon.domain.target import ClusterRef, Target
from eksaddon.domain.workload import Owner
from eksaddon.plan.waves import staged
from eksaddon.report.documents.documents import document
from eksaddon.report.format import Format
from eksaddon.report.formats.table import heading, table
from eksaddon.report.model.model import Entry, ReportModel
from eksaddon.report.model.options import RenderOptions
from eksaddon.report.model.states import Kind, StatusWord
from eksaddon.report.model.status import lameduck_seconds, row, status_model
from eksaddon.report.render import Drifted, Listed, Planned, Ran, Report, render
from tests.support.examples import examples
from tests.support.report.reports import (
    COREFILE,
    NEW_COREFILE,
    NOW,
    OLD_COREFILE,
    cluster_plan,
    denied,
    fleet_plan,
    fleet_run,
    observed,
    target,
    unreachable,
    unreachable_plan,
)
from tests.support.report.strategies import report_models

ANSI = re.compile("\x1b\\[[0-9;]*m")


def shown(report: Report, width: int = 120, **render_options: object) -> str:
    return render(report, Format.TABLE, replace(RenderOptions(width), **render_options))  # type: ignore[arg-type]  # by name


def test_a_plan_of_one_cluster_reads_like_this():
    plan = Plan((replace(cluster_plan(3), wave=""),), NOW, "")
    assert shown(Planned(plan), 80) == (
        "~ 1 cluster to update · 3 changes · v1.9.3-eksbuild.40\n"
        "    replicaCount                        2 → 3\n"
        "    podDisruptionBudget.maxUnavailable  not set → 1\n"
        '    corefile[".:53"].health.lameduck    5s → 20s\n'
        "    ! warning: CoreDNS 1.9.3 waits for the lameduck on every reload while all\n"
        "    pods are unready [reload-sleeps]\n"
        "      upgrade the add-on to CoreDNS 1.10.1 or later before raising lameduck\n"
        "    team-03/eu-west-1  cluster-0003\n"
        "\n"
        "Plan: 1 target · 1 to update\n"
    )


def test_without_arrows_and_marks_in_the_terminal_ascii_says_the_same():
    text = shown(Planned(fleet_plan(40)), unicode=False)
    assert text.isascii()
    assert "2 -> 3" in text
    assert "x 2 clusters blocked" in text


@pytest.mark.parametrize(
    "width", [40, 80, *(pytest.param(width, marks=pytest.mark.slow) for width in (20, 120, 200))]
)
@pytest.mark.parametrize(
    "report",
    [
        Planned(fleet_plan(200, 40)),
        Drifted(fleet_plan(200, 40)),
        Ran(fleet_run(200, 40)),
        Listed(tuple(observed(n, '{"replicaCount": 3}') for n in range(9)), NOW),
    ],
    ids=["plan", "drift", "run", "status"],
)
def test_it_fits_the_terminal_with_and_without_colour(report, width):
    plain, coloured = shown(report, width), shown(report, width, colour=True)
    assert not ANSI.search(plain)
    assert ANSI.search(coloured)
    assert ANSI.sub("", coloured) == plain
    assert max(cell_len(line) for line in plain.splitlines()) <= max(width, 40)
    assert not re.search(r"[ \t]+$", plain, re.MULTILINE)


@examples(30)
@given(report_models())
def test_any_report_fits_eighty_columns(report_model: ReportModel):
    assert all(cell_len(line) <= 80 for line in table(report_model, RenderOptions(80)).splitlines())


def test_a_permission_that_many_clusters_need_is_reported_once():
    text = shown(Drifted(fleet_plan(2000, 40)))
    assert text.count("corefile[") == 1
    assert "~ 900 clusters drifted · 3 changes" in text
    assert "300 of 900: " in text
    assert "and 796 clusters in 64 more places" in text
    assert text.endswith(
        "Drift: 2,000 targets · 1,200 drifted · 100 unverified · 200 unreachable · "
        "100 skipped · 400 in sync\n"
    )
    assert len(text.splitlines()) < 120


def test_failures_precede_successes():
    heads = [line.split()[3] for line in shown(Ran(fleet_run(200))).splitlines() if " cluster" in line[:16]]
    order = ["failed", "unreachable", "unproven", "stale", "rolled", "changed", "skipped", "in"]
    assert heads == sorted(heads, key=order.index)


def test_a_run_reports_the_changes_of_what_was_changed_only():
    text = shown(Ran(fleet_run(40)))
    assert re.search(r"corefile +\+2 -2 lines", text)
    assert "lameduck 5s\n" not in text
    assert "reload-sleeps" not in text
    assert re.search(r"✓ \d+ clusters changed · between \S+ and \S+ · \d+ to \d+ s", text)
    assert "Run 20260102-030405-1f2e3d succeeded with failures: 40 targets · 4 failed" in text


def test_a_changed_text_is_shown_as_its_lines_that_differ():
    text = shown(Planned(fleet_plan(20)))
    assert "      -         lameduck 5s\n      +         lameduck 20s\n" in text
    assert "loadbalance" not in text


def test_a_long_diff_is_cut_and_says_so():
    whole = Change(Plane.ADDON, "corefile", None, "\n".join(f"# {n}" for n in range(100)))
    plan = Plan((replace(cluster_plan(1), changes=(whole,)),), NOW, "")
    assert "… 41 more lines of this diff" in shown(Planned(plan))


def test_a_text_that_differs_in_its_last_line_break_is_a_difference():
    change = Change(Plane.ADDON, "corefile", OLD_COREFILE, OLD_COREFILE.rstrip("\n"), "a note")
    text = shown(Planned(Plan((replace(cluster_plan(1), changes=(change,)),), NOW, "")))
    assert "corefile  (a note)\n      @ only the trailing newline differs\n" in text


def test_unreachable_targets_are_grouped_by_cause_and_remedy():
    text = shown(Drifted(unreachable_plan(60)))
    assert "? 60 clusters unreachable · access-denied\n" in text
    assert "    for example: User: arn:aws:sts::" in text
    assert text.count("hint: the role needs eks:DescribeAddon") == 1


def test_an_account_that_could_not_be_listed_is_not_a_cluster():
    refs = (ClusterRef("000000000001", "*", "*"), ClusterRef("000000000002", "eu-west-1", "*"))
    clusters = tuple(unreachable(replace(cluster_plan(0), target=Target(ref, "shop"))) for ref in refs)
    text = shown(Planned(Plan(clusters, NOW, "")))
    assert "? 2 targets unreachable" in text
    assert "shop            whole account" in text
    assert "shop/eu-west-1  whole region" in text


def test_waves_are_told_in_their_order():
    waves = (
        Wave("canary", limit=1, soak=5400),
        Wave("none", Match(clusters=("nobody",))),
        Wave(
            "rest",
            max_concurrency=Count(5),
            before=(Approval(),),
            gates=(ProbeGate(),),
            failure_tolerance=Count(4),
        ),
    )
    text = shown(Planned(staged(fleet_plan(20), Strategy(waves))))
    assert "canary          1  1 in parallel, soak 1 h 30 min\n" in text
    assert "none            0  no targets to change: skipped\n" in text
    assert "rest           10  5 in parallel, approval, probe\n" in text
    assert text.index("canary") < text.index("rest")


def test_an_empty_fleet_is_reported_in_one_line():
    assert shown(Planned(Plan((), NOW, ""))) == "Plan: 0 targets\n"
    assert shown(Listed((), NOW)) == "Status: 0 targets\n"


def test_many_healthy_names_are_omitted():
    clusters = tuple(
        replace(cluster_plan(n), action=Action.IN_SYNC, reason="in sync", changes=(), diagnostics=())
        for n in range(60)
    )
    assert "cluster-0016" not in shown(Planned(Plan(clusters, NOW, "")))
    assert "cluster-0003" in shown(Planned(Plan(clusters[:8], NOW, "")))


def test_a_heading_is_a_command_line():
    assert heading("eksdns plan", RenderOptions(80)) == "$ eksdns plan\n"


CASES: list[tuple[Observed, StatusWord, str]] = [
    (NotInstalled(target(0).ref), StatusWord.NOT_INSTALLED, ""),
    (AutoMode(target(0).ref), StatusWord.AUTO_MODE, ""),
    (NotActive(target(0).ref, "CREATING"), StatusWord.NOT_ACTIVE, "CREATING"),
    (Connected(target(0).ref), StatusWord.CONNECTED, ""),
    (Unreachable(target(0).ref, denied(target(0).ref)), StatusWord.UNREACHABLE, ""),
    (Managed(target(0).ref, "v1", "DEGRADED", "{}"), StatusWord.MANAGED, "DEGRADED"),
]


@pytest.mark.parametrize(("found", "word", "status"), CASES)
def test_status_has_a_word_for_everything_that_is_found(found, word, status):
    made = row(target(0), found)
    assert (made.word, made.held.status) == (word, status)
    told = document(status_model((made,), "2026-01-02T03:04:05Z"))
    assert told["summary"] == {"targets": 1, **{each.value: int(each is word) for each in StatusWord}}


def test_status_shows_what_is_stored():
    values = '{"replicaCount": 3, "corefile": ".:53 {\\n health {\\n lameduck 12500ms\\n }\\n}\\n"}'
    text = shown(Listed((observed(0, values),), NOW))
    assert text.splitlines()[1].split() == [
        "team-00/eu-west-1/cluster-0000",
        "v1.11.4-eksbuild.51",
        "ACTIVE",
        "3",
        "12.5s",
    ]


def test_status_puts_the_place_above_the_names_in_a_narrow_terminal():
    text = shown(Listed((observed(0), observed(4)), NOW), 76)
    assert text.splitlines()[1:5] == [
        "team-00/eu-west-1",
        "  cluster-0000    v1.11.4-eksbuild.51  ACTIVE",
        "team-00/us-east-1",
        "  cluster-0004    v1.11.4-eksbuild.51  ACTIVE",
    ]


def test_status_reports_what_fails_once():
    issue = HealthIssue("InsufficientNumberOfReplicas", "too few", ("coredns-1", "coredns-2"))
    ill = [observed(n, status="DEGRADED", issues=(issue,)) for n in range(3)]
    rows = (*ill, observed(4, "{broken"), observed(5, status="UPDATING"), observed(6))
    text = shown(Listed(rows, NOW))
    assert "! 3 clusters unhealthy" in text
    assert (
        "! warning: InsufficientNumberOfReplicas: too few [addon-unhealthy]\n      coredns-1, coredns-2"
        in text
    )
    assert "invalid configurationValues: " in text
    assert "the add-on is UPDATING" in text
    assert "cluster-0006" not in text.partition("not well")[2]


@pytest.mark.parametrize(
    ("corefile", "seconds"),
    [
        (None, None),
        (3, None),
        (" \n", None),
        (".:53 {\n", None),
        (".:53 {\n errors\n}\n", 0),
        (OLD_COREFILE, 5),
        (NEW_COREFILE, 20),
        (".:53 {\n health {\n lameduck 500ms\n }\n}\n", 0.5),
    ],
)
def test_the_lameduck_of_a_stored_corefile_is_an_int_where_it_is_whole(corefile, seconds):
    found = lameduck_seconds(corefile)
    assert found == seconds
    assert type(found) is type(seconds)


def test_changes_that_are_not_applied_say_why():
    text = shown(Drifted(fleet_plan(20)))
    assert "terminationGracePeriodSeconds  not set → 45  (not applied: workload plane not available)" in text
    assert COREFILE.note == ""


KUBECTL = Owner("kubectl-edit", "Update", 1_767_225_600.0)
HELD, RUNS = "forward . /etc/resolv.conf", "forward . 10.0.0.2"
EDITS = (
    LiveField('corefile[".:53"].health.lameduck', "20s", "5s", "2s", KUBECTL, NAMED, is_held=True),
    LiveField('corefile[".:53"].forward', None, HELD, RUNS, KUBECTL, NAMED),
    LiveField("terminationGracePeriodSeconds", 45, None, 40, KUBECTL, NOT_NAMED),
)


@pytest.mark.parametrize("width", [40, 60, 80, 100, 120, 200])
def test_the_live_view_is_cut_at_no_width(width):
    entry = Entry(ClusterRef("1", "eu-west-1", "prod"), "drifted", "3 changes", live=EDITS)
    text = table(ReportModel(Kind.DRIFT, "2026-01-02T03:04:05Z", (entry,)), RenderOptions(width))
    assert max(map(len, text.splitlines())) <= width
    letters = Counter(re.sub(r"\s", "", text))
    for word in ('corefile[".:53"].forward', "forward./etc/resolv.conf", "forward.10.0.0.2", "kubectl-edit"):
        assert not Counter(word) - letters
    if width >= 80:
        assert "10.0.0.2" in text
        assert "kubectl-edit" in text
        assert "fails" in text
