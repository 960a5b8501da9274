"""Every cell of the table: run states by verbs."""

from dataclasses import replace

import pytest

from eksaddon.app.runs import asks
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.rollout.strategy import Strategy, Wave
from eksaddon.domain.run.outcome import Changed, Failed, RolledBack
from eksaddon.domain.run.progress import RunProgress, advance, started
from eksaddon.domain.run.records import (
    Accepted,
    Closed,
    Ended,
    Opened,
    Paused,
    RollbackAsked,
    Stopped,
    WaveBegan,
    WaveEnded,
    Writing,
)
from eksaddon.domain.run.result import RunState
from eksaddon.domain.run.verbs import NextStep, Verb, next_steps, refusal
from tests.support.rollouts import BEFORE, RUN, plan_of, refs_of
from tests.support.run_states import PAGE, written

CHANGED, FAILED, WAITING = refs_of(3)
FRESH = started(
    Opened(0.0, RUN, plan_of([("a", (CHANGED, FAILED)), ("b", (WAITING,))]), Strategy((Wave("a"), Wave("b"))))
)
NO = Failed(Trouble(Cause.DENIED, "no"))


def after(run_progress: RunProgress, *records: object) -> RunProgress:
    for record in records:
        run_progress = advance(run_progress, record)  # type: ignore[arg-type]  # records by name
    return run_progress


WORKED = after(
    FRESH,
    WaveBegan(1.0, "a"),
    Writing(1.0, CHANGED, "t", BEFORE),
    Accepted(2.0, CHANGED, "u1"),
    Ended(3.0, CHANGED, Changed("u1")),
    Ended(3.0, FAILED, NO),
)
ROLLING = after(WORKED, RollbackAsked(4.0, ("a",)))
ROLLED = after(ROLLING, Ended(5.0, CHANGED, RolledBack("u2")), Closed(6.0, "rolled_back"))
NOT_ROLLED = after(ROLLING, Ended(5.0, CHANGED, NO), Closed(6.0, "failed"))
ALL_DONE = after(
    FRESH,
    *(record for ref in (CHANGED, FAILED, WAITING) for record in (
        Writing(1.0, ref, "t", BEFORE), Accepted(2.0, ref, "u"), Ended(3.0, ref, Changed("u")),
    )),
    WaveEnded(4.0, "a", "succeeded"),
    WaveEnded(4.0, "b", "succeeded"),
    Closed(5.0, "succeeded"),
)  # fmt: skip

EVERYTHING = frozenset(Verb)
CELLS: dict[str, tuple[RunProgress, frozenset[Verb]]] = {
    "running, fresh": (FRESH, frozenset({Verb.RESUME, Verb.APPROVE, Verb.SKIP, Verb.ABORT})),
    "running": (WORKED, EVERYTHING),
    "paused": (after(WORKED, Paused(4.0, "1 of 2 failed")), EVERYTHING),
    "paused for approval": (
        after(FRESH, Paused(4.0, "wave a waits for approval")),
        frozenset({Verb.RESUME, Verb.APPROVE, Verb.SKIP, Verb.ABORT}),
    ),
    "stopping": (replace(WORKED, state=RunState.STOPPING), EVERYTHING),
    "stopped": (after(WORKED, Stopped(4.0, "no")), frozenset({Verb.SKIP, Verb.RETRY, Verb.ROLLBACK})),
    "succeeded": (ALL_DONE, frozenset({Verb.ROLLBACK})),
    "succeeded with failures": (
        after(WORKED, Closed(4.0, "succeeded_with_failures")),
        frozenset({Verb.SKIP, Verb.RETRY, Verb.ROLLBACK}),
    ),
    "incomplete": (after(ALL_DONE, Closed(6.0, "incomplete")), frozenset({Verb.ROLLBACK})),
    "failed": (after(WORKED, Closed(4.0, "failed")), frozenset({Verb.SKIP, Verb.RETRY, Verb.ROLLBACK})),
    "rolling back": (ROLLING, EVERYTHING - {Verb.RETRY}),
    "rolled back": (ROLLED, frozenset()),
    "failed to roll back": (NOT_ROLLED, frozenset({Verb.SKIP, Verb.RETRY, Verb.ROLLBACK})),
}
ASKS: dict[Verb, asks.Ask] = {
    Verb.RESUME: asks.accepting("seen"),
    Verb.APPROVE: asks.approving("b"),
    Verb.SKIP: asks.skipping(str(FAILED), "later"),
    Verb.RETRY: asks.retrying,
    Verb.ABORT: asks.aborting(""),
    Verb.ROLLBACK: asks.rolling_back(""),
}


def test_the_cells_are_about_every_state() -> None:
    assert {run_progress.state for run_progress, _ in CELLS.values()} == set(RunState) - {RunState.PLANNED}


@pytest.mark.parametrize("verb", list(Verb))
@pytest.mark.parametrize("cell", list(CELLS))
def test_a_verb_is_accepted_where_the_table_says_so(cell: str, verb: Verb) -> None:
    run_progress, accepted = CELLS[cell]
    assert (refusal(verb, run_progress) == "") is (verb in accepted)
    if verb in accepted:
        after(run_progress, *ASKS[verb](run_progress, 9.0, "me"))
        return
    with pytest.raises(EksdnsError, match=f"{verb} is not possible") as caught:
        ASKS[verb](run_progress, 9.0, "me")
    assert caught.value.exit_code is ExitCode.REFUSED
    assert all(step.command in caught.value.hint for step in next_steps(run_progress))


@pytest.mark.parametrize("cell", list(CELLS))
def test_every_next_step_is_accepted(cell: str) -> None:
    run_progress, accepted = CELLS[cell]
    steps = next_steps(run_progress)
    assert {step.verb for step in steps} <= accepted
    for step in steps:
        ask = asks.approving(step.command.split()[-1]) if step.verb is Verb.APPROVE else ASKS[step.verb]
        after(run_progress, *ask(run_progress, 9.0, "me"))


def test_an_approval_is_the_first_step_of_a_run_that_waits_for_it() -> None:
    run_progress, _ = CELLS["paused for approval"]
    assert next_steps(run_progress)[0] == NextStep("approve", Verb.APPROVE, f"eksdns approve {RUN} a")


def test_failures_that_paused_a_run_are_accepted_by_name_or_not_at_all() -> None:
    run_progress, _ = CELLS["paused"]
    labels = [step.label for step in next_steps(run_progress)]
    assert ("accept the failures" in labels, "resume" in labels) == (True, False)
    with pytest.raises(EksdnsError, match="paused because of failures"):
        asks.resuming(run_progress, 9.0, "cron")
    accepted = after(run_progress, *asks.accepting("seen")(run_progress, 9.0, "me"))
    assert asks.resuming(accepted, 9.0, "cron")


def test_a_failed_rollback_is_repeated_by_retry() -> None:
    (record,) = asks.retrying(NOT_ROLLED, 9.0, "me")
    assert isinstance(record, RollbackAsked)
    again = after(NOT_ROLLED, record)
    assert again.targets[CHANGED].outcome is None
    assert again.targets[FAILED].outcome == NO


def test_the_page_has_the_table() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == written(page)
    assert page.count("accepted") > 1
