"""The simulated clusters' Kubernetes API: apply, ownership, rollouts, tokens, refusals."""

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.domain.json import JsonObject
from eksaddon.domain.target import ClusterRef
from eksaddon.sim.addon.schemas import packaged
from eksaddon.sim.api.faults import Cut, Deny, Expire, Fault, Hang, Match, Page, Refuse, Reset, Slow, Truncate
from eksaddon.sim.api.identities import Account, Role
from eksaddon.sim.api.keys import access_key_of
from eksaddon.sim.eks.seeds import AddonSeed
from eksaddon.sim.http.messages import Delivery, Lost, Reply, Request, Silent, Unconnected
from eksaddon.sim.inprocess.httpx_transport import InProcessKubernetes
from eksaddon.sim.kubernetes.dispatcher import endpoint_at
from eksaddon.sim.resources import Cluster
from eksaddon.sim.workload.applying import Layer, termination_fields
from eksaddon.sim.workload.fields import fields_v1, flatten, printed, unflatten
from eksaddon.sim.workload.state import ROLLOUT, Reach, Workload
from eksaddon.sim.world import World

REF = ClusterRef("111111111111", "eu-west-1", "prod")
KEY = access_key_of(REF.account)
DEPLOYMENT = "/apis/apps/v1/namespaces/kube-system/deployments/coredns"
TEMPLATE = ("spec", "template", "spec")
VERSION = "v1.11.4-eksbuild.40"


class Api:
    """One cluster, spoken to as a client would."""

    def __init__(
        self,
        workload: Workload | None = None,
        *,
        kubernetes: str = "1.33",
        addon: AddonSeed | None = AddonSeed(VERSION),  # noqa: B008  # frozen
        denies: tuple[str, ...] = (),
    ) -> None:
        self.now = 1_800_000_000.0
        self.world = World(packaged, lambda: self.now)
        roles = {"limited": Role("limited", denies=denies)}
        self.world.add_account(Account(REF.account, roles=roles))
        self.world.add_cluster(
            Cluster(REF, self.now, kubernetes), [addon] if addon else [], workload or Workload()
        )

    def token(self, key: str = KEY, *, age: float = 0.0, signed: str = "host;x-k8s-aws-id") -> str:
        date = datetime.fromtimestamp(self.now - age, UTC).strftime("%Y%m%dT%H%M%SZ")
        url = (
            "https://sts.eu-west-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15"
            f"&X-Amz-Credential={key}%2F20270115%2Feu-west-1%2Fsts%2Faws4_request"
            f"&X-Amz-Date={date}&X-Amz-SignedHeaders={signed}"
        )
        return "k8s-aws-v1." + base64.urlsafe_b64encode(url.encode()).decode().rstrip("=")

    def send(
        self, method: str, path: str, body: object = None, *, token: str | None = None, kind: str = ""
    ) -> Delivery:
        headers = {"authorization": f"Bearer {self.token() if token is None else token}"}
        if kind:
            headers["content-type"] = kind
        base = endpoint_at("", REF).url
        data = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else b""
        return self.world.handle(Request(method, base + path, headers, data))

    def ask(self, method: str, path: str, body: object = None, **how: Any) -> tuple[int, Any]:
        answer = self.send(method, path, body, **how).answer
        assert isinstance(answer, Reply)
        return answer.status, json.loads(answer.body)

    def deployment(self) -> Any:
        status, document = self.ask("GET", DEPLOYMENT)
        assert status == 200
        return document

    def apply(
        self, manager: str, grace: int | None = None, sleep: int | None = None, **query: str
    ) -> tuple[int, Any]:
        pod: dict[str, object] = {}
        if grace is not None:
            pod["terminationGracePeriodSeconds"] = grace
        if sleep is not None:
            lifecycle = {"preStop": {"sleep": {"seconds": sleep}}}
            pod["containers"] = [{"name": "coredns", "lifecycle": lifecycle}]
        body = {"apiVersion": "apps/v1", "kind": "Deployment", "spec": {"template": {"spec": pod}}}
        request = "&".join(f"{name}={value}" for name, value in {"fieldManager": manager, **query}.items())
        return self.ask("PATCH", f"{DEPLOYMENT}?{request}", body, kind="application/apply-patch+yaml")


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


def test_applying_less_gives_back_what_was_set():
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


def test_what_was_taken_from_eks_by_force_is_nobodys_afterwards():
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
def test_an_update_meets_what_others_have_set_as_its_mode_says(owns, mode, left, replicas):
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


def test_what_is_live_need_not_be_what_is_stored():
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


def test_coredns_that_eks_does_not_manage_belongs_to_whoever_installed_it():
    api = Api(Workload(corefile=".:53 {\n whoami\n}\n", replicas=3), addon=None)
    assert managers(api.deployment()) == ["kubectl-client-side-apply"]
    assert api.deployment()["spec"]["replicas"] == 3
    assert Api(addon=None).ask("GET", DEPLOYMENT)[0] == 404


def test_layers_from_the_scenario_are_there_from_the_start():
    layer = Layer("kubectl-edit", "Update", 0.0, termination_fields(60, 10))
    deployment = Api(Workload(layers=(layer,))).deployment()
    assert pod_of(deployment)["terminationGracePeriodSeconds"] == 60
    assert managers(deployment) == ["eks", "kubectl-edit"]


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


def test_without_an_access_entry_nobody_is_known():
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
        ("PATCH", DEPLOYMENT, 415),
    ],
)
def test_addresses(method, path, status):
    assert Api().ask(method, path)[0] == status


@pytest.mark.parametrize("body", [b"{", b"[]"])
def test_a_body_that_is_no_object_is_a_bad_request(body):
    kind = "application/apply-patch+yaml"
    assert Api().ask("PATCH", DEPLOYMENT + "?fieldManager=x", body, kind=kind)[0] == 400
    assert Api().ask("PATCH", DEPLOYMENT, {}, kind=kind)[0] == 400


def test_a_cluster_that_is_not_there_has_no_api():
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
