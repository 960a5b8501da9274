"""Why grace and preStop travel in one request, and what the API server makes of their bounds."""

import pytest

from eksaddon.domain.desired import ResolveConflicts
from tests.e2e.kube.cluster.access import install
from tests.e2e.kube.cluster.addon_manager import update
from tests.e2e.kube.cluster.addon_objects import Release
from tests.e2e.kube.cluster.api import Document, RefusedError
from tests.e2e.kube.cluster.control_plane import EKS, EKSDNS, KUBECTL, Server
from tests.e2e.kube.edits import EKSDNS_MANAGER, eksdns_applies, named, termination

pytestmark = pytest.mark.e2e

SMALL, LARGE = (30, 5), (60, 40)


@pytest.fixture
def installed(server: Server) -> Server:
    update(server.api(EKS), Release(), ResolveConflicts.NONE)
    return server


def set_alone(server: Server, pod: Document) -> None:
    """One of the two, as a person would who does not know of the other."""
    document = named("Deployment", "apps/v1", spec={"template": {"spec": pod}})
    server.api(KUBECTL).patch(document, "kubectl-patch")


def live(server: Server) -> tuple[int, int]:
    pod = server.api().get("Deployment", "coredns")["spec"]["template"]["spec"]
    sleep = pod["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
    return pod["terminationGracePeriodSeconds"], sleep


@pytest.mark.parametrize(
    ("before", "after", "first"),
    [
        pytest.param(
            SMALL,
            LARGE,
            {"containers": [{"name": "coredns", "lifecycle": {"preStop": {"sleep": {"seconds": 40}}}}]},
            id="raising the sleep first",
        ),
        pytest.param(LARGE, SMALL, {"terminationGracePeriodSeconds": 30}, id="lowering the grace first"),
    ],
)
def test_one_after_the_other_is_refused_where_both_at_once_are_taken(before, after, first, installed):
    eksdns_applies(*before)(installed)
    with pytest.raises(RefusedError, match=r"less than terminationGracePeriodSeconds \(30\)"):
        set_alone(installed, first)
    eksdns_applies(*after)(installed)
    assert live(installed) == after


@pytest.mark.parametrize(("grace", "sleep"), [(45, 45), (45, 0)])
def test_a_sleep_may_be_nothing_and_may_take_the_whole_grace(grace, sleep, installed):
    eksdns_applies(grace, sleep)(installed)
    assert live(installed) == (grace, sleep)


def test_leaving_the_sleep_out_takes_it_away(installed):
    eksdns_applies(45, 5)(installed)
    eksdns_applies(45, None)(installed)
    pod = installed.api().get("Deployment", "coredns")["spec"]["template"]["spec"]
    assert "lifecycle" not in pod["containers"][0]


def test_an_apply_to_a_missing_deployment_is_invalid_and_not_its_absence(server):
    """It would create one, of which it says too little: who wants to know has to read first."""
    install(server.api())
    with pytest.raises(RefusedError) as refusal:
        server.api(EKSDNS).apply(termination(45, 5), EKSDNS_MANAGER)
    assert refusal.value.reason == "Invalid"
    assert ("spec.selector", "Required value") in refusal.value.causes


def test_a_dry_run_answers_like_the_write_and_writes_nothing(installed):
    before = installed.api().get("Deployment", "coredns")
    answer = installed.api().apply(termination(45, 5), EKSDNS_MANAGER, dry_run=True)
    assert answer["spec"]["template"]["spec"]["terminationGracePeriodSeconds"] == 45
    after = installed.api().get("Deployment", "coredns")
    assert after["spec"] == before["spec"]
    assert after["metadata"]["generation"] == before["metadata"]["generation"]
