"""Waves with a probe, typed into the command line on simulated time: loss, no access, lateness, success."""

import html
import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from eksaddon.app.probing.in_cluster import ClusterProbeDocument
from tests.support.report.validating import check_document
from tests.support.walkthrough import Shell, run_on_record, shell

FLEET = """
version: 1
coredns: {replicaCount: 3}
accounts: [{id: "111122223333", name: shop, regions: [eu-west-1]}]
rollout:
  waves:
    - name: first
      select: {cluster: "a-*"}
      maxConcurrency: 1
      soak: 5m
      onFailure: ON_FAILURE
      gates: [{type: probe, from: FROM, rate: 100, image: x}]
    - {name: second, select: {cluster: "b-*"}}
"""
SCENARIO = """
version: 1
accounts: [{id: "111122223333", name: shop, regions: [eu-west-1]}]
documents: {plain: '{"replicaCount":2}'}
clusters:
  - {name: a-1, region: eu-west-1, addon: v1.11.4-eksbuild.51, document: plain}
  - {name: a-2, region: eu-west-1, addon: v1.11.4-eksbuild.51, document: plain, workload: WORKLOAD}
  - {name: b-1, region: eu-west-1, addon: v1.11.4-eksbuild.51, document: plain}
"""


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[object]:
    shells = []

    def start(workload: str = "{}", on_failure: str = "pause", source: str = "cluster") -> Shell:
        fleet = FLEET.replace("ON_FAILURE", on_failure).replace("FROM", source)
        (tmp_path / "fleet.yaml").write_text(fleet)
        (tmp_path / "scenario.yaml").write_text(SCENARIO.replace("WORKLOAD", workload))
        entered = shell(tmp_path / "fleet.yaml", tmp_path / "scenario.yaml")
        shells.append(entered)
        return entered.__enter__()

    yield start
    for each in shells:
        each.__exit__(None, None, None)


REPORTS = [f"--report={name}=out.{name}" for name in ("json", "markdown", "html")]
LOSS, LOST = "{dns: {lostOnChange: 12}}", 12


def test_a_wave_whose_lookups_are_answered_passes_and_every_report_has_the_figures(opened) -> None:
    here = opened()
    reports = [f"--report={name}=out.{name}" for name in ("json", "markdown", "html")]
    code, text = here.type("apply", "--all", "--yes", *reports)
    assert code == 0, text
    assert "wave first: probe started" in text
    told = re.search(r"probe pass: 0 of ([\d,]+) lookups lost in 2 clusters", " ".join(text.split()))
    assert told is not None, text
    document = json.loads(Path("out.json").read_text())
    wave = document["waves"][0]
    assert wave["gates"] == ["probe"]
    assert wave["probe"]["verdict"] == "pass"
    assert sum(each["asked"] for each in wave["probe"]["clusters"]) == int(told[1].replace(",", ""))
    assert told[0] in Path("out.markdown").read_text()
    assert "Lookups while clusters were changed" in Path("out.html").read_text()


@pytest.mark.parametrize(("on_failure", "rolled_back"), [("stop", False), ("rollback-wave", True)])
def test_lookups_over_time_show_the_loss_at_the_write_that_caused_it(opened, on_failure, rolled_back) -> None:
    here = opened(LOSS, on_failure)
    here.type("apply", "--all", "--yes", *REPORTS)
    probe = json.loads(Path("out.json").read_text())["waves"][0]["probe"]
    series, began = probe["overTime"], datetime.fromisoformat(probe["overTime"]["begin"])
    assert sum(series["asked"]) == sum(each["asked"] for each in probe["clusters"])
    assert sum(series["lost"]) == LOST
    writes = [one for one in probe["writes"] if not one["rollsBack"]]
    assert (len(probe["writes"]) > len(writes)) is rolled_back
    write = next(one for one in writes if one["name"] == "a-2")
    first = next(number for number, count in enumerate(series["lost"]) if count)
    at = began.timestamp() + first * series["sliceSeconds"]
    begin, end = (datetime.fromisoformat(write[key]).timestamp() for key in ("began", "until"))
    assert begin - series["sliceSeconds"] <= at <= end
    drawn = Path("out.html").read_text()
    assert ("shop/eu-west-1/a-2 is being rolled back" in drawn) is rolled_back
    assert "shop/eu-west-1/a-2 is being changed" in drawn
    journal = [json.loads(line.partition(" ")[2]) for line in run_on_record().read_text().splitlines()]
    kept = [len(json.dumps(one["series"])) for one in journal if "series" in one]
    assert kept
    assert max(kept) < 3000, "whatever the wave takes"


@pytest.mark.parametrize(
    ("on_failure", "code", "state", "updates"),
    [
        ("pause", 4, "paused", 1),
        ("stop", 3, "stopped", 1),
        ("rollback-wave", 1, "rolled back", 2),
    ],
)
def test_lost_lookups_end_the_wave_as_its_on_failure_says(opened, on_failure, code, state, updates) -> None:
    here = opened(LOSS, on_failure)
    reports = [f"--report={name}=out.{name}" for name in ("json", "markdown", "html")]
    ended, text = here.type("apply", "--all", "--yes", *reports)
    assert (ended, f" {state}: 3 targets" in text) == (code, True), text
    assert here.world.calls.counts["UpdateAddon"] == updates
    probe = json.loads(Path("out.json").read_text())["waves"][0]["probe"]
    assert (probe["verdict"], probe["clusters"][1]["lost"]) == ("fail", {"timeout": 12})
    assert "shop/eu-west-1/a-2" in probe["reasons"][0]
    for page in (text, Path("out.markdown").read_text(), Path("out.html").read_text()):
        assert "12 (12 timeout)" in page
    _, history = here.type("history", run_on_record().stem)
    assert "12 of" in history


@pytest.mark.parametrize(
    ("workload", "counted", "said"),
    [
        (
            "{dns: {countedOnChange: {panics: 2, servfail: 14}}}",
            {"pods": 2, "rises": {"panics": 2, "servfail": 14}, "unread": ""},
            "CoreDNS counted 2 panics, 14 SERVFAIL answers",
        ),
        (
            "{dns: {metrics: denied}}",
            {
                "pods": 0,
                "rises": {},
                "unread": "pods/proxy is not granted in kube-system (configs/access/probe.yaml)",
            },
            "CoreDNS's counters were not all read in 1 cluster (pods/proxy is not granted in kube-system",
        ),
    ],
    ids=["errors", "no access"],
)
def test_errors_that_coredns_counts_are_findings_in_every_report_and_fail_nothing(
    opened, workload, counted, said
) -> None:
    here = opened(workload)
    code, text = here.type("apply", "--all", "--yes", *REPORTS)
    assert code == 0, text
    probe = json.loads(Path("out.json").read_text())["waves"][0]["probe"]
    assert (probe["verdict"], probe["clusters"][1]["coredns"]) == ("pass", counted)
    for page in (text, Path("out.markdown").read_text(), Path("out.html").read_text()):
        assert said in " ".join(html.unescape(page).replace("\\", "").split())
    _, history = here.type("history", run_on_record().stem)
    assert said in " ".join(history.split())


@pytest.mark.parametrize(
    ("workload", "why"),
    [
        ("{api: no-entry}", "no-entry"),
        ("{dns: {answers: false}}", "no reply of any kind arrived"),
        ("{dns: {late: 0.5}}", "not sent in time"),
        ("{dns: {lostBefore: 3}}", "lookups failed (3 timeout)"),
    ],
)
def test_a_probe_that_cannot_run_pauses_before_anything_is_written(opened, workload, why) -> None:
    here = opened(workload, "rollback-wave")
    code, text = here.type("apply", "--all", "--yes")
    assert (code, why in " ".join(text.split())) == (4, True), text
    assert here.world.calls.counts.get("UpdateAddon", 0) == 0


def test_a_probe_from_here_asks_the_servers_of_the_command_line(opened) -> None:
    here = opened(LOSS, source="here")
    code, text = here.type("apply", "--all", "--yes", "--dns-server", "a-1=10.0.0.10")
    assert (code, "no DNS server is known" in text) == (4, True), text
    assert here.world.calls.counts.get("UpdateAddon", 0) == 0
    code, text = here.type("resume", run_on_record().stem, "--dns-server", "10.0.0.10")
    assert (code, "12 of" in text) == (4, True), text


@pytest.mark.parametrize(
    ("gates", "said"),
    [
        ("[{type: check, name: dns-probe}]", "the check dns-probe was replaced by the gate probe"),
        ("[{type: probe, from: cluster}]", "requires `image`"),
        ("[{type: probe}, {type: probe}]", "a wave has one probe at most"),
        ("[{type: probe, servers: [x]}]", "'x' is not an IP address"),
        ("[{type: probe, expect: ODD}]", "invalid expectation 'ODD'"),
        ("[{type: probe, maxLoss: 1}]", "1 is not a percentage"),
        ("[{type: probe, maxLoss: 101%}]", "invalid percentage '101%'"),
        ("[{type: probe, baseline: 0s}]", "'0s' is too short"),
        ("[{type: probe, servers: []}]", "not a list of DNS servers"),
    ],
)
def test_a_probe_that_cannot_be_read_is_refused_with_its_place(opened, gates, said) -> None:
    here = opened()
    Path("eksdns.yaml").write_text(
        f"version: 1\ncoredns: {{replicaCount: 3}}\nrollout: {{waves: [{{name: a, gates: {gates}}}]}}\n"
    )
    code, text = here.type("validate")
    assert (code, said in text, "eksdns.yaml:3" in text) == (1, True, True), text


IN_CLUSTER = ("probe", "--in-cluster", "--image", "x", "--cluster", "a-2", "--rate", "50")


@pytest.mark.parametrize(
    ("workload", "code", "said"),
    [
        ("{}", 0, "pass: lookups in shop/eu-west-1/a-2"),
        ("{dns: {lostBefore: 3}}", 1, "3 of 500 lookups failed (3 timeout)"),
        ("{api: no-entry}", 3, "the Kubernetes API cannot be used"),
    ],
)
def test_a_probe_in_a_cluster_ends_with_what_it_proved(opened, workload, code, said) -> None:
    here = opened(workload)
    ended, text = here.type(*IN_CLUSTER)
    assert (ended, said in text) == (code, True), text
    ended, text = here.type(*IN_CLUSTER, "-o", "json")
    document = json.loads(text[text.index("{") :])
    assert (ended, document["kind"]) == (code, "clusterProbe")
    check_document(document, ClusterProbeDocument)


def test_a_probe_in_a_cluster_reports_node_by_node_and_server_by_server(opened) -> None:
    _, text = opened().type(*IN_CLUSTER)
    assert "  node-1 -> kube-dns: 0 of 500 lookups lost" in text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("probe",), "no DNS server is given"),
        (("probe", "--in-cluster", "--cluster", "a-2"), "needs an image"),
        (
            ("probe", "--in-cluster", "--image", "x", "--all"),
            "3 clusters are in scope, but exactly one is required",
        ),
        (("probe", "--clean"), "--cluster"),
        (
            ("probe", "--in-cluster", "--image", "x", "--cluster", "a-2", "--expect", "ODD"),
            "invalid expectation",
        ),
    ],
)
def test_a_probe_that_cannot_be_meant_is_a_usage_error(opened, typed, said) -> None:
    code, text = opened().type(*typed)
    assert (code, said in text) == (64, True), text


def test_clean_says_what_it_removed_or_why_it_cannot(opened) -> None:
    here = opened("{api: no-entry}")
    assert here.type("probe", "--clean", "--cluster", "a-1") == (0, "no Jobs of probes found\n")
    code, text = here.type("probe", "--clean", "--cluster", "a-2")
    assert (code, "the Kubernetes API cannot be used" in text) == (1, True)
