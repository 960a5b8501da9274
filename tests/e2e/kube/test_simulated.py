"""The simulator's Kubernetes API does as the real API server does, whatever came before."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.json import Json
from tests.e2e.kube.cluster.addon_manager import Updated, update
from tests.e2e.kube.cluster.addon_objects import NEXT_VERSION, Release
from tests.e2e.kube.cluster.api import Api, RefusedError
from tests.e2e.kube.cluster.cleaning import empty
from tests.e2e.kube.cluster.control_plane import EKS, Server
from tests.e2e.kube.edits import termination
from tests.e2e.kube.managed_fields import GRACE, SLEEP, owners
from tests.e2e.kube.simulated import SimulatedApi, simulated
from tests.support.examples import examples

pytestmark = pytest.mark.e2e


@dataclass(frozen=True, slots=True)
class Apply:
    manager: str
    grace: int | None
    sleep: int | None
    force: bool = False
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class AddonUpdate:
    mode: ResolveConflicts


Step = Apply | AddonUpdate
Refusal = tuple[int, str, str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True)
class Live:
    """What lies in the cluster, and who owns it."""

    grace: Json
    lifecycle: Json
    grace_owners: frozenset[str]
    sleep_owners: frozenset[str]


def live(api: Api) -> Live:
    found = api.get("Deployment", "coredns")
    pod = found["spec"]["template"]["spec"]
    lifecycle = pod["containers"][0].get("lifecycle")
    return Live(pod["terminationGracePeriodSeconds"], lifecycle, owners(found, *GRACE), owners(found, *SLEEP))


def applied(api: Api, step: Apply) -> Refusal | None:
    """A server lists causes in no fixed order."""
    document = termination(step.grace, step.sleep)
    try:
        api.apply(document, step.manager, force=step.force, dry_run=step.dry_run)
    except RefusedError as error:
        return error.status, error.reason, error.message, tuple(sorted(error.causes))
    return None


@dataclass(frozen=True, slots=True)
class Pair:
    """The same cluster twice.

    Attributes:
        grace: What EKS's manifest names, if anything.
    """

    server: Server
    simulation: SimulatedApi
    grace: int | None

    @classmethod
    def begun(cls, server: Server, kubernetes: str, *, owns_grace: bool) -> "Pair":
        empty(server.api())
        grace = 30 if owns_grace else None
        update(server.api(EKS), Release(grace=grace), ResolveConflicts.NONE)
        return cls(server, simulated(kubernetes=kubernetes, owns_grace=owns_grace), grace)

    def walk(self, course: Sequence[Step]) -> None:
        for count, step in enumerate(course):
            match step:
                case Apply():
                    assert applied(self.simulation, step) == applied(self.server.api(), step), step
                case AddonUpdate(mode=mode):
                    release = Release(f"{NEXT_VERSION}-{count}", grace=self.grace)
                    outcome = update(self.server.api(EKS), release, mode)
                    status = "Successful" if isinstance(outcome, Updated) else "Failed"
                    assert self.simulation.update(mode) == status, step
                case never:
                    assert_never(never)
            assert live(self.simulation) == live(self.server.api()), step


def applies(*sleeps: int) -> st.SearchStrategy[Apply]:
    return st.builds(
        Apply,
        manager=st.sampled_from(["eksdns", "helm"]),
        grace=st.sampled_from([None, 20, 30, 45]),
        sleep=st.sampled_from([None, *sleeps]),
        force=st.booleans(),
        dry_run=st.sampled_from([False, False, True]),
    )


anything = applies(0, 5, 30, 45, 46)
fitting = applies(5, 20)
"""Into EKS's own grace too: what EKS reports of a manifest that the API server refuses is not known."""
updates = st.builds(AddonUpdate, st.sampled_from(ResolveConflicts))


@examples(20)
@given(course=st.lists(anything, min_size=1, max_size=6), owns_grace=st.booleans())
def test_an_apply_is_answered_as_by_the_server_of_today(running_server, course, owns_grace):
    Pair.begun(running_server, "1.36", owns_grace=owns_grace).walk(course)


@examples(20)
@given(course=st.lists(fitting | updates, min_size=2, max_size=6), owns_grace=st.booleans())
def test_add_on_updates_leave_what_they_leave_on_a_real_server(running_server, course, owns_grace):
    Pair.begun(running_server, "1.36", owns_grace=owns_grace).walk(course)


@examples(10)
@given(course=st.lists(anything, min_size=1, max_size=4))
def test_an_apply_is_answered_as_by_the_old_server(running_old_server, course):
    Pair.begun(running_old_server, "1.29", owns_grace=False).walk(course)
