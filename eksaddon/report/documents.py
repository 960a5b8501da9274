"""The JSON documents that other programs read: camelCase keys in a stable order, counts that add up."""

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import assert_never

from eksaddon.domain.cause import Trouble
from eksaddon.domain.diagnostic import Diagnostic
from eksaddon.domain.json import Json, JsonObject
from eksaddon.domain.outcome import (
    Changed,
    Failed,
    Outcome,
    RolledBack,
    Skipped,
    Stale,
    Unchanged,
    Unreached,
)
from eksaddon.domain.plan import Action, Change, ClusterPlan, Plan
from eksaddon.domain.run import RunResult, TargetResult

SCHEMA_VERSION = 1


class DriftState(StrEnum):
    IN_SYNC = "inSync"
    DRIFTED = "drifted"
    SKIPPED = "skipped"
    UNREACHABLE = "unreachable"


def timestamp(seconds: float) -> str:
    """UTC, ISO 8601, whole seconds."""
    return datetime.fromtimestamp(int(seconds), UTC).isoformat().replace("+00:00", "Z")


def plan_document(plan: Plan) -> JsonObject:
    counts = {action.value: plan.count(action) for action in Action}
    return {
        "schemaVersion": SCHEMA_VERSION,
        "kind": "plan",
        "digest": plan.digest,
        "createdAt": timestamp(plan.created_at),
        "summary": {"targets": len(plan.clusters), **counts},
        "clusters": [_planned(cluster) for cluster in plan.clusters],
    }


def _planned(cluster: ClusterPlan) -> JsonObject:
    return {
        **_where(cluster),
        "action": cluster.action.value,
        "reason": cluster.reason,
        "fingerprint": cluster.fingerprint,
        "wave": cluster.wave,
        **_details(cluster),
    }


def _where(cluster: ClusterPlan) -> JsonObject:
    ref = cluster.target.ref
    return {
        "account": ref.account,
        "region": ref.region,
        "name": ref.name,
        "addonVersion": cluster.version,
    }


def _details(cluster: ClusterPlan) -> JsonObject:
    return {
        "changes": [_change(change) for change in cluster.changes],
        "diagnostics": [_diagnostic(diagnostic) for diagnostic in cluster.diagnostics],
    }


def _change(change: Change) -> JsonObject:
    found: dict[str, Json] = {
        "plane": change.plane.value,
        "path": change.path,
        "before": change.before,
        "after": change.after,
    }
    return {**found, "note": change.note} if change.note else found


def _diagnostic(diagnostic: Diagnostic) -> JsonObject:
    return {
        "severity": diagnostic.severity.value,
        "rule": diagnostic.rule,
        "summary": diagnostic.summary,
        "detail": diagnostic.detail,
        "location": None if diagnostic.location is None else str(diagnostic.location),
    }


def run_document(result: RunResult) -> JsonObject:
    return {
        "schemaVersion": SCHEMA_VERSION,
        "kind": "run",
        "runId": result.run_id,
        "state": result.state.value,
        "digest": result.digest,
        "createdAt": timestamp(result.created_at),
        "summary": _run_summary(result.results),
        "clusters": [_ended(one) for one in result.results],
    }


def outcome_word(outcome: Outcome) -> str:
    """As counted in a run's summary."""
    match outcome:
        case Changed():
            return "changed"
        case Unchanged():
            return "unchanged"
        case Skipped():
            return "skipped"
        case Stale():
            return "stale"
        case Failed():
            return "failed"
        case Unreached():
            return "unreached"
        case RolledBack():
            return "rolledBack"
        case _:
            assert_never(outcome)


OUTCOME_WORDS = ("changed", "unchanged", "skipped", "stale", "failed", "unreached", "rolledBack")


def _run_summary(results: Sequence[TargetResult]) -> JsonObject:
    words = [outcome_word(one.outcome) for one in results]
    return {"targets": len(words), **{word: words.count(word) for word in OUTCOME_WORDS}}


def _ended(one: TargetResult) -> JsonObject:
    trouble = trouble_of(one.outcome)
    return {
        **_where(one.plan),
        "outcome": outcome_word(one.outcome),
        "reason": reason_of(one.outcome),
        "cause": None if trouble is None else trouble.cause.value,
        "hint": "" if trouble is None else trouble.hint,
        "updateId": update_id_of(one.outcome),
        "seconds": round(one.seconds),
        "wave": one.plan.wave,
        **_details(one.plan),
    }


def trouble_of(outcome: Outcome) -> Trouble | None:
    return outcome.trouble if isinstance(outcome, Failed | Unreached) else None


def reason_of(outcome: Outcome) -> str:
    match outcome:
        case Skipped(reason=reason) | Stale(reason=reason):
            return reason
        case Failed(trouble=trouble) | Unreached(trouble=trouble):
            return trouble.message
        case Changed() | Unchanged() | RolledBack():
            return ""
        case _:
            assert_never(outcome)


def update_id_of(outcome: Outcome) -> str | None:
    match outcome:
        case Changed(update_id=found) | Failed(update_id=found) | Unreached(update_id=found):
            return found or None
        case RolledBack(update_id=found):
            return found or None
        case Unchanged() | Skipped() | Stale():
            return None
        case _:
            assert_never(outcome)


def drift_state(cluster: ClusterPlan) -> DriftState:
    """A plane that is managed but was not looked at keeps a cluster from being in sync."""
    match cluster.action:
        case Action.UPDATE | Action.BLOCKED:
            return DriftState.DRIFTED
        case Action.SKIP:
            return DriftState.SKIPPED
        case Action.UNREACHABLE:
            return DriftState.UNREACHABLE
        case Action.NONE:
            unseen = any(one.rule == "workload-not-checked" for one in cluster.diagnostics)
            return DriftState.UNREACHABLE if unseen else DriftState.IN_SYNC
        case _:
            assert_never(cluster.action)


def drift_document(plan: Plan) -> JsonObject:
    states = [drift_state(cluster) for cluster in plan.clusters]
    return {
        "schemaVersion": SCHEMA_VERSION,
        "kind": "drift",
        "createdAt": timestamp(plan.created_at),
        "summary": {"targets": len(states), **{state.value: states.count(state) for state in DriftState}},
        "clusters": [
            {
                **_where(cluster),
                "state": state.value,
                "reason": cluster.reason,
                "cause": None if cluster.trouble is None else cluster.trouble.cause.value,
                **_details(cluster),
            }
            for cluster, state in zip(plan.clusters, states, strict=True)
        ],
    }
