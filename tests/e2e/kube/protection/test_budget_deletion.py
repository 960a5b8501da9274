"""The deletion of the add-on's PodDisruptionBudget, answered by a real API server."""

from dataclasses import replace

import pytest

from eksaddon.domain.kube.apply_answer import Applied, ApplyConflict, WriteForbidden
from eksaddon.domain.workload import Budget, NoBudget, NotChecked
from tests.e2e.kube.cluster.access import Grant, install
from tests.e2e.kube.cluster.adapters import REF, prepared
from tests.e2e.kube.cluster.control_plane import ADMIN, Server
from tests.e2e.kube.edits import kubectl_edits_the_disruption_budget

pytestmark = pytest.mark.e2e


def test_exactly_the_object_that_was_read_is_deleted(server: Server) -> None:
    kube = prepared(server)
    found = kube.budget(REF)
    assert isinstance(found, Budget)
    assert (found.is_addons, found.managers, found.limits) == (True, ("eks",), "maxUnavailable 1")
    assert found.generation >= 1
    for other in (replace(found, resource_version="1"), replace(found, uid="0" * 36)):
        assert isinstance(kube.delete_budget(REF, other), ApplyConflict)
    assert kube.delete_budget(REF, found, dry_run=True) == Applied()
    assert isinstance(kube.budget(REF), Budget)
    assert kube.delete_budget(REF, found) == Applied()
    assert kube.budget(REF) == NoBudget()
    assert isinstance(kube.delete_budget(REF, found), NotChecked)


def test_without_the_verb_the_deletion_and_its_dry_run_are_forbidden(server: Server) -> None:
    kube = prepared(server)
    install(server.api(ADMIN), without=Grant("delete", "policy", "poddisruptionbudgets", "coredns"))
    found = kube.budget(REF)
    assert isinstance(found, Budget)
    for is_trial in (True, False):
        answer = kube.delete_budget(REF, found, dry_run=is_trial)
        assert isinstance(answer, WriteForbidden)
        assert 'cannot delete resource "poddisruptionbudgets"' in answer.reason
    assert kube.budget(REF) == found


def test_a_budget_that_kubectl_changed_is_not_the_addons(server: Server) -> None:
    kube = prepared(server)
    before = kube.budget(REF)
    kubectl_edits_the_disruption_budget(server)
    after = kube.budget(REF)
    assert isinstance(before, Budget)
    assert isinstance(after, Budget)
    assert (after.uid, after.is_addons) == (before.uid, False)
    assert after.generation > before.generation
