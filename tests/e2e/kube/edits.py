"""What eksdns, people and other programs change on the live objects, as their tools do it."""

from collections.abc import Callable

from tests.e2e.kube.cluster.api import MERGE, NAMESPACE, Api, Document, place
from tests.e2e.kube.cluster.control_plane import ADMIN, KUBECTL, Server

Edit = Callable[[Server], object]

EKSDNS_MANAGER = "eksdns"
EDITED_COREFILE = ".:53 {\n    health\n    ready\n    forward . /etc/resolv.conf\n}\n"


def named(kind: str, group: str, **rest: object) -> Document:
    return {
        "apiVersion": group,
        "kind": kind,
        "metadata": {"name": "coredns", "namespace": NAMESPACE},
        **rest,
    }


def termination(grace: int | None, pre_stop: int | None) -> Document:
    """The one patch that eksdns writes."""
    pod: Document = {}
    if grace is not None:
        pod["terminationGracePeriodSeconds"] = grace
    if pre_stop is not None:
        sleeps = {"preStop": {"sleep": {"seconds": pre_stop}}}
        pod["containers"] = [{"name": "coredns", "lifecycle": sleeps}]
    return named("Deployment", "apps/v1", spec={"template": {"spec": pod}})


def eksdns_applies(grace: int, pre_stop: int | None, *, force: bool = False) -> Edit:
    return lambda server: _api(server).apply(termination(grace, pre_stop), EKSDNS_MANAGER, force=force)


def kubectl_patches_grace(grace: int) -> Edit:
    return lambda server: _person(server).patch(termination(grace, None), "kubectl-patch")


def kubectl_edits_corefile(server: Server) -> None:
    _person(server).patch(named("ConfigMap", "v1", data={"Corefile": EDITED_COREFILE}), "kubectl-edit")


def kubectl_adds_a_file(server: Server) -> None:
    _person(server).patch(named("ConfigMap", "v1", data={"stub.server": "stub"}), "kubectl-edit")


def kubectl_edits_the_disruption_budget(server: Server) -> None:
    document = named("PodDisruptionBudget", "policy/v1", spec={"maxUnavailable": 2})
    _person(server).patch(document, "kubectl-edit", kind=MERGE)


def kubectl_raises_the_memory_limit(server: Server) -> None:
    limits = {"name": "coredns", "resources": {"limits": {"memory": "300Mi"}}}
    document = named("Deployment", "apps/v1", spec={"template": {"spec": {"containers": [limits]}}})
    _person(server).patch(document, "kubectl-set")


def kubectl_scales(server: Server) -> None:
    """By the subresource, as a HorizontalPodAutoscaler does too."""
    path = f"{place('Deployment', 'coredns')}/scale"
    query = {"fieldManager": "kubectl"}
    _person(server).call("PATCH", path, {"spec": {"replicas": 5}}, kind=MERGE, query=query)


def nothing(_: Server) -> None:
    """Nobody changes anything."""


def everything_is_deleted(server: Server) -> None:
    for kind in "Deployment", "ConfigMap", "PodDisruptionBudget":
        server.api().delete(kind, "coredns")


def _api(server: Server) -> Api:
    return server.api(ADMIN)


def _person(server: Server) -> Api:
    return server.api(KUBECTL)
