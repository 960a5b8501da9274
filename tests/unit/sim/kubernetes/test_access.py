"""The simulated clusters' Kubernetes API: tokens, roles, addresses, faults and connections."""

from dataclasses import replace

import httpx2
import pytest

from eksaddon.domain.target import ClusterRef
from eksaddon.sim.api.faults import Cut, Deny, Expire, Fault, Hang, Match, Page, Refuse, Reset, Slow, Truncate
from eksaddon.sim.api.identities import Account
from eksaddon.sim.api.keys import access_key_of
from eksaddon.sim.http.messages import Lost, Reply, Request, Silent, Unconnected
from eksaddon.sim.inprocess.httpx_transport import InProcessKubernetes
from eksaddon.sim.kubernetes.dispatcher import endpoint_at
from eksaddon.sim.workload.state import Reach, Workload
from tests.support.sim_kubernetes import DEPLOYMENT, KEY, REF, Api


@pytest.mark.parametrize(
    "token",
    [
        "",
        "k8s-aws-v1.%%%",
        "k8s-aws-v1.aHR0cDovL3g",
        Api().token(age=901),
        Api().token(signed="host"),
        Api().token(access_key_of("999999999999")),
        Api().token().replace("k8s-aws-v1.", "k8s-aws-v2."),
    ],
)
def test_a_token_that_eks_would_not_take_is_unauthorized(token):
    assert Api().ask("GET", DEPLOYMENT, token=token)[0] == 401


def test_without_an_access_entry_no_one_is_known():
    assert Api(Workload(reach=Reach.NO_ENTRY)).ask("GET", DEPLOYMENT)[0] == 401
    assert Api(Workload(reach=Reach.UNREACHABLE)).send("GET", DEPLOYMENT).answer == Unconnected()


def test_a_role_may_be_allowed_less():
    api = Api(denies=("kubernetes:patch/*",))
    caller = replace(
        api.world._ring.find(KEY, {REF.account: Account(REF.account)}, "") or pytest.fail("no caller"),
        denies=("kubernetes:patch/*",),
    )
    token = api.token(api.world._ring.issue(caller).access_key)
    assert api.ask("GET", DEPLOYMENT, token=token)[0] == 200
    status, refusal = api.ask("PATCH", DEPLOYMENT, {}, token=token)
    assert (status, refusal["reason"]) == (403, "Forbidden")
    review = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
    request = {"spec": {"resourceAttributes": {"verb": "patch", "resource": "deployments"}}}
    assert api.ask("POST", review, request, token=token)[1]["status"] == {"allowed": False}
    assert api.ask("POST", review, request)[1]["status"] == {"allowed": True}


@pytest.mark.parametrize(
    ("effect", "answer"),
    [(Cut(), Unconnected()), (Hang(), Silent()), (Reset(after=False), Lost()), (Reset(after=True), Lost())],
)
def test_connections_break_as_faults_say(effect, answer):
    api = Api()
    api.world.add_fault(Fault(effect, Match(service="kubernetes")))
    assert api.send("GET", DEPLOYMENT).answer == answer


@pytest.mark.parametrize(
    ("effect", "status"),
    [
        (Refuse(500, "InternalError", "etcd"), 500),
        (Expire(), 401),
        (Deny(), 403),
        (Page(502, b"<html>"), 502),
        (Truncate(), 200),
        (Slow(2.0), 200),
    ],
)
def test_answers_go_wrong_as_faults_say(effect, status):
    api = Api()
    api.world.add_fault(Fault(effect, Match(operation="get deployments")))
    delivery = api.send("GET", DEPLOYMENT)
    assert isinstance(delivery.answer, Reply)
    assert delivery.answer.status == status
    assert delivery.delay == (2.0 if isinstance(effect, Slow) else 0.0)
    assert [(call.operation, call.cluster) for call in api.world.calls] == [("get deployments", "prod")]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/version", 200),
        ("GET", "/readyz", 200),
        ("GET", "/apis/apps/v1/nowhere", 404),
        ("GET", DEPLOYMENT + "x", 404),
        ("GET", "/apis/autoscaling/v2/namespaces/kube-system/horizontalpodautoscalers", 200),
        ("GET", "/apis/keda.sh/v1alpha1/namespaces/kube-system/scaledobjects", 404),
        ("PATCH", DEPLOYMENT, 415),
    ],
)
def test_addresses(method, path, status):
    assert Api().ask(method, path)[0] == status


@pytest.mark.parametrize("body", [b"{", b"[]"])
def test_a_body_that_is_not_an_object_is_a_bad_request(body):
    kind = "application/apply-patch+yaml"
    assert Api().ask("PATCH", DEPLOYMENT + "?fieldManager=x", body, kind=kind)[0] == 400
    assert Api().ask("PATCH", DEPLOYMENT, {}, kind=kind)[0] == 400


def test_a_cluster_that_does_not_exist_has_no_api():
    api = Api()
    base = endpoint_at("", ClusterRef(REF.account, REF.region, "none")).url
    answer = api.world.handle(Request("GET", f"{base}/version")).answer
    assert isinstance(answer, Reply)
    assert answer.status == 404


def client_of(api: Api, slept: list[float]) -> httpx2.Client:
    transport = InProcessKubernetes(api.world.handle, sleep=slept.append)
    return httpx2.Client(
        base_url=endpoint_at("https://kubernetes.invalid", REF).url,
        transport=transport,
        headers={"authorization": f"Bearer {api.token()}"},
        timeout=5,
    )


def test_an_http_client_speaks_to_it_without_a_socket():
    api, slept = Api(), list[float]()
    api.world.add_fault(Fault(Slow(2.0)))
    answer = client_of(api, slept).get(DEPLOYMENT, params={"pretty": "a b"})
    assert (answer.status_code, answer.json()["kind"], slept) == (200, "Deployment", [2.0])


@pytest.mark.parametrize(
    ("effect", "error", "seconds"),
    [
        (Cut(), httpx2.ConnectError, 0.0),
        (Hang(), httpx2.ReadTimeout, 5.0),
        (Slow(7.0), httpx2.ReadTimeout, 5.0),
        (Reset(after=False), httpx2.RemoteProtocolError, 0.0),
        (Truncate(), httpx2.RemoteProtocolError, 0.0),
    ],
)
def test_an_http_client_sees_what_a_connection_would_do(effect, error, seconds):
    api, slept = Api(), list[float]()
    api.world.add_fault(Fault(effect))
    with pytest.raises(error):
        client_of(api, slept).get(DEPLOYMENT)
    assert slept == [seconds]
