"""What a Deployment says of a rollout at each point of it, by the real controllers."""

import pytest

from eksaddon.sim.kubernetes.rollout import DEADLINE as PROGRESS_DEADLINE
from tests.e2e.kube.cluster.api import Document
from tests.e2e.kube.edits import EKSDNS_MANAGER, termination
from tests.e2e.kube.rollouts import Rollout
from tests.e2e.kube.simulated import simulated

pytestmark = pytest.mark.e2e


def test_a_patch_is_a_new_generation_that_the_controller_then_observes(server):
    rollout = Rollout.begun(server)
    assert rollout.deployment["metadata"]["generation"] == 2
    rollout.reach(rollout.is_observed, "the controller has seen the patch")
    assert not rollout.is_complete()


def test_a_rollout_without_ready_pods_exceeds_its_deadline_and_keeps_an_old_pod(server):
    rollout = Rollout.begun(server)
    rollout.reach(rollout.is_stuck, "the deadline is exceeded, and an old pod is kept")
    assert rollout.status["availableReplicas"] == 1
    assert rollout.status["unavailableReplicas"] == 2


def test_a_stuck_rollout_ends_well_once_its_pods_start(server):
    rollout = Rollout.begun(server)
    rollout.reach(rollout.is_stuck, "the deadline is exceeded, and an old pod is kept")
    rollout.kubelet.starts_pods = rollout.kubelet.ends_pods = True
    rollout.reach(rollout.is_complete, "the rollout")
    assert rollout.progressing() == ("True", "NewReplicaSetAvailable")


def test_a_rollout_is_complete_by_its_counts_while_old_pods_still_end(server):
    rollout = Rollout.begun(server)
    rollout.kubelet.starts_pods = True
    rollout.reach(rollout.is_complete, "the new pods are ready")
    assert rollout.ending() == 2
    assert rollout.status["terminatingReplicas"] == 2
    rollout.kubelet.ends_pods = True
    rollout.reach(lambda: not rollout.ending(), "the old pods are gone")
    rollout.reach(lambda: rollout.status["terminatingReplicas"] == 0, "the status says so")


def said(status: Document) -> Document:
    """Counts, and the reason of Progressing; messages name ReplicaSets by hash."""
    counts = {name: count for name, count in status.items() if name.endswith("Replicas") and count}
    reasons = [one["reason"] for one in status["conditions"] if one["type"] == "Progressing"]
    return counts | {"replicas": status["replicas"], "progressing": reasons}


def test_a_simulated_rollout_that_is_stuck_says_what_a_real_one_says(server):
    rollout, simulation = Rollout.begun(server), simulated(kubernetes="1.36", stuck=True)
    rollout.kubelet.ends_pods = True
    rollout.reach(rollout.is_stuck, "the deadline is exceeded, and an old pod is kept")
    simulation.apply(termination(45, 5), EKSDNS_MANAGER)
    simulation.time.now += PROGRESS_DEADLINE
    assert said(simulation.get("Deployment", "coredns")["status"]) == said(rollout.status)


def test_a_simulated_rollout_that_is_over_says_what_a_real_one_says(server):
    rollout, simulation = Rollout.begun(server), simulated(kubernetes="1.36")
    rollout.kubelet.starts_pods = rollout.kubelet.ends_pods = True
    rollout.reach(rollout.is_complete, "the rollout")
    rollout.reach(lambda: not rollout.status["terminatingReplicas"], "the old pods are gone")
    simulation.apply(termination(45, 5), EKSDNS_MANAGER)
    simulation.time.now += PROGRESS_DEADLINE
    assert said(simulation.get("Deployment", "coredns")["status"]) == said(rollout.status)
