"""WorkloadApi over lightkube, on simulated clusters."""

import io
import json
import logging
from collections.abc import Iterator

import httpx2
import pytest

from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.kube.apply_answer import (
    Applied,
    ApplyConflict,
    FieldConflict,
    WriteNotSent,
    WriteRefused,
)
from eksaddon.domain.plan import WorkloadWrite
from eksaddon.domain.target import ClusterRef
from eksaddon.domain.workload import Budget, NotChecked, Owner, RolledOut, RollingOut, RolloutStuck, Workload
from eksaddon.kube.clusters import KubeWorkloads
from eksaddon.kube.line import is_safe
from eksaddon.ports import Reach
from eksaddon.sim.api.faults import (
    Cut,
    Deny,
    Effect,
    Expire,
    Fault,
    Hang,
    Match,
    Page,
    Refuse,
    Reset,
    Truncate,
)
from eksaddon.sim.inprocess.httpx_transport import InProcessKubernetes
from eksaddon.sim.workload.state import Reach as Answers
from eksaddon.sim.workload.state import Workload as Simulated
from tests.support.kube import REF, KubeStage

GRACE = ".spec.template.spec.terminationGracePeriodSeconds"


def seen(stage: KubeStage) -> Workload:
    found = stage.kube.read(REF)
    assert isinstance(found, Workload)
    return found


def test_live_values_are_read_with_their_owners() -> None:
    found = seen(KubeStage())
    assert (found.replicas, found.grace_seconds, found.pre_stop_seconds) == (2, 30, 0)
    assert found.corefile is not None
    assert found.corefile.startswith(".:53 {")
    assert found.corefile_owner == Owner(
        "eks", "Apply", found.corefile_owner.at if found.corefile_owner else 0
    )
    assert found.grace_owner is None
    (budget,) = found.budgets
    assert budget == Budget("coredns", "", "1", 1, budget.uid, 1, budget.resource_version, ("eks",))
    assert budget.is_addons
    assert budget.uid
    assert budget.resource_version
    assert found.version == (1, 33)
    assert found.rollout == RolledOut()


def test_both_fields_are_written_at_once_and_are_ours_then() -> None:
    stage = KubeStage()
    assert stage.kube.write(REF, WorkloadWrite(45, 5)) == Applied()
    assert isinstance(seen(stage).rollout, RollingOut)
    stage.now += 60
    found = seen(stage)
    assert (found.grace_seconds, found.pre_stop_seconds, found.rollout) == (45, 5, RolledOut())
    assert found.grace_owner == found.pre_stop_owner
    assert found.grace_owner is not None
    assert found.grace_owner.manager == "eksdns"
    assert stage.world.calls.counts["patch deployments"] == 1


def test_a_dry_run_is_checked_by_the_server_and_writes_nothing() -> None:
    stage = KubeStage()
    assert stage.kube.write(REF, WorkloadWrite(45, 5), dry_run=True) == Applied()
    assert isinstance(stage.kube.write(REF, WorkloadWrite(45, 50), dry_run=True), WriteRefused)
    assert seen(stage).grace_seconds == 30


def test_a_field_of_another_manager_conflicts_unless_forced() -> None:
    stage = KubeStage()
    stage.set_by("kubectl-edit", grace=20)
    assert stage.kube.write(REF, WorkloadWrite(45, None)) == ApplyConflict(
        (FieldConflict("kubectl-edit", GRACE),)
    )
    assert seen(stage).grace_seconds == 20
    assert stage.kube.write(REF, WorkloadWrite(45, None), force=True) == Applied()
    assert seen(stage).grace_seconds == 45


def test_a_server_that_knows_no_sleep_still_takes_the_grace() -> None:
    stage = KubeStage(kubernetes="1.29")
    refusal = stage.kube.write(REF, WorkloadWrite(45, 5))
    assert isinstance(refusal, WriteRefused)
    assert "1.29" in refusal.reason
    assert "patch deployments" not in stage.world.calls.counts
    assert stage.kube.write(REF, WorkloadWrite(45, None)) == Applied()


def test_a_rollout_that_never_ends_is_reported() -> None:
    stage = KubeStage(Simulated(stuck=True))
    stage.kube.write(REF, WorkloadWrite(45, None))
    stage.now += 3600
    assert isinstance(seen(stage).rollout, RolloutStuck)


@pytest.mark.parametrize(
    ("effect", "said"),
    [
        (Expire(), "401"),
        (Deny(), "access denied"),
        (Cut(), "could not connect"),
        (Hang(), "in time"),
        (Reset(after=False), "was lost"),
        (Truncate(), "was lost"),
        (Refuse(500, "InternalError", "etcd is gone"), "etcd is gone"),
        (Page(502, b"<html>bad gateway</html>"), "unexpected HTTP 502 response"),
        (Page(200, b"<html>welcome</html>"), "response from the Kubernetes API"),
    ],
)
def test_any_answer_of_a_cluster_is_a_reason_not_an_exception(effect: Effect, said: str) -> None:
    stage = KubeStage()
    stage.world.add_fault(Fault(effect, Match(service="kubernetes")))
    for found in (stage.kube.read(REF), stage.kube.write(REF, WorkloadWrite(45, None))):
        assert isinstance(found, NotChecked | WriteNotSent)
        assert said in found.reason
        assert found.hint


@pytest.mark.parametrize(
    ("effect", "is_certain"), [(Cut(), True), (Hang(), False), (Reset(after=False), False)]
)
def test_only_a_write_without_a_connection_is_known_not_to_be_sent(
    effect: Effect, *, is_certain: bool
) -> None:
    stage = KubeStage()
    assert isinstance(stage.kube.read(REF), Workload)
    stage.world.add_fault(Fault(effect, Match(operation="patch deployments")))
    found = stage.kube.write(REF, WorkloadWrite(45, None))
    assert isinstance(found, WriteNotSent if is_certain else NotChecked)


class Renaming(httpx2.BaseTransport):
    """Serves a Deployment whose CoreDNS container has another name, as some Helm charts make it."""

    def __init__(self, inner: httpx2.BaseTransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        response = self._inner.handle_request(request)
        if "/deployments" not in request.url.path:
            return response
        document = json.loads(response.read())
        for each in document.get("items", [document]):
            each["spec"]["template"]["spec"]["containers"][0]["name"] = "dns"
        return httpx2.Response(200, json=document)


def test_a_container_of_another_name_is_named_and_nothing_is_read_for_it() -> None:
    stage = KubeStage()
    transport = Renaming(InProcessKubernetes(stage.world.handle, sleep=lambda _: None))
    kube = KubeWorkloads(stage.aws.clusters, lambda: stage.now, transport=transport)
    for found in (kube.read(REF), kube.look(REF), kube.manifests(REF)):
        assert isinstance(found, NotChecked)
        assert found.reason == "the Deployment coredns has no container named coredns (its containers: dns)"
        assert "rename" in found.hint


def test_a_role_without_an_access_entry_is_told_what_is_missing() -> None:
    found = KubeStage(Simulated(reach=Answers.NO_ENTRY)).kube.read(REF)
    assert isinstance(found, NotChecked)
    assert "access entry" in found.hint


def test_a_cluster_that_does_not_exist_is_not_checked() -> None:
    found = KubeStage().kube.read(ClusterRef(REF.account, REF.region, "none"))
    assert isinstance(found, NotChecked)


def test_a_token_is_renewed_before_it_runs_out() -> None:
    stage = KubeStage()
    for _ in range(10):
        seen(stage)
        stage.now += 300
    assert stage.world.calls.counts["DescribeCluster"] == 4


@pytest.mark.parametrize(
    ("endpoint", "authority", "safe"),
    [
        ("https://x.eks.amazonaws.com", "Q0E=", True),
        ("https://x.eks.amazonaws.com", "", False),
        ("http://x.eks.amazonaws.com", "Q0E=", False),
        ("http://127.0.0.1:8080/k", "", True),
        ("http://localhost:8080", "", True),
        ("http://[::1]:8080", "", True),
    ],
)
def test_a_token_goes_only_to_tls_with_the_clusters_authority_or_to_this_machine(
    endpoint: str, authority: str, safe: bool
) -> None:
    assert is_safe(endpoint, authority) is safe


class Directory:
    """Names an endpoint that no token may be sent to."""

    def __init__(self, endpoint: str, token: str | Trouble = "secret-token") -> None:
        self.endpoint = endpoint
        self.token = token

    def reach(self, _: ClusterRef) -> Reach:
        return Reach(self.endpoint, "", lambda: self.token)


def test_without_tls_nothing_is_sent() -> None:
    found = KubeWorkloads(Directory("http://kubernetes.example"), lambda: 0.0).read(REF)
    assert isinstance(found, NotChecked)
    assert "no https URL" in found.reason


def test_without_a_token_nothing_is_sent() -> None:
    trouble = Trouble(Cause.CREDENTIALS_EXPIRED, "gone")
    found = KubeWorkloads(Directory("https://kubernetes.example", trouble), lambda: 0.0).read(REF)
    assert isinstance(found, NotChecked)
    assert "credentials-expired" in found.reason


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """What every library logs."""
    text, root = io.StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(text), root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield text
    root.removeHandler(handler)
    root.setLevel(level)


def test_no_token_is_ever_printed(logged: io.StringIO) -> None:
    stage = KubeStage()
    told = [repr(stage.kube.read(REF)), repr(stage.kube.write(REF, WorkloadWrite(45, 50)))]
    reach = stage.aws.clusters.reach(REF)
    assert isinstance(reach, Reach)
    token = reach.token()
    assert isinstance(token, str)
    assert logged.getvalue()
    told += [repr(reach), logged.getvalue()]
    stage.world.add_fault(Fault(Refuse(500, "X", "y"), Match(service="kubernetes")))
    told.append(repr(stage.kube.read(REF)))
    for text in told:
        assert "k8s-aws-v1." not in text
        assert "s3cr3t" not in text


@pytest.mark.parametrize("seconds", [120.0, -3600.0], ids=["credentials end", "the clock is set back"])
def test_a_token_that_is_rejected_early_is_replaced_once_and_nothing_is_lost(seconds: float) -> None:
    """A token ends with the credentials that signed it, whatever its own 15 minutes are."""
    stage = KubeStage()
    seen(stage)
    stage.now += seconds
    stage.world.add_fault(Fault(Expire(), Match(service="kubernetes"), times=1))
    assert stage.kube.write(REF, WorkloadWrite(45, None)) == Applied()
    assert stage.world.calls.counts["patch deployments"] == 1
    assert seen(stage).grace_seconds == 45


def test_a_rejected_token_that_is_new_is_not_replaced_because_the_role_has_no_access() -> None:
    stage = KubeStage()
    seen(stage)
    stage.world.add_fault(Fault(Expire(), Match(service="kubernetes", operation="list pods")))
    before = stage.world.calls.counts["list pods"]
    assert isinstance(stage.kube.pods(REF), NotChecked)
    assert stage.world.calls.counts["list pods"] == before + 1
    stage.now += 120
    assert isinstance(stage.kube.pods(REF), NotChecked)
    assert stage.world.calls.counts["list pods"] == before + 3
