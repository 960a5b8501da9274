"""CreateAddon over a CoreDNS that somebody else installed, and DeleteAddon that leaves it there."""

import json
from types import MappingProxyType

import pytest

from eksaddon.domain.adoption import Manifests, member
from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.json import JsonObject
from eksaddon.domain.observed import Managed, NotInstalled
from eksaddon.domain.target import Account
from eksaddon.domain.workload import RolledOut, RollingOut
from eksaddon.ports import CreateRequest
from eksaddon.schema import DEFAULT_VERSIONS
from tests.support.simulation import REF, Simulation, self_managed, simulate

VERSION = DEFAULT_VERSIONS["1.33"]
COREFILE = ".:53 {\n    whoami\n}\n"


def stage(workload: str = "") -> Simulation:
    simulation = simulate(self_managed(COREFILE, workload))
    simulation.book.learn(Account(REF.account))
    return simulation


def create(
    simulation: Simulation,
    mode: ResolveConflicts = ResolveConflicts.OVERWRITE,
    values: JsonObject = MappingProxyType({}),
) -> Managed:
    text = json.dumps({"corefile": COREFILE, **values})
    assert simulation.session.installer.create(REF, CreateRequest(VERSION, text, mode, "t")) is None
    simulation.clock.advance(60)
    found = simulation.session.addons.read(REF)
    assert isinstance(found, Managed)
    return found


def live(simulation: Simulation) -> Manifests:
    found = simulation.session.manifests.manifests(REF)
    assert isinstance(found, Manifests)
    return found


def image(found: Manifests) -> str:
    return json.dumps(member(found.deployment, "spec", "template", "spec")["containers"])


def test_a_conflict_leaves_everything_as_it_was() -> None:
    simulation = stage("replicas: 3, deployment: {template: {spec: {priorityClassName: high}}}")
    before = live(simulation)
    assert create(simulation, ResolveConflicts.NONE, {"replicaCount": 5}).status == "CREATE_FAILED"
    assert live(simulation).objects == before.objects


def test_taking_over_replaces_the_pods_and_keeps_what_eks_does_not_name() -> None:
    simulation = stage("replicas: 3, deployment: {template: {spec: {priorityClassName: high}}}")
    text = json.dumps({"corefile": COREFILE, "replicaCount": 3})
    request = CreateRequest(VERSION, text, ResolveConflicts.OVERWRITE, "t")
    simulation.session.installer.create(REF, request)
    simulation.clock.advance(5)
    assert isinstance(live(simulation).workload.rollout, RollingOut)
    simulation.clock.advance(60)
    found = live(simulation)
    assert (found.workload.rollout, found.workload.replicas) == (RolledOut(), 3)
    assert member(found.deployment, "spec", "template", "spec")["priorityClassName"] == "high"
    assert f"coredns:{VERSION}" in image(found)


def test_keys_of_the_configuration_reach_the_pods() -> None:
    simulation = stage()
    request: JsonObject = {
        "tolerations": [{"key": "dns", "operator": "Exists"}],
        "resources": {"limits": {"memory": "300Mi"}},
        "podLabels": {"team": "net"},
        "podAnnotations": {"note": "x"},
    }
    create(simulation, values=request)
    template = member(live(simulation).deployment, "spec", "template")
    assert member(template, "spec")["tolerations"] == request["tolerations"]
    assert member(template, "metadata", "labels")["team"] == "net"
    assert member(template, "metadata")["annotations"] == request["podAnnotations"]
    assert '"memory": "300Mi"' in image(live(simulation))


@pytest.mark.parametrize(("result", "status"), [("fails", "CREATE_FAILED"), ("degrades", "DEGRADED")])
def test_a_creation_goes_as_a_user_said_beforehand(result: str, status: str) -> None:
    found = create(stage(f"creates: [{{result: {result}, keeps: false}}]"))
    assert found.status == status
    assert [issue.code for issue in found.issues] == ["InsufficientNumberOfReplicas"]


def test_a_removed_addon_keeps_image_and_settings() -> None:
    simulation = stage("deployment: {template: {spec: {priorityClassName: high}}}")
    create(simulation, values={"resources": {"limits": {"memory": "300Mi"}}})
    before = live(simulation)
    assert simulation.session.installer.remove(REF) is None
    simulation.clock.advance(60)
    assert isinstance(simulation.session.addons.read(REF), NotInstalled)
    after = live(simulation)
    assert after.deployment["spec"] == before.deployment["spec"]
    assert create(simulation, ResolveConflicts.NONE).status == "ACTIVE"


def test_removing_unapplied_fields_changes_nothing() -> None:
    simulation = stage()
    before = live(simulation)
    create(simulation, ResolveConflicts.NONE, {"replicaCount": 5})
    simulation.session.installer.remove(REF)
    simulation.clock.advance(60)
    assert live(simulation).objects == before.objects


def test_others_budgets_scalers_and_files_are_there() -> None:
    simulation = stage(
        "files: {more: x}, budgets: [{name: own, minAvailable: 1}],"
        "scaler: {least: 2, most: 9}, build: v1.10.1"
    )
    found = live(simulation)
    assert found.config is not None
    assert found.config["data"] == {"Corefile": COREFILE, "more": "x"}
    assert [each.name for each in found.workload.budgets] == ["own"]
    assert [(each.least, each.most) for each in found.workload.scalers] == [(2, 9)]
    assert "coredns:v1.10.1" in image(found)
    create(simulation)
    assert [each.name for each in live(simulation).workload.budgets] == ["coredns", "own"]
