"""`--addon-version` and `addonVersion`: planned, applied in one call, proven, and rolled back."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eksaddon.domain.target import ClusterRef
from eksaddon.sim.addon.update_script import Course, Problem
from tests.functional.conftest import Ended, Stage

PROD = ClusterRef("123456789012", "eu-west-1", "prod")
INSTALLED, NEWER, OLDER = "v1.11.4-eksbuild.51", "v1.13.2-eksbuild.21", "v1.11.4-eksbuild.28"
DEFAULT = "v1.12.4-eksbuild.18"
"""Of Kubernetes 1.34, which the cluster has."""


def version(stage: Stage) -> str:
    addon = stage.world.addon(PROD)
    assert addon is not None
    return addon.stored.version


def has(stage: Stage, installed: str) -> None:
    stage.world.change(PROD, lambda addon: replace(addon, stored=replace(addon.stored, version=installed)))


def sent(stage: Stage) -> list[dict[str, str]]:
    """The parameters of every UpdateAddon, oldest first."""
    addon = stage.world.addon(PROD)
    assert addon is not None
    return [dict(each.params) for each in addon.updates]


def cluster(ended: Ended) -> dict[str, Any]:
    (found,) = json.loads(ended.out)["clusters"]
    assert isinstance(found, dict)
    return found


def moved(stage: Stage, wanted: str, *more: str) -> Ended:
    return stage.call("apply", "--cluster", "prod", "--addon-version", wanted, "--yes", *more)


def planned(stage: Stage, wanted: str, *more: str) -> Ended:
    return stage.call("plan", "--cluster", "prod", "--addon-version", wanted, "-o", "json", *more)


def test_a_new_version_is_sent_with_the_whole_document_in_one_call(stage):
    before = stage.world.document(PROD)
    assert moved(stage, NEWER).code == 0
    (request,) = sent(stage)
    assert (version(stage), request["AddonVersion"]) == (NEWER, NEWER)
    assert request["ConfigurationValues"] == before == stage.world.document(PROD)


def test_a_cluster_whose_version_moves_is_described_once_for_versions_and_live_objects(stage):
    assert planned(stage, "default").code == 0
    assert (stage.count("DescribeCluster"), stage.count("list deployments")) == (1, 1)


def test_the_version_stays_out_of_an_update_of_the_configuration(stage):
    assert stage.call("apply", "--cluster", "prod", "--replicas", "4", "--yes").code == 0
    assert "AddonVersion" not in sent(stage)[0]


def test_version_and_configuration_are_changed_together(stage):
    assert moved(stage, NEWER, "--replicas", "4").code == 0
    (request,) = sent(stage)
    assert (version(stage), json.loads(request["ConfigurationValues"])["replicaCount"]) == (NEWER, 4)


def test_a_second_apply_changes_nothing(stage):
    assert moved(stage, NEWER).code == 0
    again = moved(stage, NEWER, "-o", "json")
    assert (again.code, cluster(again)["action"]) == (0, "inSync")
    assert len(sent(stage)) == 1


def test_the_plan_shows_from_and_to_and_what_that_brings(stage):
    found = cluster(planned(stage, NEWER))
    assert [(each["path"], each["before"], each["after"]) for each in found["changes"]] == [
        ("addonVersion", INSTALLED, NEWER)
    ]
    assert f"{NEWER} has new keys: trafficDistribution" in [each["summary"] for each in found["diagnostics"]]
    assert stage.count("UpdateAddon") == 0


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("default", DEFAULT),
        ("latest", NEWER),
        (f">={OLDER}", INSTALLED),
        (">=v1.12.1-eksbuild.2", DEFAULT),
        (">=v1.13.2-eksbuild.16", "v1.13.2-eksbuild.17"),
    ],
)
def test_default_latest_and_a_lower_bound_go_by_what_eks_offers(stage, wanted, expected):
    assert moved(stage, wanted).code == 0
    assert version(stage) == expected


def test_default_never_moves_back_on_its_own(stage):
    has(stage, NEWER)
    kept = planned(stage, "default")
    assert (kept.code, cluster(kept)["action"]) == (0, "inSync")
    newer = f"the installed {NEWER} is newer than {DEFAULT}, the default for Kubernetes 1.34; it is kept"
    assert newer in [each["summary"] for each in cluster(kept)["diagnostics"]]
    assert moved(stage, "default", "--allow-downgrade").code == 0
    assert version(stage) == DEFAULT


def test_an_exact_older_version_needs_consent(stage):
    refused = planned(stage, OLDER)
    assert (refused.code, cluster(refused)["action"]) == (5, "blocked")
    assert cluster(refused)["reason"] == f"{OLDER} would be a downgrade from {INSTALLED}"
    assert moved(stage, OLDER, "--allow-downgrade").code == 0
    assert version(stage) == OLDER


def test_a_version_that_eks_does_not_offer_blocks_before_any_write(stage):
    refused = planned(stage, "v1.14.3-eksbuild.14")
    assert (refused.code, cluster(refused)["action"]) == (5, "blocked")
    assert cluster(refused)["reason"] == "EKS does not offer v1.14.3-eksbuild.14 for Kubernetes 1.34"


def test_the_fleet_file_states_the_version_and_drift_compares_it(stage):
    Path("eksdns.yaml").write_text("version: 1\ncoredns: {addonVersion: default}\n")
    drifted = stage.call("drift", "--cluster", "prod", "-o", "json", "--detailed-exitcode")
    assert (drifted.code, cluster(drifted)["state"]) == (2, "drifted")
    assert stage.call("apply", "--cluster", "prod", "--yes").code == 0
    assert stage.call("drift", "--cluster", "prod", "--detailed-exitcode").code == 0
    explained = stage.call("explain", "123456789012/eu-west-1/prod")
    assert "addonVersion" in explained.out
    assert "eksdns.yaml:2" in explained.out


def test_a_waiver_keeps_the_version(stage):
    Path("eksdns.yaml").write_text(
        "version: 1\ncoredns: {addonVersion: default, replicaCount: 2}\nwaivers:\n"
        "  - {match: {cluster: prod}, path: addonVersion, owner: team, reason: freeze, until: 2099-01-01}\n"
    )
    kept = stage.call("plan", "--cluster", "prod", "-o", "json")
    assert cluster(kept)["action"] == "inSync"
    assert 'addonVersion "default" is waived until 2099-01-01' in kept.out.replace('\\"', '"')


def test_a_wrong_version_is_a_mistake_of_usage(stage):
    ended = planned(stage, "1.13.2")
    assert ended.code == 64
    assert "--addon-version: invalid add-on version '1.13.2'" in ended.err


def test_a_rollback_restores_version_and_document_together(stage):
    before = stage.world.document(PROD)
    run = json.loads(moved(stage, NEWER, "--replicas", "4", "-o", "json").out)["runId"]
    rolled = stage.call("rollback", run, "--yes", "-o", "json")
    assert (rolled.code, cluster(rolled)["outcome"]) == (0, "rolledBack")
    assert (version(stage), stage.world.document(PROD)) == (INSTALLED, before)
    assert [each["AddonVersion"] for each in sent(stage)] == [NEWER, INSTALLED]


def test_a_rollback_that_eks_does_not_accept_is_reported(stage):
    has(stage, "v1.10.1-eksbuild.38")
    shown = planned(stage, NEWER)
    text = "EKS no longer offers v1.10.1-eksbuild.38 for Kubernetes 1.34"
    assert text in "".join(each["summary"] for each in cluster(shown)["diagnostics"])
    run = json.loads(moved(stage, NEWER, "-o", "json").out)["runId"]
    rolled = stage.call("rollback", run, "--yes", "-o", "json")
    assert (rolled.code, cluster(rolled)["outcome"]) == (1, "failed")
    assert "Addon version specified is not supported" in cluster(rolled)["reason"]
    assert version(stage) == NEWER


def test_another_users_upgrade_makes_the_plan_stale(stage):
    assert planned(stage, NEWER, "--out", "plan.json").code == 0
    has(stage, DEFAULT)
    ended = stage.call("apply", "plan.json", "--yes", "-o", "json")
    assert (ended.code, cluster(ended)["outcome"]) == (5, "stale")
    assert cluster(ended)["reason"] == f"the add-on is {DEFAULT} now, the plan was made for {INSTALLED}"


def test_a_failed_update_says_which_version_is_stored(stage):
    course = Course(ends="Failed", keeps=False, errors=(Problem("InsufficientNumberOfReplicas", "no pods"),))
    stage.world.change(PROD, lambda addon: replace(addon, script=(course,)))
    ended = moved(stage, NEWER, "-o", "json")
    assert (ended.code, cluster(ended)["outcome"]) == (1, "failed")
    assert f"{INSTALLED} with the previous configuration is stored" in cluster(ended)["reason"]


def test_a_saved_plan_whose_version_was_changed_is_refused(stage):
    assert planned(stage, NEWER, "--out", "plan.json").code == 0
    text = Path("plan.json").read_text()
    Path("plan.json").write_text(text.replace(f'"version": "{NEWER}"', f'"version": "{DEFAULT}"'))
    assert stage.call("apply", "plan.json", "--yes").code in {5, 64}
    assert sent(stage) == []
