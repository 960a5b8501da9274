"""Builds the report model from the result of a command."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType

from eksaddon.domain.cause import Trouble
from eksaddon.domain.last_update import LastUpdate
from eksaddon.domain.plan import Action, ClusterPlan, Plan
from eksaddon.domain.rollout.strategy import Wave, at_once, gate_names
from eksaddon.domain.run.classify import outcome_word
from eksaddon.domain.run.result import RunResult, TargetResult, WaveResult
from eksaddon.domain.shards.shard import ShardMark
from eksaddon.domain.target import ClusterRef
from eksaddon.report.model.classify import drift_state, reason_of, trouble_of, update_id_of, why_unverified
from eksaddon.report.model.model import Entry, ReportModel
from eksaddon.report.model.states import DriftState, Kind

NO_UPDATES: Mapping[ClusterRef, LastUpdate] = MappingProxyType({})


def timestamp(seconds: float) -> str:
    """Format as UTC, ISO 8601, whole seconds."""
    return datetime.fromtimestamp(int(seconds), UTC).isoformat().replace("+00:00", "Z")


SHARD_WAVE = "limit counts in each shard here; the rollout takes the members from the whole fleet"
"""Why a wave with a limit is not the rollout's."""


def plan_model(plan: Plan, shard: ShardMark | None = None) -> ReportModel:
    """Args: shard: None for a whole fleet."""
    entries = tuple(_entry(one, one.action.value, one.reason) for one in plan.clusters)
    is_part = shard is not None and shard.of > 1
    waves = tuple(_wave(wave, plan, is_part=is_part) for wave in plan.strategy.waves if wave.name)
    return ReportModel(
        Kind.PLAN, timestamp(plan.created_at), entries, digest=plan.digest, waves=waves, shard=shard
    )


def _wave(wave: Wave, plan: Plan, *, is_part: bool) -> WaveResult:
    """A wave before the run."""
    actions = [one.action for one in plan.clusters if one.wave == wave.name]
    size = actions.count(Action.UPDATE)
    members = size + actions.count(Action.UNREACHABLE)
    wide = at_once(wave, members, plan.strategy.concurrency_mode) if size else 0
    reason = SHARD_WAVE if is_part and wave.limit else ""
    return WaveResult(wave.name, "pending", size, wide, wave.soak, gate_names(wave), reason=reason)


def drift_model(plan: Plan, updates: Mapping[ClusterRef, LastUpdate] = NO_UPDATES) -> ReportModel:
    entries = tuple(
        replace(_compared(one), last_update=updates.get(one.target.ref)) if updates else _compared(one)
        for one in plan.clusters
    )
    return ReportModel(Kind.DRIFT, timestamp(plan.created_at), entries)


def _compared(cluster: ClusterPlan) -> Entry:
    state = drift_state(cluster)
    return _entry(cluster, state.value, _why(cluster, state))


def _why(cluster: ClusterPlan, state: DriftState) -> str:
    """Reason of a drift state; always set for an unreachable or unverified target."""
    if state is DriftState.UNVERIFIED:
        return why_unverified(cluster)
    count = sum(one.deviates for one in cluster.live)
    if state is DriftState.DRIFTED and cluster.action is Action.IN_SYNC and count:
        return (
            f"{count} live setting{'s' if count > 1 else ''} differ{'' if count > 1 else 's'} from "
            "EKS's configuration"
        )
    return cluster.reason


def _entry(cluster: ClusterPlan, state: str, reason: str) -> Entry:
    trouble = cluster.trouble
    return Entry(
        ref=cluster.target.ref,
        state=state,
        reason=reason,
        account_name=cluster.target.account_name,
        labels=cluster.target.labels,
        version=cluster.version,
        cause=_cause(trouble),
        hint=_hint(trouble),
        changes=cluster.changes,
        diagnostics=cluster.diagnostics,
        wave=cluster.wave,
        fingerprint=cluster.fingerprint,
        live=cluster.live,
        weakens=cluster.weakens,
    )


def run_model(result: RunResult) -> ReportModel:
    return ReportModel(
        Kind.RUN,
        timestamp(result.created_at),
        tuple(_ended(one, result.run_id) for one in result.results),
        digest=result.digest,
        run_id=result.run_id,
        run_state=result.state.value,
        reason=result.reason,
        waves=result.waves,
        failed_before=result.failed_before,
    )


def _ended(one: TargetResult, run_id: str) -> Entry:
    outcome = one.outcome
    entry = _entry(one.plan, outcome_word(outcome), reason_of(outcome))
    trouble = trouble_of(outcome)
    return replace(
        entry,
        cause=_cause(trouble),
        hint=_hint(trouble).replace(_RESUME, f"`eksdns resume {run_id}`"),
        fingerprint="",
        live=(),
        update_id=update_id_of(outcome) or "",
        seconds=round(one.seconds),
    )


_RESUME = "`eksdns resume RUN`"
"""In hints of causes, which do not know the run."""


def _cause(trouble: Trouble | None) -> str:
    return trouble.cause.value if trouble else ""


def _hint(trouble: Trouble | None) -> str:
    return trouble.hint if trouble else ""
