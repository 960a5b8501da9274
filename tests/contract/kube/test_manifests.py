"""ManifestReader over lightkube, on simulated clusters."""

import json
from dataclasses import replace

from eksaddon.domain.adoption import Manifests, NoCoreDns, member
from eksaddon.domain.workload import NotChecked
from eksaddon.sim.api.faults import Fault, Match, Refuse
from eksaddon.sim.workload.state import Reach
from tests.support.kube import REF, KubeStage


def test_objects_come_whole_and_are_json() -> None:
    found = KubeStage().kube.manifests(REF)
    assert isinstance(found, Manifests)
    assert member(found.deployment, "spec", "selector")["matchLabels"]
    assert found.config is not None
    assert found.config["data"] == {"Corefile": found.workload.corefile}
    assert [member(each, "metadata")["name"] for each in found.budgets] == ["coredns"]
    assert json.loads(json.dumps(found.objects)) == list(found.objects)


def test_the_fingerprint_depends_only_on_live_values() -> None:
    stage = KubeStage()
    first = stage.kube.manifests(REF)
    stage.now += 100
    again = stage.kube.manifests(REF)
    stage.set_by("kubectl-edit", grace=60)
    edited = stage.kube.manifests(REF)
    assert isinstance(first, Manifests)
    assert isinstance(again, Manifests)
    assert isinstance(edited, Manifests)
    assert first.fingerprint == again.fingerprint != edited.fingerprint


def test_no_deployment_is_distinguished_from_a_cluster_that_does_not_answer() -> None:
    stage = KubeStage()
    assert stage.kube.manifests(REF, "elsewhere") == NoCoreDns("elsewhere")
    stage.world.add_fault(Fault(Refuse(404, "NotFound", "no such page"), Match(operation="list deployments")))
    assert isinstance(stage.kube.manifests(REF), NotChecked)
    stage.world.clear_faults()
    stage.world.change_workload(REF, lambda old: replace(old, reach=Reach.UNREACHABLE))
    assert isinstance(KubeStage(stage.world.workload(REF)).kube.manifests(REF), NotChecked)
