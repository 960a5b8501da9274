"""What admission says on a real API server is known before anything is written."""

import base64
import contextlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from eksaddon.app.runs.exit_codes import of_plan, of_run
from eksaddon.domain.errors import ExitCode
from eksaddon.domain.kube.apply_answer import WriteForbidden
from eksaddon.domain.plan import Action, Plane, WorkloadWrite
from eksaddon.domain.run.outcome import Changed, Failed
from eksaddon.probe.coredns import free_port
from tests.e2e.kube.cluster.access import Grant, install
from tests.e2e.kube.cluster.api import Api, Document, RefusedError
from tests.e2e.kube.cluster.control_plane import Server
from tests.e2e.kube.cluster.kubelet import Kubelet
from tests.e2e.kube.cluster.processes import until
from tests.e2e.kube.edits import termination
from tests.e2e.kube.test_both_planes import COREFILE, LOWER, RAISE, REF, Stage, stage_of
from tests.support.network.authority import Authority
from tests.support.network.loopback import Reply, Seen, loopback

pytestmark = pytest.mark.e2e

NAME = "policy.example.com"
GRACE = "/spec/template/spec/terminationGracePeriodSeconds"
UPDATES = {
    "apiGroups": ["apps"],
    "apiVersions": ["v1"],
    "operations": ["UPDATE"],
    "resources": ["deployments"],
}
EFFECT_SECONDS = 90.0
"""The API server follows a watch."""

Answer = Callable[[Seen], Reply]


def reviewed(**response: Any) -> Answer:
    """Answers an AdmissionReview."""

    def answer(seen: Seen) -> Reply:
        uid = json.loads(seen.body)["request"]["uid"]
        review = {
            "apiVersion": "admission.k8s.io/v1",
            "kind": "AdmissionReview",
            "response": {"uid": uid, **response},
        }
        return Reply(json.dumps(review).encode(), headers={"content-type": "application/json"})

    return answer


def denied(code: int) -> Answer:
    return reviewed(allowed=False, status={"code": code, "message": "not on a Friday"})


def sets_grace(seconds: int) -> Answer:
    patch = [{"op": "replace", "path": GRACE, "value": seconds}]
    encoded = base64.b64encode(json.dumps(patch).encode()).decode()
    return reviewed(allowed=True, patchType="JSONPatch", patch=encoded)


def broken(_: Seen) -> Reply:
    return Reply(b"out of memory", 500)


@contextmanager
def webhook(server: Server, folder: Path, answer: Answer, *, kind: str = "Validating") -> Iterator[None]:
    """Registered for the Deployment coredns, and in force."""
    authority = Authority(folder)
    with loopback(answer, authority.server()) as listening:
        url = f"https://localhost:{listening.port}/"
        with registered(server, kind, url, authority.bundle.read_bytes(), lambda: bool(listening.seen)):
            yield


@contextmanager
def registered(
    server: Server, kind: str, url: str, bundle: bytes, is_asked: Callable[[], bool]
) -> Iterator[None]:
    api, path = server.api(), f"apis/admissionregistration.k8s.io/v1/{kind.lower()}webhookconfigurations"
    api.call("POST", path, _configuration(kind, url, bundle))

    def is_in_force() -> bool:
        with contextlib.suppress(RefusedError):
            api.apply(termination(31, None), "test", dry_run=True, force=True)
            return is_asked()
        return True

    try:
        until(is_in_force, seconds=EFFECT_SECONDS, what="the webhook is asked")
        yield
    finally:
        api.call("DELETE", f"{path}/{NAME}")
        until(lambda: _is_free(api), seconds=EFFECT_SECONDS, what="the webhook is not asked any more")


def _is_free(api: Api) -> bool:
    """Whether admission leaves the Deployment alone; the next test relies on it."""
    try:
        found = api.apply(termination(45, None), "test", dry_run=True, force=True)
    except RefusedError:
        return False
    return bool(found["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] == 45)


def _configuration(kind: str, url: str, bundle: bytes) -> Document:
    hook = {
        "name": NAME,
        "admissionReviewVersions": ["v1"],
        "sideEffects": "None",
        "failurePolicy": "Fail",
        "clientConfig": {"url": url, "caBundle": base64.b64encode(bundle).decode()},
        "rules": [UPDATES],
    }
    return {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": f"{kind}WebhookConfiguration",
        "metadata": {"name": NAME},
        "webhooks": [hook],
    }


@pytest.fixture
def stage(server: Server) -> Iterator[Stage]:
    with stage_of(server, Kubelet(server.api())) as made:
        yield made


def refused_everywhere(stage: Stage, said: str) -> None:
    plan = stage.plan(RAISE)
    (cluster,) = plan.clusters
    assert cluster.action is Action.BLOCKED
    assert said in cluster.reason
    assert of_plan(plan, detailed=False) is ExitCode.REFUSED
    assert of_run(stage.run(plan, "run")) is ExitCode.REFUSED
    assert stage.writes == []
    assert stage.live() == (30, 0, COREFILE % "5s")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (denied(403), "not on a Friday"),
        (denied(500), "not on a Friday"),
        (broken, "failed calling webhook"),
    ],
    ids=["403", "500", "broken"],
)
def test_a_refusing_webhook_blocks_both_planes(
    stage: Stage, server: Server, tmp_path: Path, answer: Answer, said: str
) -> None:
    with webhook(server, tmp_path, answer):
        refused_everywhere(stage, said)


def test_a_dead_webhook_blocks_both_planes(stage: Stage, server: Server, tmp_path: Path) -> None:
    bundle, nowhere = Authority(tmp_path).bundle.read_bytes(), f"https://localhost:{free_port()}/"
    with registered(server, "Validating", nowhere, bundle, lambda: False):
        refused_everywhere(stage, "failed calling webhook")


def test_a_policy_blocks_both_planes(stage: Stage, server: Server) -> None:
    api, path = server.api(), "apis/admissionregistration.k8s.io/v1"
    match = {"resourceRules": [UPDATES]}
    expression = "object.spec.template.spec.terminationGracePeriodSeconds <= 31"
    spec = {"matchConstraints": match, "validations": [{"expression": expression, "message": "31 s at most"}]}
    about = {"apiVersion": "admissionregistration.k8s.io/v1", "metadata": {"name": NAME}}
    policy = about | {"kind": "ValidatingAdmissionPolicy", "spec": spec}
    bound = {"policyName": NAME, "validationActions": ["Deny"]}
    binding = about | {"kind": "ValidatingAdmissionPolicyBinding", "spec": bound}
    api.call("POST", f"{path}/validatingadmissionpolicies", policy)
    api.call("POST", f"{path}/validatingadmissionpolicybindings", binding)

    def is_in_force() -> bool:
        try:
            api.apply(termination(32, None), "test", dry_run=True, force=True)
        except RefusedError:
            return True
        return False

    try:
        until(is_in_force, seconds=EFFECT_SECONDS, what="the policy is in force")
        refused_everywhere(stage, "31 s at most")
    finally:
        api.call("DELETE", f"{path}/validatingadmissionpolicybindings/{NAME}")
        api.call("DELETE", f"{path}/validatingadmissionpolicies/{NAME}")
        until(lambda: _is_free(api), seconds=EFFECT_SECONDS, what="the policy is not in force any more")


def test_a_mutating_webhook_that_takes_the_grace_back_is_found_while_planning(
    stage: Stage, server: Server, tmp_path: Path
) -> None:
    with webhook(server, tmp_path, sets_grace(30), kind="Mutating"):
        refused_everywhere(stage, "terminationGracePeriodSeconds becomes 30 instead of 45")


def test_going_down_no_plane_is_written_once_the_deployment_is_known_to_be_refused(
    stage: Stage, server: Server, tmp_path: Path
) -> None:
    (up,) = stage.run(stage.plan(RAISE), "up").results
    assert isinstance(up.outcome, Changed), up.outcome
    stage.writes.clear()
    plan = stage.plan(LOWER)
    assert plan.clusters[0].order == (Plane.ADDON, Plane.WORKLOAD)
    with webhook(server, tmp_path, denied(403)):
        (one,) = stage.run(plan, "down").results
    assert isinstance(one.outcome, Failed)
    assert "not on a Friday" in one.outcome.trouble.message
    assert stage.writes == []
    assert stage.live() == (45, 5, COREFILE % "20s")


def test_a_role_that_may_not_patch_is_distinguished(stage: Stage, server: Server) -> None:
    install(server.api(), without=Grant("patch", "apps", "deployments", "coredns"))
    answer = stage.session.workloads.write(REF, WorkloadWrite(45, 5), dry_run=True)
    assert isinstance(answer, WriteForbidden)
    assert "cannot patch" in answer.reason
    assert stage.plan(RAISE).clusters[0].action is Action.UPDATE, "who plans need not be able to write"
