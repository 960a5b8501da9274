"""Refusals of the dry run block both planes; values that a policy changes are found while planning."""

import pytest

from eksaddon.app.fleet.plan import Purpose, make_plan, observe
from eksaddon.app.runs.exit_codes import of_run
from eksaddon.domain.errors import ExitCode
from eksaddon.domain.plan import Action, ClusterPlan, Plane
from eksaddon.domain.run.outcome import Changed, Failed
from eksaddon.plan.trials.dry_run import TEMPLATE
from eksaddon.sim.api.faults import Deny, Effect, Fault, Match, Page, Refuse
from tests.functional.workload.test_two_planes import ACCOUNTS, live, planned, stage, writes
from tests.support.simulation import Simulation, fleet_of

RAISE = "version: 1\ncoredns: {lameduck: 20s, terminationGracePeriod: 45s, preStop: 5s}\n" + ACCOUNTS
LOWER = (
    "version: 1\ncoredns: {allowWeaken: true, lameduck: 5s, terminationGracePeriod: 30s, preStop: 5s}\n"
    + ACCOUNTS
)
DEAD = 'Internal error occurred: failed calling webhook "policy.example": connection refused'
DENIED = 'admission webhook "policy.example" denied the request: no'


def refused(simulation: Simulation, effect: Effect) -> None:
    for verb in ("patch", "dry-run"):
        match = Match(service="kubernetes", operation=f"{verb} deployments")
        simulation.world.add_fault(Fault(effect, match))


def tried(simulation: Simulation, fleet: str, purpose: Purpose = Purpose.READ) -> ClusterPlan:
    chosen = fleet_of(fleet)
    seen = observe(chosen, simulation.session, simulation.book)
    plan = make_plan(chosen, simulation.session, seen, strict=False, tries=True, purpose=purpose)
    return plan.clusters[0]


@pytest.mark.parametrize(
    "effect",
    [
        Refuse(400, "BadRequest", DENIED),
        Refuse(403, "Forbidden", DENIED),
        Refuse(422, "Invalid", "is invalid"),
        Refuse(500, "InternalError", DEAD),
    ],
)
def test_a_refusal_that_the_write_would_meet_blocks_both_planes(effect: Effect) -> None:
    simulation = stage()
    refused(simulation, effect)
    cluster = tried(simulation, RAISE)
    assert cluster.action is Action.BLOCKED
    assert cluster.reason.startswith("the API server would reject the apply")
    assert not cluster.writes


def test_a_right_that_is_missing_lets_plan_continue_and_blocks_apply() -> None:
    simulation = stage()
    refused(simulation, Deny())
    review = Page(200, b'{"kind": "SelfSubjectAccessReview", "spec": {}, "status": {"allowed": false}}')
    match = Match(service="kubernetes", operation="create selfsubjectaccessreviews")
    simulation.world.add_fault(Fault(review, match))
    assert tried(simulation, RAISE).action is Action.UPDATE
    cluster = tried(simulation, RAISE, Purpose.APPLY)
    assert cluster.action is Action.BLOCKED
    assert "the Deployment cannot be written: access denied" in cluster.reason


def test_403_with_the_right_at_hand_is_the_objects() -> None:
    simulation = stage()
    refused(simulation, Deny())
    assert tried(simulation, RAISE).reason.startswith("the API server would reject the apply")


TOLERATIONS = "version: 1\ncoredns: {configuration: {tolerations: [{operator: Exists}]}}\n" + ACCOUNTS


@pytest.mark.parametrize(
    ("effect", "action"),
    [
        (Refuse(422, "Invalid", "spec.template.spec.tolerations[0]: Invalid value"), Action.BLOCKED),
        (Refuse(403, "Forbidden", DENIED), Action.UPDATE),
    ],
)
def test_the_pod_template_of_an_add_on_update_is_tried_on_the_server(effect: Effect, action: Action) -> None:
    simulation = stage()
    refused(simulation, effect)
    cluster = tried(simulation, TOLERATIONS)
    assert cluster.action is action
    (one,) = (each for each in cluster.diagnostics if each.rule == TEMPLATE)
    assert effect.message in one.summary if isinstance(effect, Refuse) else False
    assert writes(simulation) == []


def test_a_pod_template_that_the_server_takes_is_not_a_finding() -> None:
    simulation = stage()
    spread = "{maxSkew: 1, topologyKey: a, whenUnsatisfiable: DoNotSchedule, labelSelector: {}}"
    affinity = "{podAffinity: {}}}, allowWeaken: true}"
    fleet = TOLERATIONS.replace(
        "[{operator: Exists}]",
        f"[{{operator: Exists}}], topologySpreadConstraints: [{spread}], affinity: {affinity} #",
    )
    cluster = tried(simulation, fleet)
    assert cluster.action is Action.UPDATE
    assert {one.rule for one in cluster.diagnostics} & {TEMPLATE, "pod-template-not-tried"} == set()
    assert simulation.count("dry-run deployments") == 1


def test_a_policy_that_takes_the_grace_back_is_found_while_planning() -> None:
    simulation = stage(workload="policyGrace: 30")
    cluster = tried(simulation, RAISE)
    assert cluster.action is Action.BLOCKED
    assert "terminationGracePeriodSeconds becomes 30 instead of 45" in cluster.reason
    assert writes(simulation) == []
    assert live(simulation).grace_seconds == 30


def test_a_policy_that_came_after_planning_is_seen_in_the_answer_and_ends_the_target() -> None:
    simulation = stage(workload="policyGrace: 30")
    result = simulation.apply(planned(simulation, RAISE))
    (one,) = result.results
    assert isinstance(one.outcome, Failed)
    assert "becomes 30 instead of 45" in one.outcome.trouble.message
    assert "UpdateAddon" not in writes(simulation)
    assert of_run(result) is ExitCode.ERROR


def test_going_down_the_corefile_waits_for_what_the_api_server_says_of_the_deployment() -> None:
    simulation = stage()
    assert isinstance(simulation.apply(planned(simulation, RAISE)).results[0].outcome, Changed)
    plan = planned(simulation, LOWER)
    assert plan.clusters[0].order == (Plane.ADDON, Plane.WORKLOAD)
    before = simulation.count("UpdateAddon")
    refused(simulation, Refuse(403, "Forbidden", DENIED))
    result = simulation.apply(plan, run_id="down")
    (one,) = result.results
    assert isinstance(one.outcome, Failed)
    assert DENIED in one.outcome.trouble.message
    assert simulation.count("UpdateAddon") == before
    assert "lameduck 20s" in (live(simulation).corefile or "")
