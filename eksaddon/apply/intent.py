"""What a run means to do to a target: bring the plan's document, or take it back; pure."""

from dataclasses import dataclass, replace
from typing import assert_never

from eksaddon.apply.token import request_token
from eksaddon.apply.verdict import BUSY_STATES, SameDocument, is_healthy
from eksaddon.domain.observed import (
    AutoMode,
    Connected,
    Managed,
    NotActive,
    NotInstalled,
    Observed,
    Unreachable,
)
from eksaddon.domain.plan import AddonWrite, ClusterPlan
from eksaddon.domain.run.outcome import Changed, InSync, Outcome, RolledBack, Stale, UnreachableTarget
from eksaddon.domain.run.progress import TargetProgress
from eksaddon.domain.run.records import Writing
from eksaddon.domain.target import ClusterRef, Scope

EMPTY = "{}"
"""Takes all custom configuration back, where there was none before (source: EKS user guide)."""

_ARN_PARTS = 5
"""arn:partition:eks:region:account:resource"""

_UNHEALTHY = "addon-unhealthy"
"""The rule by which a plan says that it saw the add-on so, and means to change it all the same."""


@dataclass(frozen=True, slots=True)
class Intent:
    """One write.

    Attributes:
        restores: It takes back what this run did.
        token: clientRequestToken.
    """

    plan: ClusterPlan
    write: AddonWrite
    token: str
    restores: bool

    @property
    def ref(self) -> ClusterRef:
        return self.plan.target.ref

    def announced(self, now: float, before: str | None) -> Writing:
        return Writing(now, self.ref, self.token, before, self.restores)

    def brake(self, observed: Observed) -> str | None:
        """Why the target has to wait: an update runs, or the add-on fell ill since the plan was made."""
        if not isinstance(observed, Managed):
            return None
        if observed.status in BUSY_STATES:
            return f"the add-on is {observed.status}: somebody's update is running"
        was_ill = any(each.rule == _UNHEALTHY for each in self.plan.diagnostics)
        if self.restores or was_ill or is_healthy(observed):
            return None
        issues = "; ".join(f"{each.code}: {each.message}" for each in observed.issues)
        return f"the add-on is {observed.status}, which it was not when the plan was made" + (
            f" ({issues})" if issues else ""
        )

    def guard(self, observed: Observed, same: SameDocument) -> Outcome | None:
        """Refuse to write where the target is not as it has to be."""
        match observed:
            case Unreachable(trouble=trouble):
                return UnreachableTarget(trouble)
            case Managed():
                return self._guard_back(observed, same) if self.restores else self._guard(observed, same)
            case NotInstalled() | AutoMode() | NotActive() | Connected():
                return Stale("the add-on is gone since the plan was made")
            case _:
                assert_never(observed)

    def _guard(self, observed: Managed, same: SameDocument) -> Outcome | None:
        if elsewhere := self._elsewhere(observed):
            return elsewhere
        if observed.fingerprint == self.plan.fingerprint:
            return None
        if observed.version != self.plan.version:
            return Stale(f"the add-on is {observed.version} now, the plan was made for {self.plan.version}")
        if same(observed.text, self.write.text):
            return InSync()
        return Stale("its configuration was changed after the plan was made")

    def _elsewhere(self, observed: Managed) -> Stale | None:
        """The add-on names its account and region itself, whatever credentials led to it."""
        scope = self.ref.scope
        if (found := _scope_of(observed.arn)) and scope.account.isdigit() and found != scope:
            return Stale(f"the add-on found is in {found}, the plan is for {scope}")
        if observed.role_arn != self.write.role_arn:
            return Stale("the add-on has another role than the plan would send")
        here, planned = observed.namespace, self.plan.namespace
        return None if here == planned else Stale(f"the add-on is in namespace {here}, not in {planned}")

    def _guard_back(self, observed: Managed, same: SameDocument) -> Outcome | None:
        """Only what this run wrote is taken back, and only where nobody has written after it."""
        if observed.version != self.plan.version:
            return Stale(f"the add-on is {observed.version} now, and was {self.plan.version} in this run")
        if same(observed.text, self.write.before):
            return None
        if same(observed.text, self.write.text):
            return RolledBack("")
        return Stale("its configuration was changed after this run")

    def done(self, outcome: Outcome) -> Outcome:
        """What a good end is called."""
        return RolledBack(outcome.update_id) if self.restores and isinstance(outcome, Changed) else outcome


def _scope_of(arn: str) -> Scope | None:
    """None for an ARN that says neither account nor region."""
    parts = arn.split(":", _ARN_PARTS)
    return Scope(parts[4], parts[3]) if len(parts) > _ARN_PARTS and parts[3] and parts[4] else None


def intent_of(run_id: str, target: TargetProgress) -> Intent:
    """What is to be written to a target that has its turn.

    Raises:
        ValueError: Nothing is.
    """
    plan, write = target.plan, target.plan.write
    if write is None:
        raise ValueError(f"{plan.target}: nothing to write")
    if target.restores and target.changed is not None:
        write = replace(write, before=write.text, text=target.changed.before or EMPTY)
    token = request_token(run_id, plan, write.text, target.attempt)
    return Intent(plan, write, token, target.restores)
