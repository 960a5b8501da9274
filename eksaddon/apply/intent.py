"""The intended write of a target: the plan's document, or the previous one on a rollback; pure."""

from dataclasses import field, replace
from typing import assert_never

from eksaddon.apply.guard import Demand, lameduck_ns
from eksaddon.apply.planes import (
    addon_expectation,
    corefile_after,
    keeps_corefile,
    restored_text,
    rollback_expectation,
)
from eksaddon.apply.token import change_token, request_token
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.observed import (
    AutoMode,
    Connected,
    Managed,
    NotActive,
    NotInstalled,
    Observed,
    RegionUnavailable,
    Unreachable,
)
from eksaddon.domain.plan import AddonWrite, ClusterPlan
from eksaddon.domain.proof import (
    BUSY_STATES,
    ENDED_STATES,
    Behind,
    NotLive,
    Proven,
    Refused,
    Replaced,
    Running,
    SameDocument,
    Unhealthy,
    Unseen,
    brought_another,
    health_trouble,
    holds,
    is_healthy,
    proof_of,
    verdict,
)
from eksaddon.domain.run.outcome import (
    Changed,
    Failed,
    InSync,
    Outcome,
    RolledBack,
    Stale,
    Unproven,
    UnreachableTarget,
)
from eksaddon.domain.run.records import Writing
from eksaddon.domain.run.target_progress import TargetProgress
from eksaddon.domain.target import ClusterRef, Scope
from eksaddon.domain.update import HistoryNotRead, NoUpdate, UpdatePhase, UpdateRecord
from eksaddon.domain.versions.offered import VersionMove
from eksaddon.frozen import dataclass

EMPTY = "{}"
"""Resets all custom configuration, for targets without previous configuration (source: EKS user guide)."""

_ARN_PARTS = 5
"""arn:partition:eks:region:account:resource"""

_UNHEALTHY = "addon-unhealthy"
"""Rule of plans that change an add-on although it is unhealthy."""


@dataclass(frozen=True, slots=True)
class Send:
    """The write may be sent.

    Attributes:
        before: The stored document that is replaced.
        eks_time: Time of the read, by EKS's clock.
        modified_at: The add-on's modifiedAt at the read; 0 if EKS returned none.
    """

    before: str | None
    eks_time: float
    modified_at: float = 0.0


@dataclass(frozen=True, slots=True)
class ReadHistory:
    """The document is stored already; only its update shows whether it is in force."""


@dataclass(frozen=True, slots=True)
class Held:
    """The target cannot be written now; retry later.

    Attributes:
        cause: Cause to report if it takes too long.
    """

    reason: str
    cause: Cause = Cause.BUSY

    def timed_out(self, target: TargetProgress) -> Outcome:
        """Outcome if it takes too long: failed, or unproven after an announced write."""
        trouble = Trouble(self.cause, f"{self.reason}, until the time limit")
        return Unproven(trouble, target.update_id) if target.writing is not None else Failed(trouble)


@dataclass(frozen=True, slots=True)
class Late:
    """An update sent the document, but EKS still returns the previous one."""

    update_id: str

    @property
    def outcome(self) -> Unproven:
        """Outcome if it takes too long."""
        reason = f"update {self.update_id} was successful, but EKS still shows the document from before it"
        return Unproven(Trouble(Cause.NOT_SHOWN, reason, operation="DescribeAddon"), self.update_id)


NextStep = Send | ReadHistory | Held | Late | Outcome


@dataclass(frozen=True, slots=True)
class Intent:
    """An intended write.

    Attributes:
        token: clientRequestToken of this run and attempt.
        is_first: No update of this run is known, so the request may be one that another run sent already.
        restores: Restores the state before this run.
        own: Ids of the updates that this run started on the target.
        is_doubtful: The result of a recorded write is unknown, so the update history must be read before a
            write: EKS can return the previous document for a while.
    """

    plan: ClusterPlan
    write: AddonWrite
    token: str
    restores: bool
    own: frozenset[str] = field(default_factory=frozenset)
    is_doubtful: bool = False
    is_first: bool = False

    @property
    def ref(self) -> ClusterRef:
        return self.plan.target.ref

    @property
    def move(self) -> VersionMove | None:
        """The change of the add-on version that this write makes; None if the version stays."""
        move = self.plan.move
        return VersionMove(move.after, move.before) if move and self.restores else move

    @property
    def version(self) -> str:
        """The add-on version after this write."""
        return self.move.after if self.move else self.plan.version

    def announced(self, now: float, send: Send) -> Writing:
        token = self._token_for(send)
        return Writing(now, self.ref, token, send.before, self.restores, eks_time=send.eks_time)

    def _token_for(self, send: Send) -> str:
        """The token of the change itself, or of this run's attempt once the update history was read."""
        if not self.is_first or self.is_doubtful or not send.modified_at:
            return self.token
        return change_token(self.ref, self.plan.fingerprint, send.modified_at, self.write)

    def next_step(self, observed: Observed, same: SameDocument) -> NextStep:
        """Decide the next step for a target that was just read; every write passes here, also on resume."""
        match observed:
            case Unreachable(trouble=trouble):
                return UnreachableTarget(trouble)
            case Managed():
                return self._changed_by_others(observed, same) or self._of_addon(observed, same)
            case NotInstalled() | AutoMode() | NotActive() | Connected() | RegionUnavailable():
                return Stale("the add-on was removed after planning")
            case _:
                assert_never(observed)

    def _changed_by_others(self, observed: Managed, same: SameDocument) -> Stale | None:
        """Stale if the target was changed by another tool, including an update in progress; else None."""
        since = "after this run" if self.restores else "after the plan was made"
        if elsewhere := self._wrong_account(observed):
            return elsewhere
        move = self.move
        expected = {self.plan.version} if move is None else {move.before, move.after}
        if observed.version not in expected:
            used = self.plan.planned_version
            planned = f"this run used {used}" if self.restores else _planned_for(self.plan)
            return Stale(f"the add-on is {observed.version} now, {planned}")
        if observed.role_arn != self.write.role_arn:
            return Stale(
                f"its service account role was changed {since}, to another role than this update would send"
            )
        if self._holds(observed, same) or self._is_as_before(observed, same):
            return None
        if move is not None and not self.restores and observed.version == move.after:
            return Stale(f"the add-on is {observed.version} now, {_planned_for(self.plan)}")
        return Stale(f"its configuration was changed {since}")

    def _wrong_account(self, observed: Managed) -> Stale | None:
        """Stale if the add-on's ARN has another account or region than the target; else None."""
        scope = self.ref.scope
        if (found := _scope_of(observed.arn)) and scope.account.isdigit() and found != scope:
            return Stale(f"the add-on found is in {found}, the plan is for {scope}")
        here, planned = observed.namespace, self.plan.namespace
        return None if here == planned else Stale(f"the add-on is in namespace {here}, not in {planned}")

    def is_stored(self, observed: Observed, same: SameDocument) -> bool:
        """Whether the document is stored and nothing else changed."""
        is_there = isinstance(observed, Managed) and self._holds(observed, same)
        return is_there and isinstance(observed, Managed) and self._changed_by_others(observed, same) is None

    def _holds(self, observed: Managed, same: SameDocument) -> bool:
        """Whether the document to send is stored, and with it the version to send."""
        return holds(observed, self.write.text, self.write.version, same)

    def _is_as_before(self, observed: Managed, same: SameDocument) -> bool:
        if self.restores:
            return holds(observed, self.write.before, self.move.before if self.move else "", same)
        return observed.fingerprint == self.plan.fingerprint

    def _of_addon(self, observed: Managed, same: SameDocument) -> NextStep:
        if observed.status not in ENDED_STATES:
            return Held(_busy(observed.status))
        if self._holds(observed, same):
            return self._already_stored(observed, same)
        is_repeated = bool(self.own) and not self.restores
        if (self.is_doubtful or is_repeated) and (step := self._by_history(observed, same)):
            return step
        known_before = any(each.rule == _UNHEALTHY for each in self.plan.diagnostics)
        if self.restores or self.own or known_before or is_healthy(observed):
            return self._send(observed)
        trouble = health_trouble(observed)
        return Held(f"{trouble.message}; it was healthy when the plan was made", trouble.cause)

    def _by_history(self, observed: Managed, same: SameDocument) -> NextStep | None:
        """Why the document must not be sent, by the newest update; None if it may."""
        match observed.update:
            case HistoryNotRead():
                return ReadHistory()
            case Trouble() as trouble if self.is_doubtful:
                message = f"an earlier write may have succeeded: {trouble.message}"
                return Unproven(replace(trouble, message=message))
            case UpdateRecord(phase=UpdatePhase.RUNNING, id=update_id, status=status):
                return Held(f"update {update_id} is {status}")
            case UpdateRecord() as update if brought_another(update, observed.text, same, observed.version):
                if same(update.text, self.write.text) and update.version == self.write.version:
                    return Late(update.id)
                what = "configuration" if update.version in {"", observed.version} else "version"
                return Stale(f"its {what} was changed by update {update.id}")
            case UpdateRecord() | NoUpdate() | Trouble():
                return None
            case _:
                assert_never(observed.update)

    def _already_stored(self, observed: Managed, same: SameDocument) -> NextStep:
        """Decide for a stored document by its update, because the text alone proves nothing."""
        if isinstance(observed.update, HistoryNotRead):
            return ReadHistory()
        is_expected = self.restores or bool(self.own) or observed.fingerprint == self.plan.fingerprint
        found = verdict(proof_of(observed), self.write.text, None, same, self.move)
        match found:
            case Proven():
                return self._proven(observed.update)
            case Running(reason=reason):
                return Held(reason)
            case Behind(reason=reason):
                return Held(reason, Cause.NOT_SHOWN)
            case Refused(trouble=trouble) | Unhealthy(trouble=trouble):
                if is_expected:
                    return self._send(observed)
                return Stale(
                    f"the planned configuration was stored by another update, which failed: {trouble}"
                )
            case Unseen(trouble=trouble):
                if is_expected:
                    return Unproven(trouble)
                return Stale(
                    "the planned configuration was stored by another update, which could not be "
                    f"read: {trouble}"
                )
            case Replaced() | NotLive():
                raise AssertionError("the document was compared before, and the live objects are read later")
            case _:
                assert_never(found)

    def _proven(self, update: object) -> Outcome:
        update_id = update.id if isinstance(update, UpdateRecord) and update.id in self.own else ""
        if self.restores:
            return RolledBack(update_id)
        return Changed(update_id) if update_id else InSync()

    def _send(self, observed: Managed) -> Send:
        return Send(observed.text, observed.eks_time, observed.modified_at)

    def done(self, outcome: Outcome) -> Outcome:
        """Convert a success to rolled back if the intent restores, or to unproven without its proof."""
        if not self.restores or not isinstance(outcome, Changed):
            return outcome
        if not outcome.unverified:
            return RolledBack(outcome.update_id)
        message = f"the live objects could not be read after the rollback: {outcome.unverified}"
        return Unproven(Trouble(Cause.WORKLOAD, message, operation="Kubernetes API"), outcome.update_id)


def _scope_of(arn: str) -> Scope | None:
    """Account and region of an ARN; None if it has neither."""
    parts = arn.split(":", _ARN_PARTS)
    return Scope(parts[4], parts[3]) if len(parts) > _ARN_PARTS and parts[3] and parts[4] else None


def _planned_for(plan: ClusterPlan) -> str:
    return f"the plan was made for {plan.version}"


def _busy(status: str) -> str:
    if status in BUSY_STATES:
        return f"the add-on is {status}: another update is running"
    return f"the add-on is {status}, a state that this version does not know"


def demand_of(intent: Intent) -> Demand:
    """What the write requires of the pods."""
    plan = intent.plan
    corefile = "" if keeps_corefile(intent.write) else corefile_after(intent.write, intent.version)
    before, after = plan.cut_ns
    lameduck = lameduck_ns(corefile) if corefile else None
    if intent.restores:
        expected = rollback_expectation(plan, intent.write)
        is_kept = intent.write.resolve_conflicts is not ResolveConflicts.OVERWRITE
        return Demand(lameduck, before, plan.unverified, expected, is_kept=is_kept)
    expected = addon_expectation(plan, intent.write, is_begun=bool(intent.own))
    return Demand(lameduck, after, plan.unverified, expected)


def intent_of(run_id: str, target: TargetProgress, *, is_doubtful: bool = False) -> Intent:
    """The intended write of a target.

    Args:
        is_doubtful: The result of a recorded write is unknown. A rollback is the first write after it, and
            needs no history while EKS returns the document to roll back.

    Raises:
        ValueError: There is nothing to write.
    """
    plan, write = target.plan, target.plan.write
    if write is None:
        raise ValueError(f"{plan.target}: nothing to write")
    if target.restores and target.changed is not None:
        version = plan.version if plan.move else ""
        text = restored_text(plan, target.changed.before or EMPTY)
        write = replace(write, before=write.text, text=text, version=version)
    token = request_token(run_id, plan, write, target.attempt)
    doubt = is_doubtful and not target.restores
    is_first = not (target.restores or target.attempt or target.updates)
    return Intent(plan, write, token, target.restores, frozenset(target.updates), doubt, is_first)
