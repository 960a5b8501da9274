"""Runs on virtual time whose waves have a probe: what it finds, and what the run does then."""

from dataclasses import replace

import pytest

from eksaddon.apply.engine import Run
from eksaddon.apply.events import Event
from eksaddon.apply.result import result_of
from eksaddon.apply.steps import Limits
from eksaddon.domain.probing.figures import Figures
from eksaddon.domain.probing.gate import ProbeGate
from eksaddon.domain.probing.server import DnsServer, read_server
from eksaddon.domain.probing.session import SessionState
from eksaddon.domain.probing.verdict import ProbeWord, Thresholds
from eksaddon.domain.rollout.strategy import Approval, Count, Gate, OnFailure, Strategy, Wave
from eksaddon.domain.run.progress import RunProgress
from eksaddon.domain.run.records import (
    Accepted,
    Approved,
    Ended,
    ProbeRead,
    ProbeStarted,
    Record,
    Resumed,
    Retried,
    Writing,
    from_json,
)
from eksaddon.domain.run.result import ProbeResult, RunState
from eksaddon.domain.run.wave_progress import WaveProgress
from eksaddon.domain.target import ClusterRef
from eksaddon.domain.workload import NotChecked
from eksaddon.ports.probes import ProbeReading
from tests.support.probes import FakeProbes, good, losing
from tests.support.rollouts import KilledError, Rollout, plan_of, refs_of


def rollout(
    *,
    gate: ProbeGate | None = None,
    on_failure: OnFailure = OnFailure.PAUSE,
    soak: int = 0,
    targets: int = 2,
    more: tuple[Gate, ...] = (),
) -> Rollout:
    """One cluster after the other in wave a, and one in wave b."""
    refs = refs_of(targets + 1)
    wave = Wave(
        "a", gates=(gate or ProbeGate(), *more), max_concurrency=Count(1), soak=soak, on_failure=on_failure
    )
    plan = plan_of([("a", refs[:targets]), ("b", refs[targets:])])
    made = Rollout(plan, Strategy((wave, Wave("b"))))
    made.checks = {"addon-health": healthy}
    return made


async def healthy(_: RunProgress, __: WaveProgress) -> tuple[str, str]:
    return "pass", ""


def probed(made: Rollout, count: object) -> FakeProbes:
    made.probes = FakeProbes(count, made.clock.now)  # type: ignore[arg-type]  # a function of the test
    return made.probes


def records(made: Rollout, *kinds: type[Record]) -> list[Record]:
    return [each for each in map(from_json, made.journal.read()) if isinstance(each, kinds)]


def result(run_progress: RunProgress) -> ProbeResult:
    found = result_of(run_progress).waves[0].probe
    assert found is not None
    return found


def lossless(_: ClusterRef, seconds: float) -> ProbeReading:
    return good(seconds)


def lost_in_the_change(ref: ClusterRef, seconds: float) -> ProbeReading:
    """The first cluster's change begins after the baseline of 5 s."""
    return losing(12 if seconds > 20 and ref == refs_of(1)[0] else 0, seconds)


def test_lookups_are_measured_before_the_first_write_and_after_the_last_proof():
    made = rollout(soak=60)
    fake = probed(made, lossless)
    run_progress = made.run()
    assert run_progress.state is RunState.SUCCEEDED
    assert [each.ref for each in fake.requests] == refs_of(2)
    assert {each.with_pods for each in fake.requests} == {False}, "a probe from here asks no pods"
    order = [type(each) for each in records(made, ProbeStarted, ProbeRead, Writing, Ended)]
    assert order[:3] == [ProbeStarted, ProbeRead, Writing]
    last = records(made, ProbeRead)[-1]
    ends = [each.at for each in records(made, Ended)[:2]]
    assert isinstance(last, ProbeRead)
    assert last.state is SessionState.COMPLETE
    assert last.at >= ends[-1] + 60
    found = result(run_progress)
    assert (found.verdict, found.is_over, found.unmeasured) == (ProbeWord.PASS, True, 0.0)
    assert all(each.ended is not None for each in fake.running)


def test_every_second_a_loss_is_looked_for_and_every_minute_kept():
    made = rollout(soak=600)
    probed(made, lossless)
    made.run()
    kept = [each.at for each in records(made, ProbeRead)]
    assert all(59 <= later - earlier <= 61 for earlier, later in zip(kept[-9:-2], kept[-8:-1], strict=True))


@pytest.mark.parametrize(
    ("on_failure", "state", "written"),
    [
        (OnFailure.PAUSE, RunState.PAUSED, 1),
        (OnFailure.STOP, RunState.STOPPED, 1),
        (OnFailure.ROLLBACK_WAVE, RunState.ROLLED_BACK, 2),
        (OnFailure.CONTINUE, RunState.FAILED, 3),
    ],
)
def test_loss_in_a_change_ends_the_wave_as_its_on_failure_says(on_failure, state, written):
    made = rollout(on_failure=on_failure)
    probed(made, lost_in_the_change)
    run_progress = made.run()
    assert (run_progress.state, len(made.api.requests)) == (state, written)
    found = result(run_progress)
    assert found.verdict is ProbeWord.FAIL
    assert "12 of" in found.reasons[0]
    if state is not RunState.FAILED:
        assert "12 of" in result_of(run_progress).reason


def test_loss_within_the_limits_passes():
    made = rollout(gate=ProbeGate(limits=Thresholds(12)))
    probed(made, lost_in_the_change)
    run_progress = made.run()
    assert run_progress.state is RunState.SUCCEEDED
    assert result(run_progress).clusters[0].figures.lost == 12


def test_loss_while_the_wave_soaks_pauses():
    made = rollout(soak=600, targets=1)
    probed(made, lambda _, seconds: losing(1 if seconds > 300 else 0, seconds))
    run_progress = made.run()
    assert run_progress.state is RunState.PAUSED
    assert run_progress.waves[0].until > made.clock.now()


@pytest.mark.parametrize(
    ("count", "why"),
    [
        (lambda *_: NotChecked("access denied"), "access denied"),
        (lambda *_: ProbeReading(Figures(), "the pods are gone"), "the pods are gone"),
        (lambda _, seconds: losing(int(seconds * 20), seconds), "no reply of any kind arrived"),
        (lambda _, seconds: losing(min(1, int(seconds)), seconds), "lookups failed (1 timeout)"),
    ],
)
@pytest.mark.parametrize("on_failure", [OnFailure.ROLLBACK_WAVE, OnFailure.CONTINUE])
def test_nothing_is_written_where_lookups_cannot_be_measured_or_fail_already(count, why, on_failure):
    made = rollout(on_failure=on_failure)
    probed(made, count)
    run_progress = made.run()
    assert (run_progress.state, made.api.requests) == (RunState.PAUSED, [])
    assert why in run_progress.reason


def test_a_run_that_cannot_measure_at_all_pauses():
    run_progress = rollout().run()
    assert run_progress.state is RunState.PAUSED
    assert "cannot be measured" in run_progress.reason


def test_lookups_not_sent_in_time_pause_at_the_end():
    made = rollout(targets=1)
    late = Figures(1000, 100, 900, 900)
    probed(made, lambda _, seconds: ProbeReading(late) if seconds > 20 else good(seconds))
    run_progress = made.run()
    assert (run_progress.state, len(made.api.requests)) == (RunState.PAUSED, 1)
    assert "not sent in time" in run_progress.reason


def test_a_user_who_resumes_after_a_loss_has_seen_it_and_the_report_keeps_it():
    made = rollout()
    fake = probed(made, lost_in_the_change)
    assert made.run().state is RunState.PAUSED
    fake.count = lossless
    made.tell(Resumed(made.clock.now(), "ann"))
    run_progress = made.process()
    assert run_progress.state is RunState.SUCCEEDED
    found = result(run_progress)
    assert (found.verdict, found.clusters[0].figures.lost) == (ProbeWord.FAIL, 12)


def killed(made: Rollout, at: type[Record]) -> None:
    def during(_: Run, event: Event) -> None:
        if isinstance(event, at):
            raise KilledError

    made.begin()
    with pytest.raises(KilledError):
        made.process(during=during)


def test_after_a_kill_in_a_change_the_probe_starts_again_and_the_gap_pauses():
    made = rollout()
    probed(made, lossless)
    killed(made, Accepted)
    made.clock.advance(34)
    made.tell(Resumed(made.clock.now(), "ann"))
    run_progress = made.process()
    assert run_progress.state is RunState.PAUSED
    assert "while clusters were being changed" in run_progress.reason
    order = [type(each) for each in records(made, ProbeStarted, Resumed, Ended)]
    assert order == [ProbeStarted, Resumed, ProbeStarted, Ended]
    assert result(run_progress).unmeasured >= 34
    made.tell(Resumed(made.clock.now(), "ann"))
    assert made.process().state is RunState.SUCCEEDED


def test_after_a_kill_between_two_changes_the_gap_is_reported_and_the_run_continues():
    made = rollout()
    probed(made, lossless)
    killed(made, Ended)
    made.clock.advance(34)
    made.tell(Resumed(made.clock.now(), "ann"))
    run_progress = made.process()
    assert run_progress.state is RunState.SUCCEEDED
    assert result(run_progress).unmeasured >= 34


def test_a_soak_that_another_process_sees_to_its_end_is_measured():
    made = rollout(soak=600, targets=1)
    fake = probed(made, lossless)
    made.begin()
    assert made.process(Limits(max_wait=60)).state is RunState.PAUSED
    made.clock.advance(100)
    made.tell(Resumed(made.clock.now(), "ann"))
    run_progress = made.process()
    assert (run_progress.state, len(fake.requests)) == (RunState.SUCCEEDED, 2)
    assert result(run_progress).unmeasured >= 100


def test_an_approval_after_the_wave_comes_after_its_last_lookups():
    made = rollout(targets=1, more=(Approval(),))
    fake = probed(made, lossless)
    run_progress = made.run()
    assert "approval" in run_progress.reason
    assert result(run_progress).is_over
    made.tell(Approved(made.clock.now(), "a", "ann"))
    made.tell(Resumed(made.clock.now(), "ann"))
    assert (made.process().state, len(fake.requests)) == (RunState.SUCCEEDED, 1)


def test_a_retry_is_measured_again():
    made = rollout(targets=1)
    fake = probed(made, lossless)
    made.api.status = "Failed"
    assert made.run().state is RunState.PAUSED
    made.api.status = "Successful"
    made.tell(Retried(made.clock.now(), tuple(refs_of(1))))
    assert (made.process().state, len(fake.requests)) == (RunState.SUCCEEDED, 2)


def test_a_cluster_is_asked_by_the_servers_that_answer_for_it():
    made = rollout(targets=1)
    fake = probed(made, lossless)
    own = (read_server("10.0.0.10"), read_server("other=10.0.0.11"))
    made.servers, made.dns_name = own, "example.org."
    made.run()
    assert fake.requests[0].servers == (DnsServer("10.0.0.10"),)
    assert fake.requests[0].gate == replace(ProbeGate(), name="example.org.")
