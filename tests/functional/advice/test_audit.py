"""`eksdns audit` on simulated clusters: no fleet file, no write, every format."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from eksaddon.report.documents.published import AuditDocument
from eksaddon.report.format import Format
from eksaddon.rules.audit.table import CHECKS
from tests.support.audit_cases.clusters import corefile
from tests.support.audit_cases.page import PAGE, written
from tests.support.examples import one_quick
from tests.support.report.validating import check_document
from tests.support.walkthrough import Shell, shell

SELF_MADE = '".:53 {\\n  health\\n  ready\\n  kubernetes cluster.local\\n  forward . /etc/resolv.conf\\n}\\n"'
EKSDNS = "settings: [{manager: eksdns, operation: Apply, grace: 45, preStop: 5}]"
SCENARIO = f"""
version: 1
accounts: [{{id: "111122223333", name: shop, regions: [eu-west-1, us-east-1]}}]
documents:
  plain: '{{"replicaCount":2}}'
  one: '{{"replicaCount":1}}'
  good: {json.dumps({"values": {"replicaCount": 3}, "corefile": corefile()})}
clusters:
  - {{name: "web-{{n}}", count: 3, region: eu-west-1, addon: v1.11.4-eksbuild.51, document: plain}}
  - name: single
    region: eu-west-1
    addon: v1.14.7-eksbuild.10
    document: one
    workload: {{budgets: [{{name: extra, maxUnavailable: 1}}]}}
  - name: fine
    region: us-east-1
    addon: v1.14.7-eksbuild.10
    document: good
    addonTags: {{crossplane-kind: addon.eks.aws.upbound.io}}
    tags: {{alpha.eksctl.io/cluster-name: fine}}
    workload: {{{EKSDNS}, placement: {{nodeLocal: true}}}}
  - name: crowded
    region: us-east-1
    addon: v1.14.7-eksbuild.10
    document: good
    workload: {{{EKSDNS}, placement: {{nodes: 1}}}}
  - name: flat
    region: us-east-1
    addon: v1.14.7-eksbuild.10
    document: good
    workload: {{{EKSDNS}, placement: {{zones: 1}}}}
  - name: closed
    region: us-east-1
    addon: v1.14.7-eksbuild.10
    document: good
    workload: {{api: unreachable}}
  - name: deaf
    region: us-east-1
    addon: v1.14.7-eksbuild.10
    vpcDns: false
    document: good
    workload: {{{EKSDNS}}}
  - name: shut
    region: us-east-1
    addon: v1.14.7-eksbuild.10
    dnsPort: closed
    document: good
    workload: {{{EKSDNS}}}
  - name: long-answers
    region: us-east-1
    addon: v1.14.7-eksbuild.10
    dnsPort: tcp-closed
    document: good
    workload: {{{EKSDNS}}}
  - name: two-groups
    region: us-east-1
    addon: v1.14.7-eksbuild.10
    dnsPort: other-nodes-closed
    document: good
    workload: {{{EKSDNS}}}
  - name: no-answers
    region: us-east-1
    addon: v1.14.7-eksbuild.10
    dnsPort: acl-closed
    document: good
    workload: {{{EKSDNS}}}
  - name: shut-away
    region: us-east-1
    addon: v1.14.7-eksbuild.10
    dnsPort: closed
    document: good
    workload: {{api: unreachable}}
  - {{name: auto, region: us-east-1, addon: none, autoMode: true}}
  - {{name: young, region: us-east-1, addon: none, status: CREATING}}
  - {{name: selfmade, region: us-east-1, addon: none, workload: {{corefile: {SELF_MADE}}}}}
  - {{name: no-coredns, region: us-east-1, addon: none}}
  - {{name: denied, region: us-east-1, addon: v1.14.7-eksbuild.10, document: good}}
  - {{name: blind, region: us-east-1, addon: v1.14.7-eksbuild.10, document: good, workload: {{{EKSDNS}}}}}
faults:
  - {{kind: denied, match: {{cluster: denied}}}}
  - {{kind: denied, match: {{service: kubernetes, operation: "* nodes", cluster: blind}}}}
  - {{kind: denied, match: {{service: ec2, region: eu-west-1}}}}
  - {{kind: denied, match: {{service: kubernetes, operation: "* daemonsets", cluster: blind}}}}
"""


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    folder = tmp_path_factory.mktemp("audit")
    (folder / "fleet.yaml").write_text("version: 1\n")
    (folder / "scenario.yaml").write_text(SCENARIO)
    with shell(folder / "fleet.yaml", folder / "scenario.yaml") as one:
        Path("eksdns.yaml").unlink()
        yield one


@pytest.fixture(scope="module")
def document(here: Shell) -> dict[str, dict[str, object]]:
    """By cluster, after the whole document was checked against its schema."""
    code, text = here.type("audit", "-o", "json")
    found = json.loads(text[text.index("{") :])
    check_document(found, AuditDocument)
    assert code == 3
    assert sum(found["summary"].values()) == 2 * found["summary"]["targets"]
    return {each["name"]: each for each in found["clusters"]}


@pytest.mark.parametrize(
    ("name", "verdict", "grade", "reasons"),
    [
        ("web-1", "weak", "C", "short-shutdown reload-hang version-behind"),
        ("single", "atRisk", "F", "one-replica two-budgets short-shutdown"),
        ("fine", "good", "A", "corefile-stored node-local-dns managed-by managed-by"),
        ("crowded", "atRisk", "D", "one-node corefile-stored"),
        ("flat", "weak", "C", "one-zone corefile-stored"),
        ("closed", "unverified", None, "corefile-stored"),
        ("deaf", "atRisk", "D", "vpc-dns corefile-stored"),
        ("shut", "atRisk", "D", "dns-port corefile-stored"),
        ("long-answers", "weak", "C", "dns-port-tcp corefile-stored"),
        ("two-groups", "atRisk", "D", "dns-port corefile-stored"),
        ("no-answers", "atRisk", "D", "dns-acl corefile-stored"),
        ("shut-away", "unverified", None, "dns-port-cluster-group corefile-stored"),
        ("auto", "skipped", None, ""),
        ("young", "skipped", None, ""),
        ("denied", "unreachable", None, ""),
        ("no-coredns", "unverified", None, "self-managed"),
        (
            "selfmade",
            "atRisk",
            "D",
            "unprotected-shutdown no-budget no-spread reload-hang no-zone-spread self-managed",
        ),
        ("blind", "good", "A", "corefile-stored"),
    ],
)
def test_each_cluster_has_its_verdict_and_reasons_worst_first(
    document: dict[str, dict[str, object]], name: str, verdict: str, grade: str | None, reasons: str
) -> None:
    found = document[name]
    assert (found["verdict"], found["grade"]) == (verdict, grade)
    listed = found["reasons"]
    assert isinstance(listed, list)
    assert [each["check"] for each in listed] == reasons.split()
    assert all(each["sources"] for each in listed)


def test_what_was_not_read_is_named(document: dict[str, dict[str, object]]) -> None:
    assert "live objects were not read" in str(document["closed"]["unread"])
    assert "zones of the nodes" in str(document["blind"]["unread"])
    assert "NodeLocal DNSCache" in str(document["blind"]["unread"])
    assert document["fine"]["unread"] == []
    assert "DNS attributes of the VPC" in str(document["web-1"]["unread"])
    assert "port 53 to CoreDNS was not checked: access-denied" in str(document["web-1"]["unread"])
    assert "the addresses of CoreDNS pods are unknown" in str(document["shut-away"]["unread"])


def test_a_deployment_that_was_not_found_is_not_called_self_managed(
    document: dict[str, dict[str, object]],
) -> None:
    text = str(document["no-coredns"]["reasons"])
    assert "the managed add-on is not installed, and a CoreDNS Deployment was not read" in text
    assert "adopt" not in text


def test_nothing_is_written(here: Shell) -> None:
    before = len(here.world.calls)
    here.type("audit", "--cluster", "web-1")
    verbs = {call.operation.split()[0] for call in list(here.world.calls)[before:]}
    assert verbs <= {
        "ListClusters",
        "DescribeAddon",
        "DescribeCluster",
        "GetCallerIdentity",
        "ListRegions",
        "DescribeAddonVersions",
        "DescribeNetworkAcls",
        "DescribeNetworkInterfaces",
        "DescribeSecurityGroups",
        "DescribeVpcAttribute",
        "get",
        "list",
    }


@pytest.mark.parametrize("wanted", one_quick(Format, quick=3))
def test_every_format_names_the_worst_cluster_and_its_reason(here: Shell, wanted: Format) -> None:
    _, text = here.type("audit", "--cluster", "single", "--cluster", "fine", "-o", wanted.value)
    assert "single" in text
    assert "one replica" in text
    assert "set replicaCount to 2 or more" in text or wanted is Format.CSV


def test_equal_clusters_are_one_group_with_one_command(here: Shell) -> None:
    _, text = here.type("audit", "--cluster", "web-*", "-o", "table")
    assert "3 clusters weak" in text
    flat = " ".join(text.split())
    assert "first, for example: `eksdns plan --cluster 111122223333/eu-west-1/web-1 " in flat


def test_a_command_of_the_report_needs_no_region(here: Shell) -> None:
    code, text = here.type("status", "--cluster", "111122223333/us-east-1/fine")
    assert (code, "fine" in text) == (0, True)


def test_the_table_says_what_to_do_first_and_the_worst_comes_first(here: Shell) -> None:
    _, text = here.type("audit", "--cluster", "single", "--cluster", "fine", "--cluster", "flat")
    assert text.index("at risk") < text.index("1 cluster weak") < text.index("1 cluster good")
    assert "first: set replicaCount to 2 or more" in text
    assert "Crossplane manages the add-on" in text
    assert "it reverts changes within minutes" in " ".join(text.split())


@pytest.mark.parametrize(
    ("fail_on", "clusters", "code"),
    [
        ("high", ("single",), 1),
        ("high", ("flat",), 0),
        ("medium", ("flat",), 1),
        ("low", ("web-1",), 1),
        ("low", ("fine",), 0),
        ("high", ("fine", "denied"), 3),
        ("never", ("single", "denied"), 0),
    ],
)
def test_fail_on_decides_the_exit_code(
    here: Shell, fail_on: str, clusters: tuple[str, ...], code: int
) -> None:
    chosen = [part for name in clusters for part in ("--cluster", name)]
    assert here.type("audit", "--fail-on", fail_on, *chosen)[0] == code


def test_a_shorter_propagation_changes_the_verdict(here: Shell) -> None:
    _, text = here.type("audit", "--cluster", "web-1", "--propagation", "2s", "-o", "json")
    (found,) = json.loads(text[text.index("{") :])["clusters"]
    assert [each["check"] for each in found["reasons"]] == ["reload-hang", "version-behind"]


def test_audits_can_be_merged(here: Shell) -> None:
    here.type("audit", "--cluster", "single", "--report", "json=a.json")
    here.type("audit", "--cluster", "fine", "--report", "json=b.json")
    code, text = here.type("report", "merge", "a.json", "b.json")
    assert (code, "one replica" in text, "first: set replicaCount" in text) == (0, True, True)


def test_the_table_of_checks_in_the_documentation_is_that_of_the_code() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == written(page), "python -m tests.support.audit_cases.page"
    assert len(CHECKS) > 40
