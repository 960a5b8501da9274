"""A self-managed CoreDNS becomes the managed add-on, on simulated EKS."""

import json
from pathlib import Path

import pytest

from eksaddon.app.adopt.adopt import Begun, Fresh, execute_adoption, exit_code
from eksaddon.app.adopt.saved import saved_adoptions
from eksaddon.apply.adopt import Ending
from eksaddon.domain.adoption import member
from eksaddon.domain.cause import Cause
from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.observed import NotInstalled
from eksaddon.domain.run.outcome import Changed, Failed, RolledBack, Unproven
from eksaddon.schema import DEFAULT_VERSIONS
from eksaddon.sim.api.faults import Deny
from tests.support.adoption import (
    COREFILE,
    FLEET,
    RICH,
    SILENT,
    adopted,
    fault,
    held,
    live,
    prepared,
    stage,
    undone,
    writes,
)
from tests.support.simulation import REF, Simulation, self_managed, simulate

VERSION = DEFAULT_VERSIONS["1.33"]


def test_the_addon_stores_the_live_values_and_pods_keep_running(tmp_path: Path) -> None:
    simulation = stage(RICH)
    ending = adopted(simulation, tmp_path)
    assert ending == Ending(Changed(""))
    stored = json.loads(held(simulation).text or "")
    assert stored == {
        "replicaCount": 4,
        "tolerations": [{"key": "dns", "operator": "Exists"}],
        "podDisruptionBudget": {"enabled": True, "minAvailable": 2},
        "corefile": COREFILE,
    }
    found = live(simulation)
    runs = found.workload
    assert (held(simulation).version, held(simulation).status) == (VERSION, "ACTIVE")
    assert runs.corefile == COREFILE
    assert (runs.replicas, runs.grace_seconds, runs.pre_stop_seconds) == (4, 45, 5)
    assert member(found.deployment, "spec", "template", "spec")["priorityClassName"] == "high"
    assert [each.min_available for each in found.workload.budgets] == ["2"]
    assert member(found.config or {}, "data")["corp.db"] == "x"
    assert writes(simulation) == ["CreateAddon"]


def test_a_plan_reads_and_writes_nothing(tmp_path: Path) -> None:
    simulation = stage()
    begin = prepared(simulation, tmp_path)
    assert isinstance(begin, Fresh)
    assert begin.plan.errors == ()
    assert (writes(simulation), list(tmp_path.iterdir())) == ([], [])


def test_live_objects_are_saved_as_a_list_that_kubectl_accepts(tmp_path: Path) -> None:
    simulation = stage(RICH)
    adopted(simulation, tmp_path)
    (path,) = tmp_path.iterdir()
    assert path.stat().st_mode & 0o077 == 0
    saved = json.loads(path.read_text())
    assert (saved["apiVersion"], saved["kind"]) == ("v1", "List")
    kinds = [item["kind"] for item in saved["items"]]
    assert kinds == ["ConfigMap", "Deployment", "PodDisruptionBudget"]
    assert saved["items"][0]["data"] == {"Corefile": COREFILE, "corp.db": "x"}
    for item in saved["items"]:
        assert not {"status"} & set(item)
        assert not {"managedFields", "resourceVersion", "uid"} & set(item["metadata"])


def test_desired_values_and_another_version_are_taken_along(tmp_path: Path) -> None:
    simulation = stage()
    fleet = FLEET + "coredns: {lameduck: 10s, replicaCount: 3}\n"
    assert adopted(simulation, tmp_path, fleet, version="v1.12.4-eksbuild.29").outcome == Changed("")
    assert held(simulation).version == "v1.12.4-eksbuild.29"
    assert live(simulation).workload.corefile == COREFILE.replace("5s ", "10s ")
    assert live(simulation).workload.replicas == 3


def test_a_pod_that_is_late_is_waited_for_and_one_that_never_comes_is_reported(tmp_path: Path) -> None:
    simulation = stage("stuck: true")
    ending = adopted(simulation, tmp_path)
    assert isinstance(ending.outcome, Failed)
    assert "rollout is stuck" in ending.outcome.trouble.message
    assert any("is unchanged" in sentence for sentence in ending.there)


def test_without_permission_to_take_over_nothing_starts(tmp_path: Path) -> None:
    begin = prepared(stage(), tmp_path, resolve_conflicts=ResolveConflicts.NONE)
    assert [one.rule for one in begin.plan.errors] == ["adopt-conflicts"]


def test_a_conflict_that_only_eks_sees_leaves_all_as_it_was_and_is_reported(tmp_path: Path) -> None:
    simulation = stage("creates: [{result: fails, keeps: false, code: ConfigurationConflict}]")
    before = live(simulation)
    ending = adopted(simulation, tmp_path)
    assert isinstance(ending.outcome, Failed)
    assert ending.outcome.trouble.cause is Cause.CONFLICT
    assert ending.there == (
        f"EKS reports add-on {VERSION}, CREATE_FAILED",
        "the live Corefile is unchanged",
        "2 pods are running, all from one template",
    )
    assert live(simulation).objects == before.objects


def test_after_a_failure_the_addon_is_removed_and_the_next_try_succeeds(tmp_path: Path) -> None:
    simulation = stage("creates: [{result: fails, keeps: false, code: AdmissionRequestDenied}]")
    before = live(simulation)
    first = adopted(simulation, tmp_path)
    assert isinstance(first.outcome, Failed)
    again = adopted(simulation, tmp_path)  # goes on with the same, and writes nothing
    assert again.outcome == first.outcome
    assert undone(simulation, tmp_path) == Ending(RolledBack(""))
    assert live(simulation).objects == before.objects
    assert adopted(simulation, tmp_path).outcome == Changed("")
    assert writes(simulation) == ["CreateAddon", "DeleteAddon", "CreateAddon"]


def test_undoing_leaves_everything_running(tmp_path: Path) -> None:
    simulation = stage(RICH)
    adopted(simulation, tmp_path)
    before = live(simulation)
    assert undone(simulation, tmp_path) == Ending(RolledBack(""))
    assert isinstance(simulation.session.addons.read(REF), NotInstalled)
    after = live(simulation)
    assert after.deployment["spec"] == before.deployment["spec"]
    assert after.workload.corefile == COREFILE


def test_an_unhealthy_addon_is_a_failure_that_says_so(tmp_path: Path) -> None:
    ending = adopted(stage("creates: [{result: degrades}]"), tmp_path)
    assert isinstance(ending.outcome, Failed)
    assert (ending.outcome.trouble.cause, exit_code(ending.outcome)) == (Cause.UNHEALTHY, ExitCode.ERROR)
    assert "InsufficientNumberOfReplicas" in ending.outcome.trouble.message


def test_an_addon_that_stays_creating_is_not_known_to_have_failed(tmp_path: Path) -> None:
    ending = adopted(stage("creates: [{result: stuck}]"), tmp_path)
    assert isinstance(ending.outcome, Unproven)
    assert ending.outcome.trouble.cause is Cause.STILL_RUNNING


def refused(simulation: Simulation, place: Path, version: str | None = None) -> EksdnsError:
    with pytest.raises(EksdnsError) as caught:
        prepared(simulation, place, version=version)
    assert writes(simulation) == []
    return caught.value


REFUSALS: list[tuple[str, str]] = [
    ("addon: v1.12.4-eksbuild.18", "CoreDNS is already the managed add-on (v1.12.4-eksbuild.18, ACTIVE)"),
    ("addon: v1.12.4-eksbuild.18, addonStatus: CREATING", "the add-on is being created"),
    ("addon: none, autoMode: true", "EKS Auto Mode provides its own cluster DNS"),
    ("addon: none, status: CREATING", "the cluster is CREATING"),
    ("addon: none", "there is no Deployment coredns in kube-system"),
    ("addon: none, workload: {corefile: x, api: no-entry}", "its Corefile cannot be imported"),
]


@pytest.mark.parametrize(("cluster", "said"), REFUSALS, ids=[said for _, said in REFUSALS])
def test_a_cluster_that_cannot_be_adopted_is_refused_with_the_reason(
    cluster: str, said: str, tmp_path: Path
) -> None:
    simulation = simulate(
        f"""
        version: 1
        accounts: [{{id: "{REF.account}", name: shop, regions: [{REF.region}]}}]
        clusters: [{{name: prod, region: {REF.region}, {cluster}}}]
        """
    )
    error = refused(simulation, tmp_path)
    assert said in error.message
    assert error.hint
    assert error.exit_code is ExitCode.REFUSED


def test_a_coredns_beside_auto_mode_is_adopted_and_removed_as_any_other(tmp_path: Path) -> None:
    scenario = self_managed(COREFILE).replace("addon: none", "addon: none\n            autoMode: true")
    simulation = simulate(scenario)
    assert adopted(simulation, tmp_path) == Ending(Changed(""))
    assert undone(simulation, tmp_path) == Ending(RolledBack(""))


def test_an_account_that_does_not_answer_is_an_error(tmp_path: Path) -> None:
    simulation = stage()
    simulation.world.add_fault(fault(Deny(), "DescribeAddon"))
    simulation.world.add_fault(fault(Deny(), "ListAddons"))
    assert refused(simulation, tmp_path).exit_code is ExitCode.ERROR
    lost = stage()
    lost.world.add_fault(fault(Deny(), "ListClusters"))
    assert refused(lost, tmp_path).exit_code is ExitCode.ERROR


@pytest.mark.parametrize("wanted", [None, VERSION])
def test_versions_that_cannot_be_listed_are_an_error(wanted: str | None, tmp_path: Path) -> None:
    simulation = stage()
    simulation.world.add_fault(fault(Deny(), "DescribeAddonVersions"))
    assert refused(simulation, tmp_path, version=wanted).exit_code is ExitCode.ERROR


def test_a_version_that_eks_does_not_offer_there_is_a_mistake_of_the_caller(tmp_path: Path) -> None:
    error = refused(stage(), tmp_path, version="v1.8.7-eksbuild.1")
    assert error.exit_code is ExitCode.USAGE
    assert "available: v1.13.2-eksbuild.21" in error.hint


def test_nothing_to_remove_is_reported(tmp_path: Path) -> None:
    simulation = stage()
    with pytest.raises(EksdnsError, match="has no managed CoreDNS add-on"):
        undone(simulation, tmp_path)
    execute_adoption(prepared(simulation, tmp_path), simulation.session, SILENT)
    simulation.session.installer.remove(REF)
    assert isinstance(undone(simulation, tmp_path).outcome, RolledBack), "somebody's deletion is followed"
    assert isinstance(undone(simulation, tmp_path).outcome, RolledBack), "and proven again where it is gone"
    assert simulation.count("DeleteAddon") == 1
    simulation.world.add_fault(fault(Deny(), "DescribeAddon"))
    simulation.world.add_fault(fault(Deny(), "ListAddons"))
    with pytest.raises(EksdnsError) as caught:
        undone(simulation, tmp_path)
    assert caught.value.exit_code is ExitCode.ERROR


def test_a_file_that_holds_something_else_is_never_written_over(tmp_path: Path) -> None:
    simulation, path = stage(), tmp_path / "before.json"
    path.write_text("mine")
    begin = prepared(simulation, tmp_path / "x", save=path)
    with pytest.raises(EksdnsError, match="is not an adoption backup of this cluster") as caught:
        execute_adoption(begin, simulation.session, SILENT)
    assert (caught.value.exit_code, path.read_text(), writes(simulation)) == (ExitCode.REFUSED, "mine", [])


def test_a_named_file_is_found_again_and_damaged_ones_are_none(tmp_path: Path) -> None:
    simulation, path = stage(), tmp_path / "before.json"
    adopted(simulation, tmp_path, save=path)
    assert isinstance(prepared(simulation, tmp_path, save=path), Begun)
    assert isinstance(prepared(simulation, tmp_path, save=path), Begun)
    folder = tmp_path / "folder"
    folder.mkdir()
    document = json.loads(path.read_text())
    for number, text in enumerate(["", "[]", "{}", json.dumps({**document, "items": None})]):
        (folder / f"{REF.account}_{REF.region}_{REF.name}_{number}.json").write_text(text)
    assert [one.corefile for one in saved_adoptions(folder, str(REF))] == [""]
    assert list(saved_adoptions(path, "1/x/other")) == []
