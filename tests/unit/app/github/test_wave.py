"""A job for one wave: which steps it takes, and how it ends."""

from dataclasses import replace

import pytest

from eksaddon.app.github.wave import Ended, Job, JobState, RunSoFar, Verdict, advance, recorded_run, so_far
from eksaddon.app.runs.journal import create_journal
from eksaddon.app.runs.rollout import new_run_id
from eksaddon.app.runs.waiting import WaitsFor
from eksaddon.domain.errors import EksdnsError
from eksaddon.domain.plan import Plan
from eksaddon.domain.run.records import Opened, to_json
from eksaddon.plan.planfile import SavedPlan
from eksaddon.store.memory import MemoryStore
from tests.support.rollouts import one_wave, plan_of, refs_of


def job(wave: str = "prod", approver: str = "") -> Job:
    return Job(wave, approver)


class Program:
    """Answers steps, each with an exit code and how far the run is then; an error is raised."""

    def __init__(self, *answers: tuple[int, RunSoFar] | EksdnsError) -> None:
        self.answers = list(answers)
        self.steps: list[tuple[str, ...]] = []
        self.verdict = Verdict(JobState.FAILED, 1)

    def _step(self, *step: str) -> Ended:
        self.steps.append(step)
        answer = self.answers.pop(0)
        if isinstance(answer, EksdnsError):
            raise answer
        return Ended(*answer)

    def begin(self) -> Ended:
        return self._step("begin")

    def resume(self, run_id: str) -> Ended:
        return self._step("resume", run_id)

    def retry(self, run_id: str) -> Ended:
        return self._step("retry", run_id)

    def approve(self, run_id: str, wave: str, by: str) -> Ended:
        return self._step("approve", run_id, wave, by)

    def advance(self, work: Job, known: RunSoFar | None = None) -> int:
        self.verdict = advance(work, known, self)
        return int(self.verdict.exit_code)


def run(state: str, **waves: str) -> RunSoFar:
    return RunSoFar("r1", state, waves)


def test_the_first_job_begins_the_run():
    program = Program((4, run("paused", prod="succeeded", rest="pending")))
    assert program.advance(job()) == 0
    assert program.steps == [("begin",)]


def test_later_jobs_resume_it():
    program = Program((0, run("succeeded", prod="succeeded")))
    assert program.advance(job(), run("paused", canary="succeeded")) == 0
    assert program.steps == [("resume", "r1")]


def test_an_approval_in_github_becomes_one_of_the_run():
    gated = run("paused", prod="gated")
    program = Program((4, gated), (0, run("succeeded", prod="succeeded")))
    assert program.advance(job(approver="ann in GitHub"), run("paused", canary="succeeded")) == 0
    assert program.steps == [("resume", "r1"), ("approve", "r1", "prod", "ann in GitHub")]


def test_without_an_approval_a_gate_stays_shut():
    program = Program((4, run("paused", prod="gated")))
    assert program.advance(job()) == 4
    assert len(program.steps) == 1


@pytest.mark.parametrize("state", ["succeeded", "skipped"])
def test_a_wave_that_is_done_is_not_done_again(state):
    program = Program()
    assert program.advance(job(), run("paused", prod=state)) == 0
    assert program.steps == []


def test_a_soak_that_is_not_over_keeps_later_waves_from_starting():
    assert Program((4, run("paused", prod="soaking"))).advance(job()) == 4


@pytest.mark.parametrize("code", [1, 3, 5, 64, 70, 143])
def test_a_failed_target_fails_the_job(code):
    assert Program((code, run("failed", prod="failed"))).advance(job()) == code


@pytest.mark.parametrize("code", [130, 143])
def test_an_interrupted_job_approves_nothing(code):
    program = Program((code, run("paused", prod="gated")))
    assert program.advance(job(approver="ann")) == code
    assert len(program.steps) == 1


def test_an_approval_that_is_refused_ends_the_job():
    program = Program((4, run("paused", prod="gated")), EksdnsError("held by another run"))
    with pytest.raises(EksdnsError, match="held"):
        program.advance(job(approver="ann"))
    assert len(program.steps) == 2


@pytest.mark.parametrize(("state", "code"), [("succeeded", 0), ("stopped", 1), ("failed", 1)])
def test_a_run_that_is_over_is_not_resumed(state, code):
    program = Program()
    waves = {"prod": "succeeded"} if code == 0 else {"prod": "failed"}
    assert program.advance(job(), run(state, **waves)) == code
    assert program.steps == []


def test_without_waves_the_whole_run_is_meant():
    assert Program((0, run("succeeded"))).advance(job("")) == 0
    assert Program((0, run("succeeded_with_failures"))).advance(job("")) == 1


def waiting(what: WaitsFor, **waves: str) -> RunSoFar:
    return RunSoFar("r1", "paused", waves, what)


def test_failures_that_paused_the_run_are_retried_and_never_accepted():
    known = waiting(WaitsFor.FAILURES, prod="running")
    program = Program((0, run("succeeded", prod="succeeded")))
    assert program.advance(job(), known) == 0
    assert program.steps == [("retry", "r1")]
    again = Program((4, known))
    assert again.advance(job(), known) == 4
    assert again.verdict.state is JobState.FAILED


@pytest.mark.parametrize("what", [WaitsFor.TIME, WaitsFor.APPROVAL])
def test_a_run_that_waits_for_a_time_or_a_person_has_not_failed(what):
    program = Program((4, waiting(what, prod="soaking")))
    assert program.advance(job()) == 0
    assert program.verdict.state is JobState.PAUSED


CLUSTERS = refs_of(3)
SAVED = replace(plan_of([("prod", CLUSTERS)]), created_at=1_767_258_000.0, strategy=one_wave())


def given(plan: Plan) -> SavedPlan:
    return SavedPlan(plan, (), "")


def begun(store: MemoryStore, plan: Plan = SAVED, at: float = 60) -> str:
    """A run of which a job wrote down the opening, and then was lost with all it had."""
    now = plan.created_at + at
    opened = Opened(now, new_run_id(now), plan, plan.strategy)
    create_journal(store, opened.run_id).append([to_json(opened)])
    return opened.run_id


def test_a_run_is_found_by_its_plan_where_the_job_that_began_it_left_nothing():
    store = MemoryStore()
    assert recorded_run(store, given(SAVED)) is None
    ours = begun(store)
    begun(store, replace(SAVED, digest="another shard"), at=90)
    found = recorded_run(store, given(SAVED))
    assert found is not None
    assert so_far(found) == RunSoFar(ours, "running", {})
    assert recorded_run(store, given(SAVED), ours) == found


def test_the_same_changes_planned_at_another_time_are_another_run():
    store = MemoryStore()
    begun(store)
    for seconds in (-86400, 60, 86400):
        assert recorded_run(store, given(replace(SAVED, created_at=SAVED.created_at + seconds))) is None


def test_a_clock_that_is_behind_that_of_the_planner_hides_no_run():
    store = MemoryStore()
    ours = begun(store, at=-600)
    found = recorded_run(store, given(SAVED))
    assert found is not None
    assert found.opened.run_id == ours


def test_runs_from_before_the_plan_are_not_read():
    store = MemoryStore()
    ours = begun(store)
    store.create("20250101-000000-aaaaaa").append([{"of": "a newer eksdns"}])
    assert recorded_run(store, given(replace(SAVED, digest="other"))) is None
    store.create("20270101-000000-aaaaaa")  # its process ended before the opening was recorded
    found = recorded_run(store, given(SAVED))
    assert found is not None
    assert found.opened.run_id == ours


def test_a_run_that_may_be_ours_and_cannot_be_read_is_not_begun_a_second_time():
    store = MemoryStore()
    begun(store)
    store.create("20270101-000000-aaaaaa").append([{"of": "a newer eksdns"}])
    with pytest.raises(EksdnsError):
        recorded_run(store, given(SAVED))


@pytest.mark.parametrize("named", [False, True])
def test_a_run_whose_journal_holds_another_plan_is_not_resumed(named: bool) -> None:
    """The digest and the time of the plan are those of the file; what would be written is not."""
    store = MemoryStore()
    first, *rest = SAVED.clusters
    assert first.write is not None
    evil = replace(first, write=replace(first.write, text='{"replicaCount":0}'))
    ours = begun(store, replace(SAVED, clusters=(evil, *rest)))
    with pytest.raises(EksdnsError, match=r"plan.clusters\[0\].write.text differs") as caught:
        recorded_run(store, given(SAVED), ours if named else "")
    assert caught.value.exit_code == 5
