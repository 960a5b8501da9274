"""The exit code table of the documentation, row by row."""

from dataclasses import replace

import pytest

from eksaddon.app.runs.exit_codes import of_counts, of_plan, of_run
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.errors import ExitCode
from eksaddon.domain.plan import Action, ClusterPlan, Plan
from eksaddon.domain.run.outcome import (
    Blocked,
    Changed,
    Failed,
    InSync,
    Outcome,
    RolledBack,
    Skipped,
    Stale,
    Unproven,
    UnreachableTarget,
)
from eksaddon.domain.run.result import RunResult, RunState, TargetResult
from eksaddon.domain.target import ClusterRef, Target

TROUBLE = Trouble(Cause.DENIED, "no")


def plan(*actions: Action) -> Plan:
    clusters = (
        ClusterPlan(Target(ClusterRef("1", "eu", str(number))), action, "")
        for number, action in enumerate(actions)
    )
    return Plan(tuple(clusters), 0.0, "digest")


@pytest.mark.parametrize(
    ("actions", "detailed", "code"),
    [
        ((), True, ExitCode.DONE),
        ((Action.IN_SYNC, Action.SKIPPED), True, ExitCode.DONE),
        ((Action.UPDATE,), False, ExitCode.DONE),
        ((Action.UPDATE,), True, ExitCode.CHANGES),
        ((Action.BLOCKED,), True, ExitCode.REFUSED),
        ((Action.BLOCKED, Action.BLOCKED), False, ExitCode.REFUSED),
        ((Action.BLOCKED, Action.UPDATE), True, ExitCode.PARTIAL),
        ((Action.BLOCKED, Action.IN_SYNC), False, ExitCode.PARTIAL),
        ((Action.BLOCKED, Action.UNREACHABLE), False, ExitCode.PARTIAL),
        ((Action.UPDATE, Action.UNREACHABLE), True, ExitCode.PARTIAL),
        ((Action.UNREACHABLE,), False, ExitCode.ERROR),
    ],
)
def test_a_plan_ends_with(actions, detailed, code):
    assert of_plan(plan(*actions), detailed=detailed) is code


@pytest.mark.parametrize(
    ("ends", "code"),
    [
        ([], ExitCode.DONE),
        ([(Action.UPDATE, Changed("u")), (Action.IN_SYNC, InSync())], ExitCode.DONE),
        ([(Action.UPDATE, Failed(TROUBLE))], ExitCode.ERROR),
        ([(Action.UNREACHABLE, UnreachableTarget(TROUBLE))], ExitCode.ERROR),
        ([(Action.UPDATE, Failed(TROUBLE)), (Action.UPDATE, Changed("u"))], ExitCode.PARTIAL),
        ([(Action.UPDATE, Failed(TROUBLE)), (Action.UPDATE, Skipped("not started"))], ExitCode.PARTIAL),
        ([(Action.UPDATE, Skipped("not started"))], ExitCode.PARTIAL),
        ([(Action.BLOCKED, Blocked("a rule"))], ExitCode.REFUSED),
        ([(Action.BLOCKED, Blocked("a rule")), (Action.IN_SYNC, InSync())], ExitCode.PARTIAL),
        ([(Action.UPDATE, Skipped("skipped: later")), (Action.UPDATE, Changed("u"))], ExitCode.DONE),
        ([(Action.UPDATE, Stale("moved"))], ExitCode.REFUSED),
        ([(Action.UPDATE, Stale("moved")), (Action.UPDATE, Changed("u"))], ExitCode.PARTIAL),
        ([(Action.SKIPPED, Skipped("not installed"))], ExitCode.DONE),
    ],
)
def test_a_run_ends_with(ends, code):
    made = plan(*(action for action, _ in ends))
    outcomes: list[Outcome] = [outcome for _, outcome in ends]
    results = tuple(TargetResult(one, end, 0.0) for one, end in zip(made.clusters, outcomes, strict=True))
    assert of_run(RunResult("r", RunState.SUCCEEDED, results, "digest", 0.0)) is code


@pytest.mark.parametrize(
    ("state", "ends", "asked", "code"),
    [
        (RunState.FAILED, [Changed("u")], False, ExitCode.PARTIAL),
        (RunState.FAILED, [Skipped("not started")], False, ExitCode.ERROR),
        (RunState.STOPPED, [Changed("u"), Failed(TROUBLE)], False, ExitCode.PARTIAL),
        (RunState.STOPPED, [Skipped("not started"), Failed(TROUBLE)], False, ExitCode.ERROR),
        (RunState.STOPPED, [Unproven(TROUBLE), Skipped("not started")], False, ExitCode.ERROR),
        (RunState.ROLLED_BACK, [RolledBack("u")], False, ExitCode.ERROR),
        (RunState.ROLLED_BACK, [RolledBack("u"), Changed("u")], True, ExitCode.DONE),
        (RunState.FAILED, [RolledBack("u"), Stale("moved")], True, ExitCode.PARTIAL),
        (RunState.SUCCEEDED_WITH_FAILURES, [Changed("u"), Unproven(TROUBLE)], False, ExitCode.PARTIAL),
    ],
)
def test_a_run_that_its_own_brakes_ended_is_never_done(state, ends, asked, code):
    made = plan(*[Action.UPDATE] * len(ends))
    results = tuple(TargetResult(one, end, 0.0) for one, end in zip(made.clusters, ends, strict=True))
    assert of_run(RunResult("r", state, results, "digest", 0.0, rollback_asked=asked)) is code


HALF, UNREAD = "no entry; preStop 5 not applied", "no entry"


@pytest.mark.parametrize(
    ("action", "unverified", "code"),
    [
        (Action.IN_SYNC, HALF, ExitCode.PARTIAL),
        (Action.IN_SYNC, UNREAD, ExitCode.PARTIAL),
        (Action.UPDATE, HALF, ExitCode.PARTIAL),
        (Action.UPDATE, UNREAD, ExitCode.CHANGES),
        (Action.BLOCKED, HALF, ExitCode.REFUSED),
    ],
)
def test_a_plan_that_excludes_what_was_asked_for_is_partial(action, unverified, code):
    clusters = tuple(replace(one, unverified=unverified) for one in plan(action).clusters)
    assert of_plan(replace(plan(), clusters=clusters), detailed=True) is code


@pytest.mark.parametrize("outcome", [InSync(HALF), Changed("u", unverified=UNREAD)])
def test_a_run_that_excludes_what_was_asked_for_is_partial(outcome):
    (made,) = plan(Action.UPDATE).clusters
    results = (TargetResult(made, outcome, 0.0),)
    assert of_run(RunResult("r", RunState.SUCCEEDED, results, "digest", 0.0)) is ExitCode.PARTIAL


def test_a_run_that_is_paused_says_so_whatever_has_failed_in_it():
    (made,) = plan(Action.UPDATE).clusters
    results = (TargetResult(made, Failed(TROUBLE), 0.0),)
    assert of_run(RunResult("r", RunState.PAUSED, results, "digest", 0.0)) is ExitCode.PAUSED


@pytest.mark.parametrize(
    ("counts", "code"),
    [
        ({"inSync": 3, "skipped": 1}, ExitCode.DONE),
        ({"drifted": 2, "inSync": 3}, ExitCode.DONE),
        ({"unhealthy": 1, "inSync": 3}, ExitCode.PARTIAL),
        ({"unhealthy": 2}, ExitCode.ERROR),
        ({"unverified": 1, "inSync": 1}, ExitCode.PARTIAL),
        ({"blocked": 2}, ExitCode.REFUSED),
        ({"blocked": 1, "update": 1}, ExitCode.PARTIAL),
        ({"unreachable": 1, "failed": 1}, ExitCode.ERROR),
        ({"stale": 1, "changed": 1}, ExitCode.PARTIAL),
    ],
)
def test_the_parts_of_a_fleet_end_with(counts, code):
    assert of_counts(counts) is code
