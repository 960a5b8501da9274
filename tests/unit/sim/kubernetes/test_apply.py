"""The simulated clusters' Kubernetes API: server-side apply and ownership."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.domain.json import JsonObject
from eksaddon.sim.eks.seeds import AddonSeed
from eksaddon.sim.http.messages import Reply, Request
from eksaddon.sim.workload.applying import Layer, termination_fields
from eksaddon.sim.workload.fields import fields_v1, flatten, printed, unflatten
from eksaddon.sim.workload.state import Workload
from tests.support.sim_kubernetes import DEPLOYMENT, KEY, REF, VERSION, Api


def pod_of(deployment: Any) -> Any:
    return deployment["spec"]["template"]["spec"]


def managers(deployment: Any) -> list[str]:
    return [each["manager"] for each in deployment["metadata"]["managedFields"]]


keys = st.sampled_from(["a", "b", "spec", "replicas"])

values = st.recursive(
    st.none() | st.booleans() | st.integers(0, 9) | st.text("xy", max_size=2) | st.lists(st.integers(0, 3)),
    lambda below: st.dictionaries(keys, below, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(keys, values, min_size=1, max_size=3))
def test_flattening_loses_nothing(document):
    assert unflatten(flatten(document)) == document


def test_items_of_keyed_lists_are_known_by_their_key():
    document: JsonObject = {"containers": [{"name": "coredns", "image": "x"}, {"name": "side", "args": []}]}
    fields = flatten(document)
    assert unflatten(fields) == document
    path = ("f:containers", 'k:{"name":"coredns"}', "f:image")
    assert path in fields
    assert printed(path) == '.containers[name="coredns"].image'
    assert fields_v1([path]) == {"f:containers": {'k:{"name":"coredns"}': {".": {}, "f:image": {}}}}


def test_an_apply_sets_both_fields_and_owns_them():
    api = Api()
    status, document = api.apply("eksdns", 45, 5)
    assert status == 200
    assert document == api.deployment()
    pod = pod_of(document)
    assert pod["terminationGracePeriodSeconds"] == 45
    assert pod["containers"][0]["lifecycle"] == {"preStop": {"sleep": {"seconds": 5}}}
    assert pod["containers"][0]["image"].endswith(VERSION)
    assert managers(document) == ["eks", "eksdns"]


def test_applying_fewer_fields_releases_the_others():
    api = Api()
    api.apply("eksdns", 45, 5)
    api.apply("eksdns", 45)
    assert "lifecycle" not in pod_of(api.deployment())["containers"][0]
    api.apply("eksdns")
    assert pod_of(api.deployment())["terminationGracePeriodSeconds"] == 30
    assert managers(api.deployment()) == ["eks"]


def test_a_dry_run_changes_nothing():
    api = Api()
    before = api.deployment()
    status, document = api.apply("eksdns", 45, dryRun="All")
    assert (status, pod_of(document)["terminationGracePeriodSeconds"]) == (200, 45)
    assert api.deployment() == before


def test_another_manager_is_in_the_way_until_it_is_forced():
    api = Api()
    api.apply("kubectl-edit", 20)
    status, refusal = api.apply("eksdns", 45)
    assert (status, refusal["reason"]) == (409, "Conflict")
    assert refusal["details"]["causes"] == [
        {
            "reason": "FieldManagerConflict",
            "message": 'conflict with "kubectl-edit"',
            "field": ".spec.template.spec.terminationGracePeriodSeconds",
        }
    ]
    assert pod_of(api.deployment())["terminationGracePeriodSeconds"] == 20
    assert api.apply("eksdns", 45, force="true")[0] == 200
    assert managers(api.deployment()) == ["eks", "eksdns"]


def test_fields_taken_from_eks_by_force_belong_to_eksdns():
    api = Api(Workload(owns_grace=True))
    api.apply("eksdns", 45, force="true")
    api.apply("eksdns")
    assert pod_of(api.deployment())["terminationGracePeriodSeconds"] == 30
    assert api.apply("helm", 45)[0] == 200


def test_an_edit_is_in_the_way_as_an_apply_is():
    edited = Layer("kubectl-edit", "Update", 0.0, termination_fields(60, 10))
    refusal = Api(Workload(layers=(edited,))).apply("eksdns", 45, 5)[1]
    assert refusal["message"].splitlines() == [
        'Apply failed with 2 conflicts: conflicts with "kubectl-edit" using apps/v1:',
        "- .spec.template.spec.terminationGracePeriodSeconds",
        '- .spec.template.spec.containers[name="coredns"].lifecycle.preStop.sleep.seconds',
    ]


def test_managers_that_agree_share_a_field():
    api = Api()
    api.apply("one", 45)
    assert api.apply("two", 45)[0] == 200
    assert managers(api.deployment()) == ["eks", "one", "two"]
    assert api.apply("two", 50)[0] == 409


@pytest.mark.parametrize(
    ("owns", "mode", "left", "replicas"),
    [
        (False, "NONE", 45, 3),
        (False, "PRESERVE", 45, 3),
        (False, "OVERWRITE", 45, 3),
        (True, "NONE", 45, 2),
        (True, "PRESERVE", 45, 3),
        (True, "OVERWRITE", 30, 3),
    ],
)
def test_an_update_treats_foreign_fields_by_its_mode(owns, mode, left, replicas):
    api = Api(Workload(owns_grace=owns))
    assert api.apply("eksdns", 45)[0] == (409 if owns else 200)
    assert api.apply("eksdns", 45, force="true")[0] == 200
    api.now += 100
    headers = {"authorization": f"Credential={KEY}/20270115/eu-west-1/eks/aws4_request"}
    body = json.dumps({"resolveConflicts": mode, "configurationValues": '{"replicaCount": 3}'}).encode()
    target = f"/clusters/{REF.name}/addons/coredns/update"
    answer = api.world.handle(Request("POST", target, headers, body)).answer
    assert isinstance(answer, Reply)
    assert answer.status == 200
    api.now += 100
    assert pod_of(api.deployment())["terminationGracePeriodSeconds"] == left
    assert api.deployment()["spec"]["replicas"] == replicas


@pytest.mark.parametrize(
    ("sleep", "grace", "kubernetes"),
    [(31, None, "1.33"), (46, 45, "1.33"), (-1, 45, "1.33"), (0, 45, "1.32")],
)
def test_a_sleep_has_to_fit_into_the_grace(sleep, grace, kubernetes):
    status, refusal = Api(kubernetes=kubernetes).apply("eksdns", grace, sleep)
    assert (status, refusal["reason"]) == (422, "Invalid")
    assert "terminationGracePeriodSeconds" in refusal["message"]


def test_an_old_server_knows_no_sleep_but_takes_the_grace():
    api = Api(kubernetes="1.29")
    assert api.apply("eksdns", 45, 5)[0] == 422
    assert api.apply("eksdns", 45)[0] == 200


def test_live_and_stored_values_may_differ():
    api = Api(addon=AddonSeed(VERSION, foreign={"corefile": ".:53 {\n}\n", "replicaCount": 5}))
    config = api.ask("GET", "/api/v1/namespaces/kube-system/configmaps/coredns")[1]
    assert config["data"]["Corefile"] == ".:53 {\n}\n"
    assert managers(config) == ["kubectl-edit"]
    assert api.deployment()["spec"]["replicas"] == 5
    assert managers(api.deployment()) == ["eks", "kubectl"]


@pytest.mark.parametrize(
    ("text", "budgets"),
    [
        (None, [{"maxUnavailable": 1}]),
        ('{"podDisruptionBudget": {"enabled": true, "minAvailable": 2}}', [{"minAvailable": 2}]),
        ('{"podDisruptionBudget": {"enabled": false}}', []),
    ],
)
def test_the_disruption_budget_is_the_configured_one(text, budgets):
    api = Api(addon=AddonSeed(VERSION, text))
    found = api.ask("GET", "/apis/policy/v1/namespaces/kube-system/poddisruptionbudgets")[1]["items"]
    assert [{k: v for k, v in each["spec"].items() if k != "selector"} for each in found] == budgets


def test_coredns_that_eks_does_not_manage_belongs_to_a_caller_who_installed_it():
    api = Api(Workload(corefile=".:53 {\n whoami\n}\n", replicas=3), addon=None)
    assert managers(api.deployment()) == ["kubectl-client-side-apply"]
    assert api.deployment()["spec"]["replicas"] == 3
    assert Api(addon=None).ask("GET", DEPLOYMENT)[0] == 404


def test_layers_from_the_scenario_are_there_from_the_start():
    layer = Layer("kubectl-edit", "Update", 0.0, termination_fields(60, 10))
    deployment = Api(Workload(layers=(layer,))).deployment()
    assert pod_of(deployment)["terminationGracePeriodSeconds"] == 60
    assert managers(deployment) == ["eks", "kubectl-edit"]
