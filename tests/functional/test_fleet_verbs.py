"""Verbs around the main job: files, explanations, schemas, parts of a fleet."""

import json
from pathlib import Path

import pytest

from eksaddon.domain.target import ClusterRef
from eksaddon.sim.api.faults import Fault, Match, Refuse
from eksaddon.sim.eks.seeds import AddonSeed
from eksaddon.sim.resources import Cluster

FILE = """
version: 1
coredns: {lameduck: 20s, replicaCount: 3}
overrides:
  - match: {cluster: "prod*"}
    coredns: {replicaCount: 6}
"""


def test_init_blank_writes_a_file_that_validates_and_manages_nothing(bare):
    assert bare("init", "--blank").code == 0
    ended = bare("validate", "eksdns.yaml", "--addon-version", "v1.11.4-eksbuild.51")
    assert ended.code == 0
    assert bare("init", "--blank").code == 5, "a file that is there is not replaced"
    assert bare("init").code == 5


def test_explain_names_the_line_that_won_and_asks_no_one_about_a_cluster_of_the_file(bare, tmp_path):
    account = "accounts: [{id: '111122223333', name: shop, regions: [eu-west-1]}]\n"
    (tmp_path / "eksdns.yaml").write_text(f"{FILE}{account}clusters: [{{name: prod-1}}]\n")
    ended = bare("explain", "prod-1")
    assert "replicaCount = 6  eksdns.yaml:6:15 (overrides[0])" in ended.out
    assert "overrides 3  eksdns.yaml:3:26 (coredns)" in ended.out


@pytest.mark.parametrize(
    "args",
    [
        ("schema",),
        ("schema", "v1.8.0-eksbuild.1"),
        ("schema", "--config"),
        ("schema", "--output-kind", "run"),
        ("schema", "--output-kind", "planFile"),
        ("schema", "--output-kind", "doctor"),
    ],
)
def test_schemas_are_json(bare, args):
    assert "$schema" in json.loads(bare(*args).out)


def test_an_unknown_schema_is_an_error(bare):
    assert bare("schema", "v0.0.1-eksbuild.1").code == 64
    assert bare("schema", "--output-kind", "poem").code == 64


@pytest.mark.parametrize(
    ("limit", "code"), [("minAvailable: 1", 1), ("minAvailable: 1, maxUnavailable: null", 0)]
)
def test_validate_refuses_a_budget_with_two_limits_even_from_two_layers(bare, tmp_path, limit, code):
    (tmp_path / "eksdns.yaml").write_text(
        "version: 1\ncoredns: {podDisruptionBudget: {enabled: true, maxUnavailable: 1}}\noverrides:\n"
        f'  - match: {{cluster: "prod*"}}\n    coredns: {{podDisruptionBudget: {{{limit}}}}}\n'
    )
    ended = bare("validate")
    assert ended.code == code
    found = "overrides[0]: eksdns.yaml:5:37: podDisruptionBudget has both minAvailable and maxUnavailable"
    assert (found in ended.err) == bool(code)
    assert ("hint: remove one, in the fleet file with `minAvailable: null`" in ended.err) == bool(code)


def test_validate_finds_what_no_schema_states(bare, tmp_path):
    (tmp_path / "eksdns.yaml").write_text(
        "version: 1\ncoredns: {replicaCount: 3, podDisruptionBudget: {maxUnavailable: 0}}\n"
    )
    ended = bare("validate", "--addon-version", "v1.11.4-eksbuild.51")
    assert ended.code == 1
    assert "no eviction of 3 pods" in ended.err


def test_status_needs_no_desired_state(stage):
    ended = stage.call("status", "--all", "-o", "json")
    summary = json.loads(ended.out)["summary"]
    assert summary.pop("targets") == sum(summary.values()) == 8
    assert ended.code == 3


def test_a_matrix_deals_out_accounts(stage):
    ended = stage.call("matrix", "--shards", "4")
    assert json.loads(ended.out) == {"include": [{"shard": 1, "of": 1}]}


def test_reports_are_written_beside_stdout_and_merged(stage, tmp_path):
    args = ("plan", "--cluster", "prod", "--lameduck", "20s")
    ended = stage.call(*args, "-o", "json", "--report", "json=one.json", "--report", "csv=one.csv")
    assert json.loads((tmp_path / "one.json").read_text()) == json.loads(ended.out)
    stage.call("plan", "--cluster", "dev-*", "--lameduck", "20s", "--report", "json=two.json")
    merged = stage.call("report", "merge", "one.json", "two.json", "-o", "json")
    assert json.loads(merged.out)["summary"]["targets"] == 3
    assert stage.call("report", "merge", "one.json", "one.json").code == 1


def test_a_report_that_cannot_be_written_is_an_error(stage):
    ended = stage.call(
        "plan", "--cluster", "prod", "--lameduck", "20s", "--report", "json=no/such/folder.json"
    )
    assert ended.code == 1
    assert "no/such/folder.json" in ended.err
    assert ended.out == "", "found out before anything is read"


def test_drift_with_history_asks_once_for_each_drifted_cluster(stage):
    assert stage.call("apply", "--cluster", "prod", "--lameduck", "20s", "--yes").code == 0
    args = ("drift", "--cluster", "prod,dev-*", "--lameduck", "25s", "--history")
    before = stage.count("ListUpdates")
    ended = stage.call(*args, "-o", "json", "--report", "table=t.txt", "--report", "markdown=m.md")
    assert stage.count("ListUpdates") - before == 3
    told = {one["name"]: one["lastUpdate"] for one in json.loads(ended.out)["clusters"]}
    assert told["prod"]["status"] == "Successful"
    assert "ConfigurationValues" in told["prod"]["sent"]
    assert told["dev-1"] == {"id": None, "at": None, "status": "none", "sent": [], "detail": ""}
    for name in ("t.txt", "m.md"):
        text = Path(name).read_text()
        assert "EKS does not record the author" in text
        assert "no update known to EKS" in text
    assert all(
        "lastUpdate" not in one for one in json.loads(stage.call(*args[:-1], "-o", "json").out)["clusters"]
    )


def test_history_that_eks_does_not_give_is_reported(stage):
    stage.world.add_fault(Fault(Refuse(403, "AccessDeniedException", "no"), Match(operation="ListUpdates")))
    ended = stage.call("drift", "--cluster", "prod", "--lameduck", "20s", "--history", "-o", "json")
    (cluster,) = json.loads(ended.out)["clusters"]
    assert cluster["lastUpdate"]["status"] == "unknown"
    assert "access-denied" in cluster["lastUpdate"]["detail"]


WAIVED = """
version: 1
coredns: {lameduck: 20s, replicaCount: 3}
overrides:
  - match: {cluster: "prot*"}
    coredns: {replicaCount: 6}
waivers:
  - {match: {cluster: prod}, path: replicaCount, owner: ann, reason: black friday, until: "2999-01-01"}
"""


def test_waived_fields_and_overrides_that_match_nothing_are_reported(stage, tmp_path):
    (tmp_path / "eksdns.yaml").write_text(WAIVED)
    ended = stage.call("plan", "--cluster", "prod", "-o", "json")
    (cluster,) = json.loads(ended.out)["clusters"]
    assert "replicaCount" not in {change["path"] for change in cluster["changes"]}
    (waived,) = [one for one in cluster["diagnostics"] if one["rule"] == "waived"]
    assert waived["summary"] == "replicaCount 3 is waived until 2999-01-01"
    assert waived["detail"] == "ann: black friday"
    assert "matches no cluster" not in ended.err, "not every cluster was looked for"
    assert "overrides[0] matches no cluster" in stage.call("plan", "--all").err


def test_a_default_that_is_inferred_is_called_so(stage):
    stage.world.add_cluster(
        Cluster(ClusterRef("123456789012", "eu-west-1", "old"), 0.0, "1.27"),
        [AddonSeed("v1.10.1-eksbuild.2")],
    )
    ended = stage.call("plan", "--cluster", "old", "--lameduck", "20s", "--no-live", "-o", "json")
    (cluster,) = json.loads(ended.out)["clusters"]
    assert any("is not published" in one["summary"] for one in cluster["diagnostics"])
