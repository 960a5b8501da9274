"""What the preview promises of an add-on update is what a real API server then does, edit by edit."""

import json
from dataclasses import dataclass

import pytest

from eksaddon.domain.desired import DesiredState, ResolveConflicts
from eksaddon.domain.json import Json, JsonObject
from eksaddon.domain.live import Fate, LiveField
from eksaddon.domain.workload import Workload
from eksaddon.plan.live_fields import Documents, live_fields
from tests.e2e.kube import edits
from tests.e2e.kube.cluster.adapters import prepared, seen
from tests.e2e.kube.cluster.addon_manager import ConfigurationConflict, Updated, update
from tests.e2e.kube.cluster.addon_objects import NEXT_VERSION, Release, shipped_corefile
from tests.e2e.kube.cluster.control_plane import EKS, Server
from tests.e2e.kube.edits import Edit

pytestmark = pytest.mark.e2e

HELD: JsonObject = {
    "replicaCount": 2,
    "corefile": shipped_corefile(),
    "podDisruptionBudget": {"enabled": True, "maxUnavailable": 1},
}
MEMORY = 'Deployment spec.template.spec.containers[name="coredns"].resources.limits.memory'


@dataclass(frozen=True, slots=True)
class Case:
    """An edit, and the setting that shows it.

    Attributes:
        owner: None where the owner is not told with the setting.
    """

    edit: Edit
    path: str
    live: Json
    owner: str | None
    is_named: bool = True


CASES = (
    Case(edits.kubectl_scales, "replicaCount", 5, "kubectl"),
    Case(edits.kubectl_edits_corefile, 'corefile[".:53"].errors', None, "kubectl-edit"),
    Case(edits.kubectl_edits_the_disruption_budget, "podDisruptionBudget.maxUnavailable", "2", None),
    Case(edits.kubectl_raises_the_memory_limit, MEMORY, "300Mi", "kubectl-set"),
    Case(edits.kubectl_adds_a_file, "ConfigMap data.stub.server", "stub", "kubectl-edit", is_named=False),
    Case(
        edits.kubectl_patches_grace(45), "terminationGracePeriodSeconds", 45, "kubectl-patch", is_named=False
    ),
)


def fields(workload: Workload) -> dict[str, LiveField]:
    return {one.path: one for one in live_fields(Documents(HELD, HELD), DesiredState(), workload)}


def is_still_there(workload: Workload, case: Case) -> bool:
    """A setting that is told no more is as EKS holds it."""
    found = fields(workload).get(case.path)
    return found is not None and found.is_worth_telling and found.live == case.live


def test_without_an_edit_nothing_is_worth_telling(server: Server) -> None:
    found = fields(seen(prepared(server)))
    assert [one.path for one in found.values() if one.is_worth_telling] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.path.rsplit(".", 1)[-1])
@pytest.mark.parametrize("mode", list(ResolveConflicts))
def test_the_preview_holds(server: Server, case: Case, mode: ResolveConflicts) -> None:
    kube = prepared(server)
    case.edit(server)
    found = fields(seen(kube))[case.path]
    assert found.is_worth_telling
    assert found.live == case.live
    assert (found.owner.manager if found.owner else None) == case.owner
    outcome = update(server.api(EKS), Release(NEXT_VERSION), mode)
    stays = is_still_there(seen(kube), case)
    match found.fates.under(mode):
        case Fate.FAILS:
            assert isinstance(outcome, ConfigurationConflict)
        case Fate.KEPT:
            assert isinstance(outcome, Updated)
            assert stays
        case Fate.LOST:
            assert isinstance(outcome, Updated)
            assert not stays
        case Fate.FAILS_IF_SET:
            assert isinstance(outcome, ConfigurationConflict if case.is_named else Updated)
        case Fate.LOST_IF_SET:
            assert stays is not case.is_named
        case Fate.SAME:
            pytest.fail("an edit that an update leaves as it is should say that it is kept")


def test_everything_that_is_told_can_be_written_as_json(server: Server) -> None:
    kube = prepared(server)
    for case in CASES:
        case.edit(server)
    assert json.dumps([one.live for one in fields(seen(kube)).values()])
