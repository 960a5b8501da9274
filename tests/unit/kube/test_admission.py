"""What an API server has against an apply, by code and message."""

import httpx2
import pytest
from lightkube.core.exceptions import ApiError
from lightkube.models.apps_v1 import DeploymentSpec
from lightkube.models.core_v1 import (
    Container,
    Lifecycle,
    LifecycleHandler,
    PodSpec,
    PodTemplateSpec,
    SleepAction,
)
from lightkube.models.meta_v1 import LabelSelector
from lightkube.resources.apps_v1 import Deployment

from eksaddon.domain.kube.apply_answer import (
    Applied,
    ApplyConflict,
    FieldConflict,
    Overridden,
    Override,
    WriteForbidden,
    WriteRefused,
)
from eksaddon.domain.kube.readiness import READINESS_PATHS, Readiness
from eksaddon.domain.plan import WorkloadWrite
from eksaddon.domain.workload import NotChecked
from eksaddon.kube.admission import names_the_right, outcome, refusal

REQUEST = httpx2.Request("PATCH", "https://kubernetes.invalid")
RBAC = (
    'deployments.apps "coredns" is forbidden: User "arn:aws:iam::1:role/x" cannot patch resource '
    '"deployments" in API group "apps" in the namespace "kube-system"'
)
DENIED = 'admission webhook "policy.example" denied the request: no'
DEAD = (
    'Internal error occurred: failed calling webhook "policy.example": failed to call webhook: Post '
    '"https://policy.example/": dial tcp: connect: connection refused'
)
NO_DRY_RUN = 'admission webhook "policy.example" does not support dry run'
POLICY = (
    "deployments.apps \"coredns\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' "
    "denied request: no"
)
QUOTA = 'deployments.apps "coredns" is forbidden: exceeded quota: deployments'


def error(code: int, message: str, causes: tuple[dict[str, str], ...] = ()) -> ApiError:
    document = {"kind": "Status", "code": code, "message": message, "details": {"causes": list(causes)}}
    return ApiError(REQUEST, httpx2.Response(code, json=document, request=REQUEST))


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (400, DENIED),
        (403, DENIED),
        (418, DENIED),
        (422, POLICY),
        (422, "is invalid"),
        (500, DEAD),
        (500, DENIED),
        (413, "too large"),
    ],
)
def test_what_the_real_apply_would_meet_too_is_a_refusal(code: int, message: str) -> None:
    found = refusal(error(code, message))
    is_invalid = message == "is invalid"
    assert found == WriteRefused(message, found.hint if isinstance(found, WriteRefused) else "", is_invalid)
    assert ("webhooks" in getattr(found, "hint", "")) is (code != 422)


@pytest.mark.parametrize(
    ("code", "message"),
    [(400, NO_DRY_RUN), (401, ""), (404, ""), (408, ""), (429, ""), (500, "etcd"), (503, "")],
)
def test_errors_unrelated_to_the_object_are_not_refusals(code: int, message: str) -> None:
    assert isinstance(refusal(error(code, message)), NotChecked)


@pytest.mark.parametrize("message", [RBAC, POLICY, QUOTA, "no"])
def test_403_is_about_the_caller_or_the_object_as_the_access_review_says(message: str) -> None:
    assert refusal(error(403, message)) is None
    assert isinstance(refusal(error(403, message), may_patch=False), WriteForbidden)
    assert isinstance(refusal(error(403, message), may_patch=True), WriteRefused)
    assert names_the_right(error(403, message)) is (message == RBAC)


def test_a_webhook_that_quotes_rbac_is_still_a_webhook() -> None:
    assert not names_the_right(error(403, f"{DENIED}: {RBAC}"))


def test_conflicts_are_named_by_manager_and_field() -> None:
    causes: tuple[dict[str, str], ...] = (
        {"message": 'conflict with "helm" using apps/v1', "field": ".spec.x"},
        {},
    )
    conflicts = (FieldConflict("helm", ".spec.x"), FieldConflict("somebody", ""))
    assert refusal(error(409, "Apply failed", causes)) == ApplyConflict(conflicts)


def returned(grace: int | None, sleep: int | None) -> Deployment:
    hook = LifecycleHandler(sleep=SleepAction(sleep)) if sleep is not None else None
    container = Container("coredns", lifecycle=Lifecycle(preStop=hook))
    template = PodTemplateSpec(spec=PodSpec([container], terminationGracePeriodSeconds=grace))
    return Deployment(spec=DeploymentSpec(LabelSelector(), template))


def test_the_returned_object_is_compared_with_the_request() -> None:
    grace, sleep = "terminationGracePeriodSeconds", "lifecycle.preStop.sleep.seconds"
    assert outcome(WorkloadWrite(45, 5), returned(45, 5)) == Applied()
    assert outcome(WorkloadWrite(None, None), returned(60, 9)) == Applied()
    assert outcome(WorkloadWrite(45, 5), returned(30, 5)) == Overridden((Override(grace, 45, 30),))
    assert outcome(WorkloadWrite(45, 5), returned(None, None)) == Overridden(
        (Override(grace, 45, 30), Override(sleep, 5, 0))
    )
    probed = WorkloadWrite(None, None, readiness=Readiness(5, 1))
    period, failures = READINESS_PATHS[:2]
    assert outcome(probed, returned(45, 5)) == Overridden((Override(period, 5, 0), Override(failures, 1, 0)))
    without_pods = Deployment(spec=DeploymentSpec(LabelSelector(), PodTemplateSpec()))
    assert outcome(WorkloadWrite(45, None), without_pods) == Overridden((Override(grace, 45, 30),))
