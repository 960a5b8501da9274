"""Any history of a rollout: troubles, failures, kills and whatever people ask for in between."""

from collections import Counter

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from eksaddon.apply.events import Event, Stepped
from eksaddon.apply.machine import decide
from eksaddon.apply.steps import InFlight, Limits, Start, Step
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.rollout.strategy import (
    Approval,
    ConcurrencyMode,
    Count,
    OnFailure,
    Strategy,
    Wave,
    tolerance,
    width,
)
from eksaddon.domain.run.classify import is_failure
from eksaddon.domain.run.outcome import Failed, UnreachableTarget
from eksaddon.domain.run.progress import RunProgress, advance, started
from eksaddon.domain.run.records import (
    Approved,
    Ended,
    Record,
    Resumed,
    Retried,
    RollbackAsked,
    SkipAsked,
    WaveBegan,
    from_json,
)
from eksaddon.domain.run.result import RunState
from eksaddon.domain.run.wave_progress import WaveProgress
from eksaddon.domain.target import ClusterRef
from tests.support.rollouts import KilledError, Rollout, named, plan_of, refs_of

REFS = refs_of(9)
MEMBERS = (("canary", REFS[:2]), ("most", REFS[2:7]), ("last", REFS[7:]))
LIMITS = Limits(total=5, per_scope=3)
ENDLESS = 200
"""Records that no process of nine targets comes to."""

refs = st.sampled_from(REFS)
amounts = st.integers(0, 3).map(Count)
waves = st.builds(
    Wave,
    st.just(""),
    max_concurrency=st.integers(1, 4).map(Count),
    failure_tolerance=amounts,
    soak=st.sampled_from([0, 90]),
    before=st.sampled_from([(), (Approval(),)]),
    on_failure=st.sampled_from(OnFailure),
)
troubles = st.builds(
    Trouble,
    st.sampled_from([Cause.THROTTLED, Cause.DENIED, Cause.BUSY, Cause.UNKNOWN, Cause.CONFLICT]),
    st.just("so"),
)


def decided_well(run_progress: RunProgress, limits: Limits, in_flight: InFlight) -> Step:
    """Every decision of the machine, held against a count of all targets."""
    step = decide(run_progress, limits, in_flight)
    if isinstance(step, Start):
        new = tuple(ref for ref in step.refs if not run_progress.targets[ref].is_open)
        assert len(set(step.refs)) == len(step.refs)
        assert not in_flight.active & set(step.refs), "never twice at once"
        if new:
            assert new == step.refs, "what was left open is gone on with first"
            _started_well(run_progress, new, limits, in_flight)
    return step


def _started_well(
    run_progress: RunProgress, new: tuple[ClusterRef, ...], limits: Limits, in_flight: InFlight
) -> None:
    (name,) = {run_progress.targets[ref].plan.wave for ref in new}
    wave = run_progress.find(name)
    assert wave is not None
    going = in_flight.active | set(new)
    own = going & set(wave.members)
    assert not in_flight.halted
    assert len(going) <= limits.total
    assert max(Counter(ref.scope for ref in going).values()) <= limits.per_scope
    assert len(own) <= width(wave.wave.max_concurrency, len(wave.members))
    strategy, members = run_progress.opened.strategy, [run_progress.targets[ref] for ref in wave.members]
    failed = sum(is_failure(each.outcome, strategy, named=True) for each in members) - wave.forgiven
    borne = tolerance(wave.wave.failure_tolerance, len(wave.members))
    if not run_progress.rollback:
        assert failed <= borne or wave.wave.on_failure is OnFailure.CONTINUE
        before = run_progress.waves[: run_progress.waves.index(wave)]
        assert all(each.is_over for each in before)
    if strategy.concurrency_mode is ConcurrencyMode.STRICT:
        assert len(own) <= max(borne - failed + 1, 1)
    _in_the_stable_order(run_progress, new, wave, in_flight)


def _in_the_stable_order(
    run_progress: RunProgress, new: tuple[ClusterRef, ...], wave: WaveProgress, in_flight: InFlight
) -> None:
    """Who was passed over had to wait, or its account and region were full."""
    places = [wave.members.index(ref) for ref in new]
    assert places == sorted(places)
    full = {
        scope
        for scope, count in Counter(ref.scope for ref in in_flight.active | set(new)).items()
        if count >= LIMITS.per_scope
    }
    for ref in wave.members[: places[-1]]:
        target = run_progress.targets[ref]
        is_ready = target.outcome is None and ref not in in_flight.active and ref not in new
        if is_ready and (target.restores or not run_progress.rollback):
            assert ref.scope in full or in_flight.held.get(ref, 0.0) > in_flight.now


class RolloutModel(RuleBasedStateMachine):
    """One run, of which processes come and go."""

    @initialize(
        drawn=st.tuples(waves, waves, waves),
        seconds=st.sampled_from([10.0, 30.0, 400.0]),
        mode=st.sampled_from(ConcurrencyMode),
    )
    def opened(self, drawn: tuple[Wave, Wave, Wave], seconds: float, mode: ConcurrencyMode) -> None:
        each = tuple(named(wave, name) for wave, (name, _) in zip(drawn, MEMBERS, strict=True))
        strategy = Strategy(each, concurrency_mode=mode)
        self.made = Rollout(plan_of(MEMBERS), strategy, fake={"seconds": seconds})
        self.in_flight: set[ClusterRef] = set()
        self.written = 0
        self.made.begin()

    @rule(operation=st.sampled_from(["read", "update", "describe_update", "updates"]), trouble=troubles)
    def trouble_comes(self, operation: str, trouble: Trouble) -> None:
        self.made.api.troubles.setdefault(operation, []).append(trouble)

    @rule(trouble=troubles)
    def an_answer_is_lost(self, trouble: Trouble) -> None:
        self.made.api.lost.append(trouble)

    @rule(status=st.sampled_from(["Successful", "Failed"]))
    def updates_end_as(self, status: str) -> None:
        self.made.api.status = status

    @rule(ahead=st.none() | st.integers(0, 30), at_record=st.booleans())
    def a_process_goes(self, ahead: int | None, at_record: bool) -> None:  # drawn
        records, calls = len(self.made.journal.records), len(self.made.api.calls)
        limit = ENDLESS if ahead is None else ahead
        at_most = (records + limit, 10**9) if at_record else (10**9, calls + limit)
        if ahead is None:
            at_most = (10**9, 10**9)
        self.made.journal.before = lambda count: _die_from(count, at_most[0])
        self.made.api.before = lambda count: _die_from(count, at_most[1])
        self.in_flight = set()
        try:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("eksaddon.apply.engine.decide", decided_well)
                run_progress = self.made.process(LIMITS, during=lambda _, event: self._seen(event))
        except KilledError:
            return
        finally:
            self.made.journal.before = self.made.api.before = lambda _: None
        assert not self.in_flight
        assert run_progress.state is not RunState.RUNNING

    def _seen(self, event: Event) -> None:
        if isinstance(event, Stepped) and event.step == "writing":
            assert event.ref not in self.in_flight
            self.in_flight.add(event.ref)
            self.written += 1
        if isinstance(event, Ended):
            self.in_flight.discard(event.ref)
        assert len(self.in_flight) <= LIMITS.total
        for wave in self.made.strategy.waves:
            most = wave.max_concurrency.number
            assert len(self.in_flight & set(dict(MEMBERS)[wave.name])) <= most

    @rule()
    def somebody_resumes(self) -> None:
        self.made.tell(Resumed(self.made.clock.now(), "ann"))

    @rule(name=st.sampled_from([name for name, _ in MEMBERS]))
    def somebody_approves(self, name: str) -> None:
        self.made.tell(Approved(self.made.clock.now(), name, "ann"))

    @rule(ref=refs)
    def somebody_skips(self, ref: ClusterRef) -> None:
        target = self.made.run_progress().targets[ref]
        if target.outcome is None and not target.is_open:
            self.made.tell(SkipAsked(self.made.clock.now(), ref, "so"))

    @precondition(lambda self: not self.made.run_progress().rollback)
    @rule(ref=refs)
    def somebody_retries(self, ref: ClusterRef) -> None:
        if isinstance(self.made.run_progress().targets[ref].outcome, Failed | UnreachableTarget):
            self.made.tell(Retried(self.made.clock.now(), (ref,)))

    @precondition(lambda self: not any(each.is_open for each in self.made.run_progress().targets.values()))
    @rule()
    def somebody_rolls_back(self) -> None:
        names = tuple(name for name, _ in reversed(MEMBERS))
        self.made.tell(RollbackAsked(self.made.clock.now(), names))

    @invariant()
    def every_target_is_counted_once(self) -> None:
        assert sum(self.made.run_progress().counts.values()) == len(REFS)

    @invariant()
    def the_run_itself_never_changes(self) -> None:
        assert self.made.run_progress().opened.plan == self.made.plan
        assert self.made.run_progress().opened.strategy == self.made.strategy

    @invariant()
    def no_write_is_carried_out_twice(self) -> None:
        sent = Counter((ref, request.token) for ref, request in self.made.api.requests)
        assert not sent or max(sent.values()) == 1
        assert len(self.made.api.requests) <= self.written

    @invariant()
    def waves_go_in_order_and_no_failure_too_many_is_added_to(self) -> None:
        first, *rest = (from_json(each) for each in self.made.journal.read())
        run_progress = started(first)  # type: ignore[arg-type]  # a journal begins with it
        for record in rest:
            _in_order(run_progress, record)
            run_progress = advance(run_progress, record)
            _within_tolerance(run_progress)


def _die_from(count: int, limit: int) -> None:
    if count >= limit:
        raise KilledError


def _in_order(run_progress: RunProgress, record: Record) -> None:
    if isinstance(record, WaveBegan):
        names = [each.wave.name for each in run_progress.waves]
        assert all(each.is_over for each in run_progress.waves[: names.index(record.wave)])


def _within_tolerance(run_progress: RunProgress) -> None:
    """Those in flight when the wave had too many may still fail, and no others."""
    for wave in run_progress.waves:
        borne = tolerance(wave.wave.failure_tolerance, len(wave.members))
        if not run_progress.rollback:
            assert wave.counts.failures - wave.forgiven <= borne + wave.wave.max_concurrency.number


RolloutModel.TestCase.settings = settings(settings.default, stateful_step_count=12)
test_any_history = RolloutModel.TestCase
