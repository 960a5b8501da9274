"""What an outcome means for a run: its word, and whether it counts against a tolerance."""

from typing import assert_never

from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.plan import Action, ClusterPlan
from eksaddon.domain.rollout.strategy import Strategy, UnreachableIs
from eksaddon.domain.run.outcome import (
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

WENT_WRONG = frozenset(
    {
        Cause.UPDATE_FAILED,
        Cause.UPDATE_CANCELLED,
        Cause.UNHEALTHY,
        Cause.NOT_AS_PLANNED,
        Cause.STILL_RUNNING,
        Cause.CONFLICT,
        Cause.WORKLOAD,
        Cause.INTERNAL,
        Cause.POD_GRACE,
    }
)
"""EKS took the change and it did not end well, or eksdns has a bug: the next cluster may fare the same."""


def is_failure(outcome: Outcome | None, strategy: Strategy, *, named: bool) -> bool:
    """Whether an outcome counts against the tolerance.

    What was written and not proven counts against every tolerance: the next cluster may fare the same, and
    nobody knows how this one fared.

    In a wave that somebody described everything counts that is not as it should be. Where nobody did, a
    refusal such as a denied account says nothing about the next cluster.
    """
    match outcome:
        case Failed(trouble=trouble):
            return named or trouble.cause in WENT_WRONG
        case UnreachableTarget():
            return named and strategy.unreachable is UnreachableIs.FAILURE
        case Stale():
            return named
        case Unproven() | Updating():
            return True
        case None | Changed() | InSync() | Skipped() | RolledBack():
            return False
        case _:
            assert_never(outcome)


def outcome_word(outcome: Outcome) -> OutcomeWord:
    """The word of an outcome's class."""
    match outcome:
        case Changed():
            return OutcomeWord.CHANGED
        case InSync():
            return OutcomeWord.IN_SYNC
        case Skipped():
            return OutcomeWord.SKIPPED
        case Stale():
            return OutcomeWord.STALE
        case Failed():
            return OutcomeWord.FAILED
        case UnreachableTarget():
            return OutcomeWord.UNREACHABLE
        case Unproven():
            return OutcomeWord.UNPROVEN
        case Updating():
            return OutcomeWord.UPDATING
        case RolledBack():
            return OutcomeWord.ROLLED_BACK
        case _:
            assert_never(outcome)


def without_write(plan: ClusterPlan) -> Outcome | None:
    """The outcome of a target that is not to be written to; None for one that is."""
    match plan.action:
        case Action.UPDATE:
            return None if plan.writes else InSync()
        case Action.IN_SYNC:
            return InSync()
        case Action.BLOCKED:
            return Skipped(f"blocked: {plan.reason}")
        case Action.SKIPPED:
            return Skipped(plan.reason)
        case Action.UNREACHABLE:
            return UnreachableTarget(plan.trouble or Trouble(Cause.UNKNOWN, plan.reason))
        case _:
            assert_never(plan.action)
