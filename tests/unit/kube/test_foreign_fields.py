"""Which fields neither EKS nor eksdns owns."""

from eksaddon.domain.json import Json
from eksaddon.domain.workload import ForeignField, Owner
from eksaddon.kube.managed_fields import Entry, foreign, printed, value_at

KUBECTL, EKS, OURS = Owner("kubectl-edit", "Update", 5.0), Owner("eks", "Apply"), Owner("eksdns", "Apply")
CONTAINER = 'k:{"name":"coredns"}'
DEPLOYMENT: Json = {
    "spec": {
        "replicas": 3,
        "template": {
            "spec": {
                "terminationGracePeriodSeconds": 40,
                "containers": [
                    {"name": "coredns", "args": ["-conf"], "resources": {"limits": {"memory": "1Gi"}}}
                ],
            }
        },
    }
}


def fields(inner: Json) -> dict[str, Json]:
    return {
        "f:spec": {"f:template": {"f:spec": {"f:containers": {CONTAINER: {".": {}, "f:resources": inner}}}}}
    }


LIMIT = fields({"f:limits": {"f:memory": {}}})


def test_fields_of_other_managers_are_reported_with_value_and_owner() -> None:
    path = 'spec.template.spec.containers[name="coredns"].resources.limits.memory'
    assert foreign([Entry(KUBECTL, LIMIT)], "Deployment", DEPLOYMENT) == (
        ForeignField("Deployment", path, "1Gi", KUBECTL),
    )


def test_what_eks_or_eksdns_owns_as_well_is_not() -> None:
    for owner in (EKS, OURS):
        assert foreign([Entry(KUBECTL, LIMIT), Entry(owner, LIMIT)], "Deployment", DEPLOYMENT) == ()


def test_fields_that_are_told_one_by_one_are_not_told_again() -> None:
    said: Json = {"f:replicas": {}, "f:template": {"f:spec": {"f:terminationGracePeriodSeconds": {}}}}
    entries = [
        Entry(KUBECTL, {"f:spec": said, "f:status": {"f:replicas": {}}, "f:metadata": {"f:labels": {}}})
    ]
    assert foreign(entries, "Deployment", DEPLOYMENT) == ()
    assert foreign([Entry(KUBECTL, {"f:data": {"f:Corefile": {}}})], "ConfigMap", {}) == ()


def test_a_path_reads_as_in_conflicts_of_the_api_server() -> None:
    assert printed(("f:spec", 'k:{"port":53,"protocol":"UDP"}', "f:x")) == 'spec[port=53,protocol="UDP"].x'
    assert printed(("f:metadata", "f:finalizers", 'v:"a"')) == 'metadata.finalizers["a"]'


def test_values_are_found_by_key_and_by_member_and_are_none_where_nothing_stands() -> None:
    pod = ("f:spec", "f:template", "f:spec")
    assert value_at(DEPLOYMENT, (*pod, "f:containers", CONTAINER, "f:args")) == '["-conf"]'
    assert value_at(DEPLOYMENT, (*pod, "f:containers", CONTAINER, "f:args", 'v:"-conf"')) == "-conf"
    assert value_at(DEPLOYMENT, (*pod, "f:containers", CONTAINER, "f:args", 'v:"other"')) is None
    assert value_at(DEPLOYMENT, (*pod, "f:containers", 'k:{"name":"sidecar"}', "f:image")) is None
    assert value_at(DEPLOYMENT, ("f:spec", "f:replicas", "f:x", 'k:{"a":1}')) is None


def test_steps_that_no_server_writes_lead_nowhere() -> None:
    pod = ("f:spec", "f:template", "f:spec")
    for step in ("i:0", "k:[]", "k:5", 'k:"name"'):
        assert value_at(DEPLOYMENT, (*pod, "f:containers", step)) is None
        assert printed(("f:spec", step))
