"""What an outcome means for the run."""

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.plan import Action, ClusterPlan
from eksaddon.domain.rollout.strategy import Approval, Check, Strategy, UnreachableIs, Wave, gate_names
from eksaddon.domain.run.classify import WENT_WRONG, is_failure, outcome_word, without_write
from eksaddon.domain.run.outcome import (
    Blocked,
    Changed,
    Failed,
    InSync,
    Outcome,
    OutcomeWord,
    RolledBack,
    Skipped,
    Stale,
    Unproven,
    UnreachableTarget,
    Updating,
)
from tests.support.rollouts import plan_of, refs_of

STRATEGY = Strategy((Wave("all"),))
LENIENT = replace(STRATEGY, unreachable=UnreachableIs.SKIP)
RAISED = plan_of([("all", refs_of(1))]).clusters[0]
DENIED = Trouble(Cause.DENIED, "no")


EVERY: tuple[Outcome, ...] = (
    Changed("u"),
    InSync(),
    Skipped("so"),
    Blocked("so"),
    Stale("so"),
    Failed(DENIED),
    UnreachableTarget(DENIED),
    Unproven(DENIED),
    Updating("u"),
    RolledBack("u"),
)


@pytest.mark.parametrize(
    "outcome", [None, Changed("u"), InSync(), Skipped("so"), Blocked("so"), RolledBack("u")]
)
@given(named=st.booleans())
def test_a_target_in_sync_is_not_a_failure(outcome: Outcome | None, *, named: bool) -> None:
    assert not is_failure(outcome, STRATEGY, named=named)


@given(st.sampled_from(Cause), st.booleans())
def test_named_waves_count_every_outcome_and_unnamed_ones_failures(cause: Cause, named: bool) -> None:
    trouble = Trouble(cause, "so")
    counts = named or cause in WENT_WRONG
    assert is_failure(Failed(trouble), STRATEGY, named=named) is counts
    assert is_failure(UnreachableTarget(trouble), STRATEGY, named=named) is named
    assert not is_failure(UnreachableTarget(trouble), LENIENT, named=named)
    assert is_failure(Unproven(trouble), LENIENT, named=named)
    assert is_failure(Stale("so"), STRATEGY, named=named) is named


@pytest.mark.parametrize(
    ("plan", "outcome"),
    [
        (RAISED, None),
        (replace(RAISED, write=None), InSync()),
        (replace(RAISED, action=Action.IN_SYNC), InSync()),
        (replace(RAISED, action=Action.BLOCKED), Blocked("1 change")),
        (replace(RAISED, action=Action.SKIPPED), Skipped("1 change")),
        (replace(RAISED, action=Action.UNREACHABLE, trouble=DENIED), UnreachableTarget(DENIED)),
        (replace(RAISED, action=Action.UNREACHABLE), UnreachableTarget(Trouble(Cause.UNKNOWN, "1 change"))),
    ],
)
def test_only_an_update_with_something_to_write_waits_for_its_outcome(
    plan: ClusterPlan, outcome: Outcome | None
) -> None:
    assert without_write(plan) == outcome


def test_the_word_of_an_outcome_is_its_key_in_the_counts() -> None:
    assert outcome_word(RolledBack("u")) == "rolledBack"
    assert {outcome_word(one) for one in EVERY} == set(OutcomeWord)
    assert {type(one) for one in EVERY} == set(get_args(Outcome))


@pytest.mark.parametrize(
    ("trouble", "text"),
    [(DENIED, "access-denied: no"), (Trouble(Cause.BUSY, ""), "busy")],
    ids=["said", "silent"],
)
def test_a_trouble_reports_its_cause_first(trouble: Trouble, text: str) -> None:
    assert str(trouble) == text


def test_a_denial_names_the_action_that_the_role_needs_where_it_is_known() -> None:
    assert replace(DENIED, action="eks:UpdateAddon").hint == "the role needs eks:UpdateAddon"
    assert DENIED.hint


def test_gates_are_named_in_order() -> None:
    wave = Wave("all", before=(Approval(),), gates=(Check("dns"), Approval()))
    assert gate_names(wave) == ("approval", "dns", "approval")
