"""Classifies outcomes: their names, and whether they count as failures."""

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
"""EKS accepted the change and it failed, or eksdns has a bug: the next cluster may be affected too."""


def is_failure(outcome: Outcome | None, strategy: Strategy, *, named: bool) -> bool:
    """Whether an outcome counts as a failure of its wave.

    An unproven write always counts: its result is unknown, and the next cluster may be affected too.

    In a named wave, every outcome that is not the desired one counts. Without configured waves, a rejection
    such as access denied in one account does not predict the result of the next cluster.
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
    """Name of an outcome's class."""
    return _WORDS[type(outcome)]


def without_write(plan: ClusterPlan) -> Outcome | None:
    """The outcome of a target without a write; None for a target with one."""
    match plan.action:
        case Action.UPDATE:
            return None if plan.writes else InSync()
        case Action.IN_SYNC:
            return InSync(plan.unverified)
        case Action.BLOCKED:
            return Blocked(plan.reason)
        case Action.SKIPPED:
            return Skipped(plan.reason)
        case Action.UNREACHABLE:
            return UnreachableTarget(plan.trouble or Trouble(Cause.UNKNOWN, plan.reason))
        case _:
            assert_never(plan.action)
