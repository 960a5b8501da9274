"""The simulated clusters' Kubernetes API: rollouts."""

import json

from eksaddon.sim.eks.seeds import AddonSeed
from eksaddon.sim.kubernetes.pods import MOST_SHOWN
from eksaddon.sim.workload.state import ROLLOUT, Workload
from tests.support.sim_kubernetes import DEPLOYMENT, VERSION, Api


def test_a_rollout_takes_its_time_and_is_seen_to_end():
    api = Api()
    generation = api.deployment()["metadata"]["generation"]
    api.apply("eksdns", 45)
    begun = api.deployment()
    assert begun["metadata"]["generation"] == generation + 1
    assert begun["status"]["observedGeneration"] == generation
    sets = api.ask("GET", DEPLOYMENT.replace("deployments/coredns", "replicasets"))[1]["items"]
    assert len(sets) == 2
    api.now += ROLLOUT
    done = api.deployment()["status"]
    assert done["observedGeneration"] == generation + 1
    assert done["updatedReplicas"] == done["replicas"] == 2
    pods = api.ask("GET", "/api/v1/namespaces/kube-system/pods?labelSelector=k8s-app%3Dkube-dns")[1]["items"]
    assert len({pod["metadata"]["labels"]["pod-template-hash"] for pod in pods}) == 1


def test_a_stuck_rollout_never_ends():
    api = Api(Workload(stuck=True))
    api.apply("eksdns", 45)
    api.now += 1000 * ROLLOUT
    status = api.deployment()["status"]
    assert (status["replicas"], status["updatedReplicas"], status["availableReplicas"]) == (3, 2, 1)
    assert status["conditions"][1]["reason"] == "ProgressDeadlineExceeded"
    pods = api.ask("GET", "/api/v1/namespaces/kube-system/pods")[1]["items"]
    assert [pod["status"]["phase"] for pod in pods] == ["Pending", "Pending", "Running"]


def test_a_change_that_the_controller_has_not_seen_leaves_the_status_of_before():
    api = Api()
    before = api.deployment()["status"]
    api.apply("eksdns", 45)
    assert api.deployment()["status"] == before


def test_of_millions_of_pods_some_are_shown() -> None:
    api = Api(addon=AddonSeed(VERSION, json.dumps({"replicaCount": 2**31 - 1})))
    pods = api.ask("GET", "/api/v1/namespaces/kube-system/pods")[1]["items"]
    assert len(pods) == MOST_SHOWN
