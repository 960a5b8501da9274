"""The rollout block as a strategy."""

from typing import assert_never

from eksaddon.config.build_match import build_match
from eksaddon.config.model.rollout import (
    ApprovalModel,
    CheckModel,
    CorefileTryModel,
    ProbeModel,
    RolloutModel,
    TimeLimitsModel,
    WaveModel,
    WindowModel,
)
from eksaddon.config.model.scalars import SECOND, nanoseconds
from eksaddon.domain.probing.gate import ProbeFrom, ProbeGate
from eksaddon.domain.probing.lookup import PortMode, Transport
from eksaddon.domain.probing.verdict import Thresholds, read_share
from eksaddon.domain.rollout.strategy import (
    COREFILE_TRY,
    Amount,
    Approval,
    Check,
    ConcurrencyMode,
    Count,
    EmptyWave,
    Gate,
    OnFailure,
    Percent,
    SpreadBy,
    Strategy,
    Unmatched,
    UnreachableIs,
    Wave,
)
from eksaddon.domain.rollout.time_limits import TimeLimits
from eksaddon.domain.rollout.window import DAYS, Window
from eksaddon.domain.selection import Match


def build_strategy(model: RolloutModel) -> Strategy:
    return Strategy(
        waves=tuple(_wave(each) for each in model.waves or model.stages),
        unmatched=Unmatched(model.unmatched),
        empty_wave=EmptyWave(model.empty_wave),
        concurrency_mode=ConcurrencyMode(model.concurrency_mode),
        unreachable=UnreachableIs(model.unreachable),
        windows=tuple(_window(each) for each in model.windows),
        time_limits=_time_limits(model.time_limits),
    )


def _time_limits(model: TimeLimitsModel) -> TimeLimits:
    return TimeLimits(model.busy, model.update, model.settle, model.consistency, model.reread)


def _window(model: WindowModel) -> Window:
    days = frozenset(DAYS.index(day) for day in model.days)
    return Window(days, model.begins, model.ends, model.timezone)


def _wave(model: WaveModel) -> Wave:
    return Wave(
        name=model.name,
        select=build_match(model.select) if model.select else Match(),
        limit=model.limit,
        before=tuple(_gate(each) for each in model.before),
        gates=tuple(_gate(each) for each in model.gates),
        max_concurrency=read_amount(model.max_concurrency),
        per_account=model.max_concurrency_per_account,
        per_region=model.max_concurrency_per_region,
        spread_by=SpreadBy(model.spread_by),
        failure_tolerance=read_amount(model.failure_tolerance),
        soak=model.soak,
        on_failure=OnFailure(model.on_failure),
    )


def _gate(model: ApprovalModel | CheckModel | CorefileTryModel | ProbeModel) -> Gate:
    match model:
        case ApprovalModel():
            return Approval()
        case CheckModel():
            return Check(
                model.name,
                model.initial_delay,
                model.interval,
                model.failure_limit,
                model.consecutive_success,
            )
        case CorefileTryModel():
            return Check(COREFILE_TRY)
        case ProbeModel():
            return _probe(model)
        case _:
            assert_never(model)


def _probe(model: ProbeModel) -> ProbeGate:
    share = None if model.max_loss is None else read_share(model.max_loss)
    lost = 0 if model.max_lost is None and share is None else model.max_lost
    outage = None if model.max_outage is None else nanoseconds(model.max_outage) / SECOND
    return ProbeGate(
        source=ProbeFrom(model.source),
        servers=tuple(model.servers),
        name=model.name,
        record_type=model.record_type,
        transport=Transport(model.transport),
        ports=PortMode(model.ports),
        rate=model.rate,
        timeout=nanoseconds(model.timeout) / SECOND,
        tries=model.tries,
        expect=tuple(model.expect),
        baseline=model.baseline,
        image=model.image,
        nodes=model.nodes,
        namespace=model.namespace,
        limits=Thresholds(lost, share, outage),
    )


def read_amount(amount: int | str) -> Amount:
    return Count(amount) if isinstance(amount, int) else Percent(int(amount.removesuffix("%")))
