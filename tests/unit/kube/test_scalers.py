"""Autoscalers of CoreDNS, of every kind that eksdns looks for."""

import json
from typing import cast

import msgspec
import pytest
from lightkube.resources.apps_v1 import Deployment
from lightkube.resources.autoscaling_v2 import HorizontalPodAutoscaler

from eksaddon.domain.workload import Scaler, ScalerKind
from eksaddon.kube.scalers import horizontal, proportional, scaled_by_keda

NAMESPACE = "kube-system"
CPA = Scaler("dns-autoscaler", None, None, ScalerKind.PROPORTIONAL)


def deployment(*words: str, replicas: int | None = 1, **container: object) -> Deployment:
    own = {"name": "autoscaler", "image": "cpa", "command": list(words), **container}
    template = {"metadata": {}, "spec": {"containers": [own]}}
    spec = {"replicas": replicas, "selector": {}, "template": template}
    return cast("Deployment", Deployment.from_dict({"metadata": {"name": "dns-autoscaler"}, "spec": spec}))


@pytest.mark.parametrize(
    "found",
    [
        deployment("/cpa", "--namespace=kube-system", "--target=Deployment/coredns"),
        deployment("/cpa", "--target", "deployment/coredns"),
        deployment("/cpa", "-target=DEPLOYMENT/coredns"),
        deployment("/cpa", "--target=deployment/web, deployment/coredns", replicas=None),
        deployment("/cpa", args=["--target=deployment/coredns"]),
    ],
)
def test_a_proportional_autoscaler_is_known_by_its_target(found: Deployment) -> None:
    assert tuple(proportional([found], NAMESPACE)) == (CPA,)


@pytest.mark.parametrize(
    "found",
    [
        deployment("/cpa", "--target=deployment/web"),
        deployment("/cpa", "--target=replicaset/coredns"),
        deployment("/cpa", "--namespace=other", "--target=deployment/coredns"),
        deployment("/cpa", "--target=deployment/coredns", replicas=0),
        deployment("/cpa", "--target"),
        deployment("/app", "deployment/coredns"),
        Deployment.from_dict({"metadata": {"name": "x"}, "spec": {"selector": {}, "template": {}}}),
    ],
)
def test_other_deployments_are_none(found: Deployment) -> None:
    assert tuple(proportional([found], NAMESPACE)) == ()


def scaled_object(**spec: object) -> bytes:
    return json.dumps({"items": [{"metadata": {"name": "dns"}, "spec": spec}]}).encode()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (scaled_object(scaleTargetRef={"name": "coredns"}), (0, 100)),
        (
            scaled_object(scaleTargetRef={"kind": "Deployment", "name": "coredns"}, minReplicaCount=3),
            (3, 100),
        ),
        (scaled_object(scaleTargetRef={"name": "coredns"}, maxReplicaCount=9), (0, 9)),
    ],
)
def test_a_scaled_object_has_the_defaults_of_keda(body: bytes, expected: tuple[int, int]) -> None:
    assert tuple(scaled_by_keda(body)) == (Scaler("dns", *expected, ScalerKind.KEDA),)


@pytest.mark.parametrize(
    "target", [{"name": "web"}, {"kind": "StatefulSet", "name": "coredns"}], ids=["name", "kind"]
)
def test_scaled_objects_of_others_are_none(target: dict[str, str]) -> None:
    assert tuple(scaled_by_keda(scaled_object(scaleTargetRef=target))) == ()


@pytest.mark.parametrize("body", [b"[]", b"{}", b'{"items": [5]}', b"<html>"])
def test_an_invalid_list_of_scaled_objects_is_an_error_of_the_edge(body: bytes) -> None:
    with pytest.raises(msgspec.MsgspecError):
        tuple(scaled_by_keda(body))


def autoscaler(owner: str = "", target: str = "coredns") -> HorizontalPodAutoscaler:
    owners = [{"apiVersion": "v1", "kind": owner, "name": "x", "uid": "1"}] if owner else []
    spec = {"maxReplicas": 9, "scaleTargetRef": {"kind": "Deployment", "name": target}}
    document = {"metadata": {"name": "hpa", "ownerReferences": owners}, "spec": spec}
    return cast("HorizontalPodAutoscaler", HorizontalPodAutoscaler.from_dict(document))


def test_the_autoscaler_that_keda_creates_is_not_listed_twice() -> None:
    found = [autoscaler(), autoscaler("ScaledObject"), autoscaler(target="web")]
    assert tuple(horizontal(found)) == (Scaler("hpa", 1, 9),)
