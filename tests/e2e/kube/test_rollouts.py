"""What a Deployment says of a rollout at each point of it, by the real controllers."""

import pytest

from tests.e2e.kube.rollouts import Rollout

pytestmark = pytest.mark.e2e


def test_a_patch_is_a_new_generation_that_the_controller_then_observes(server):
    rollout = Rollout.begun(server)
    assert rollout.deployment["metadata"]["generation"] == 2
    rollout.reach(rollout.is_observed, "the controller has seen the patch")
    assert not rollout.is_complete()


def test_a_rollout_without_ready_pods_exceeds_its_deadline_and_keeps_an_old_pod(server):
    rollout = Rollout.begun(server)
    rollout.reach(rollout.is_past_its_deadline, "the deadline is exceeded")
    assert rollout.status["availableReplicas"] == 1
    assert rollout.status["unavailableReplicas"] == 2


def test_a_stuck_rollout_ends_well_once_its_pods_start(server):
    rollout = Rollout.begun(server)
    rollout.reach(rollout.is_past_its_deadline, "the deadline is exceeded")
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
