"""What an outcome means for a run: its word, and whether it counts against a tolerance."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import assert_never

from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.plan import Action, ClusterPlan
from eksaddon.domain.rollout.strategy import Strategy, UnreachableIs
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
        case None | Changed() | InSync() | Skipped() | Blocked() | RolledBack():
            return False
        case _:
            assert_never(outcome)


_WORDS: Mapping[type[Outcome], OutcomeWord] = MappingProxyType(
    {
        Changed: OutcomeWord.CHANGED,
        InSync: OutcomeWord.IN_SYNC,
        Skipped: OutcomeWord.SKIPPED,
        Blocked: OutcomeWord.BLOCKED,
        Stale: OutcomeWord.STALE,
        Failed: OutcomeWord.FAILED,
        UnreachableTarget: OutcomeWord.UNREACHABLE,
        Unproven: OutcomeWord.UNPROVEN,
        Updating: OutcomeWord.UPDATING,
        RolledBack: OutcomeWord.ROLLED_BACK,
    }
)


def outcome_word(outcome: Outcome) -> OutcomeWord:
    """The word of an outcome's class."""
    return _WORDS[type(outcome)]


def without_write(plan: ClusterPlan) -> Outcome | None:
    """The outcome of a target that is not to be written to; None for one that is."""
    match plan.action:
        case Action.UPDATE:
            return None if plan.writes else InSync()
        case Action.IN_SYNC:
            return InSync()
        case Action.BLOCKED:
            return Blocked(plan.reason)
        case Action.SKIPPED:
            return Skipped(plan.reason)
        case Action.UNREACHABLE:
            return UnreachableTarget(plan.trouble or Trouble(Cause.UNKNOWN, plan.reason))
        case _:
            assert_never(plan.action)
