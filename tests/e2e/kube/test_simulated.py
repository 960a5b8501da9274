"""The simulator's Kubernetes API answers an apply as the real API server does, whatever came before it."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.json import Json
from tests.e2e.kube.addon_manager import update
from tests.e2e.kube.addon_objects import Release
from tests.e2e.kube.api import Api, RefusedError
from tests.e2e.kube.cleaning import empty
from tests.e2e.kube.control_plane import EKS, Server
from tests.e2e.kube.edits import termination
from tests.e2e.kube.managed_fields import GRACE, SLEEP, owners
from tests.e2e.kube.simulated import simulated

pytestmark = pytest.mark.e2e


@dataclass(frozen=True, slots=True)
class Apply:
    manager: str
    grace: int | None
    sleep: int | None
    force: bool = False
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """An answer, and what lies in the cluster after it; a server lists causes in no fixed order."""

    refusal: tuple[int, str, str, tuple[tuple[str, str], ...]] | None
    grace: Json
    lifecycle: Json
    grace_owners: frozenset[str]
    sleep_owners: frozenset[str]


def seen(api: Api, step: Apply) -> Seen:
    refusal = None
    try:
        api.apply(termination(step.grace, step.sleep), step.manager, force=step.force, dry_run=step.dry_run)
    except RefusedError as error:
        refusal = (error.status, error.reason, error.message, tuple(sorted(error.causes)))
    found = api.get("Deployment", "coredns")
    pod = found["spec"]["template"]["spec"]
    lifecycle = pod["containers"][0].get("lifecycle")
    return Seen(
        refusal,
        pod["terminationGracePeriodSeconds"],
        lifecycle,
        owners(found, *GRACE),
        owners(found, *SLEEP),
    )


steps = st.builds(
    Apply,
    manager=st.sampled_from(["eksdns", "helm"]),
    grace=st.sampled_from([None, 20, 30, 45]),
    sleep=st.sampled_from([None, 0, 5, 30, 45, 46]),
    force=st.booleans(),
    dry_run=st.sampled_from([False, False, True]),
)


def compared(server: Server, course: Sequence[Apply], kubernetes: str, *, owns_grace: bool = False) -> None:
    empty(server.api())
    update(server.api(EKS), Release(grace=30 if owns_grace else None), ResolveConflicts.NONE)
    simulation = simulated(kubernetes=kubernetes, owns_grace=owns_grace)
    for step in course:
        assert seen(simulation, step) == seen(server.api(), step), step


@settings(max_examples=30)
@given(course=st.lists(steps, min_size=1, max_size=6), owns_grace=st.booleans())
def test_the_simulator_answers_as_the_server_of_today(running_server, course, owns_grace):
    compared(running_server, course, "1.36", owns_grace=owns_grace)


@settings(max_examples=10)
@given(course=st.lists(steps, min_size=1, max_size=4))
def test_the_simulator_answers_as_the_old_server(running_old_server, course):
    compared(running_old_server, course, "1.29")
