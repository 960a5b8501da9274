"""Whole runs on virtual time: one outcome a target, width, brake and stop."""

import asyncio
import random
from collections.abc import Callable

import pytest

from eksaddon.apply.engine import Run, World, run_state, without_write
from eksaddon.apply.events import Ended, Event, Halted, Stepped
from eksaddon.apply.machine import Width
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.observed import Managed
from eksaddon.domain.outcome import Changed, Failed, Skipped, Unchanged, Unreached
from eksaddon.domain.plan import Action, AddonWrite, ClusterPlan, Plan
from eksaddon.domain.run import RunResult, RunState
from eksaddon.domain.target import ClusterRef, Target
from eksaddon.sim.inline import InlineExecutor
from eksaddon.sim.virtual_time import VirtualClock, run_virtually
from tests.support.addon_api import FakeAddonApi

BEFORE, AFTER = '{"replicaCount":2}', '{"replicaCount":3}'
TROUBLE = Trouble(Cause.THROTTLED, "slow down")


class Stage:
    def __init__(self, count: int, **fake: object) -> None:
        self.clock = VirtualClock()
        refs = [ClusterRef(f"acct{number % 3}", "eu-west-1", f"c{number:03}") for number in range(count)]
        addons = {ref: Managed(ref, "v1.11.4-eksbuild.28", "ACTIVE", BEFORE) for ref in refs}
        self.api = FakeAddonApi(self.clock.now, dict(addons), **fake)  # type: ignore[arg-type]  # by name
        self.plans = [
            ClusterPlan(
                Target(ref),
                Action.UPDATE,
                "",
                version=addon.version,
                fingerprint=addon.fingerprint,
                write=AddonWrite(BEFORE, AFTER, ResolveConflicts.NONE),
            )
            for ref, addon in addons.items()
        ]
        self.events: list[Event] = []

    def run(
        self, width: Width | None = None, during: Callable[[Run, Event], None] | None = None
    ) -> RunResult:
        def emit(event: Event) -> None:
            self.events.append(event)
            if during is not None:
                during(run, event)

        world = World(
            self.api, InlineExecutor(), self.clock, emit, lambda one, other: one == other, random.Random(3)
        )

        async def start() -> RunResult:
            return await run.execute()

        run = Run(Plan(tuple(self.plans), 0.0, "digest"), "run-1", world, width or Width())
        return run_virtually(start(), self.clock)


def test_every_target_ends_in_one_outcome_in_the_plans_order():
    stage = Stage(40)
    result = stage.run()
    assert [one.plan for one in result.results] == stage.plans
    assert all(isinstance(one.outcome, Changed) for one in result.results)
    assert result.state is RunState.SUCCEEDED
    assert len(stage.api.requests) == 40


def test_no_more_than_the_width_is_in_flight():
    stage, running, most = Stage(40), set(), 0
    stage.run(Width(total=6, per_scope=3))
    for event in stage.events:
        match event:
            case Stepped(ref=ref, step="writing"):
                running.add(ref)
                most = max(most, len(running))
            case Ended(ref=ref):
                running.discard(ref)
            case _:
                pass
    assert most == 6


def test_waiting_takes_no_real_time_and_counts_virtual_seconds():
    result = Stage(3, seconds=600.0).run()
    assert all(600 <= one.seconds < 700 for one in result.results)


def test_a_bad_end_starts_nothing_new_but_follows_what_runs():
    result = Stage(20, status="Failed").run(Width(total=4, per_scope=4))
    kinds = [type(one.outcome) for one in result.results]
    assert kinds.count(Failed) == 4
    assert kinds.count(Skipped) == 16
    assert result.state is RunState.STOPPED


def test_tolerated_failures_let_the_run_go_on():
    result = Stage(6, status="Failed").run(Width(total=1, per_scope=1, tolerance=10))
    assert all(isinstance(one.outcome, Failed) for one in result.results)
    assert result.state is RunState.FAILED


def test_a_stop_finishes_what_was_started_and_skips_the_rest():
    def stop(run: Run, event: Event) -> None:
        if isinstance(event, Stepped) and event.step == "updating":
            run.stop("interrupted")

    stage = Stage(10)
    result = stage.run(Width(total=2, per_scope=2), stop)
    kinds = [type(one.outcome) for one in result.results]
    assert kinds.count(Changed) == 2
    assert [one.outcome for one in result.results if isinstance(one.outcome, Skipped)] == [
        Skipped("interrupted")
    ] * 8
    assert any(isinstance(event, Halted) for event in stage.events)


def test_a_stop_while_nothing_runs_ends_the_run():
    stage = Stage(2)
    world = World(
        stage.api,
        InlineExecutor(),
        stage.clock,
        stage.events.append,
        lambda one, other: one == other,
        random.Random(3),
    )
    run = Run(Plan(tuple(stage.plans), 0.0, "digest"), "run-1", world)
    run.stop("interrupted")
    result = asyncio.run(run.execute())
    assert [type(one.outcome) for one in result.results] == [Skipped, Skipped]


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        (Action.NONE, Unchanged()),
        (Action.SKIP, Skipped("why")),
        (Action.BLOCKED, Skipped("blocked: why")),
        (Action.UNREACHABLE, Unreached(TROUBLE)),
        (Action.UPDATE, Unchanged()),
    ],
)
def test_what_is_not_written_has_an_outcome_too(action, expected):
    plan = ClusterPlan(Target(ClusterRef("1", "eu", "a")), action, "why", trouble=TROUBLE)
    assert without_write(plan, "not started") == expected


def test_an_unreachable_target_always_has_a_cause():
    plan = ClusterPlan(Target(ClusterRef("1", "eu", "a")), Action.UNREACHABLE, "why")
    assert without_write(plan, "") == Unreached(Trouble(Cause.UNKNOWN, "why"))


@pytest.mark.parametrize(
    ("outcomes", "stopped", "state"),
    [
        ((), False, RunState.SUCCEEDED),
        ((Unchanged(), Failed(TROUBLE)), False, RunState.SUCCEEDED_WITH_FAILURES),
        ((Unreached(TROUBLE),), False, RunState.FAILED),
        ((Unchanged(),), True, RunState.STOPPED),
    ],
)
def test_the_state_of_a_run_follows_from_its_outcomes(outcomes, stopped, state):
    assert run_state(outcomes, stopped=stopped) is state
