"""What a paused run waits for."""

from dataclasses import replace

import pytest

from eksaddon.app.runs.waiting import WaitsFor, open_failures, waits_for
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.rollout.strategy import Approval, OnFailure, Strategy, Wave
from eksaddon.domain.rollout.window import Window
from eksaddon.domain.run.outcome import Changed, Failed
from eksaddon.domain.run.progress import replay
from eksaddon.domain.run.records import (
    Approved,
    Ended,
    Opened,
    Paused,
    Record,
    Resumed,
    WaveBegan,
    WaveEnded,
    WaveSoaking,
)
from tests.support.rollouts import RUN, plan_of, refs_of

REFS = refs_of(2)
PLAN = plan_of([("canary", REFS[:1]), ("rest", REFS[1:])])
FAILED = Failed(Trouble(Cause.UPDATE_FAILED, "it went wrong"))
MONDAY_NIGHT = Window(frozenset({0}), 60, 120, "UTC")
THURSDAY = 1_767_258_000.0
"""2026-01-01T09:00:00Z."""


def run(*records: Record, strategy: Strategy | None = None):
    waves = (Wave("canary", soak=600), Wave("rest", before=(Approval(),)))
    chosen = strategy or Strategy(waves)
    return replay([Opened(1.0, RUN, PLAN, chosen), *records])


DONE = (WaveBegan(2.0, "canary"), Ended(3.0, REFS[0], Changed("u")), WaveSoaking(4.0, "canary", 604.0))
OVER = (*DONE, WaveEnded(700.0, "canary", "succeeded"))
FAILURE = (WaveBegan(2.0, "canary"), Ended(3.0, REFS[0], FAILED))


@pytest.mark.parametrize(
    ("records", "now", "what"),
    [
        ((), 5.0, WaitsFor.NOTHING),
        ((*DONE, Paused(5.0, "soaking")), 5.0, WaitsFor.TIME),
        ((*DONE, Paused(5.0, "soaking")), 604.0, WaitsFor.NOTHING),
        (
            (*DONE, WaveEnded(700.0, "canary", "succeeded"), Paused(700.0, "approval")),
            800.0,
            WaitsFor.APPROVAL,
        ),
        ((*OVER, Paused(700.0, "approval"), Approved(701.0, "rest", "ann")), 800.0, WaitsFor.NOTHING),
        ((*OVER, WaveEnded(7.0, "rest", "skipped"), Paused(8.0, "")), 9.0, WaitsFor.NOTHING),
        ((*FAILURE, Paused(4.0, "1 failed")), 9.0, WaitsFor.FAILURES),
    ],
)
def test_what_a_run_waits_for(records, now, what):
    assert waits_for(run(*records), now).what is what


def test_failures_are_open_until_they_are_accepted():
    failed = (*FAILURE, Paused(4.0, "canary: 1 failed"))
    assert open_failures(run(*failed)) == "canary: 1 failed"
    assert open_failures(run(*failed[:2])) == ""
    again = (*failed, Resumed(5.0, "cron", accepts_failures=False), Paused(6.0, "canary: 1 failed"))
    assert open_failures(run(*again)) == "canary: 1 failed"
    accepted = (*failed, Resumed(5.0, "ann", reason="scrapped"), Paused(6.0, "window"))
    assert open_failures(run(*accepted)) == ""


def test_a_window_is_waited_for_until_it_opens():
    strategy = replace(
        Strategy((Wave("canary", on_failure=OnFailure.PAUSE), Wave("rest"))), windows=(MONDAY_NIGHT,)
    )
    waiting = waits_for(run(Paused(THURSDAY, "window"), strategy=strategy), THURSDAY)
    assert waiting.what is WaitsFor.TIME
    assert (
        waits_for(run(Paused(THURSDAY, "window"), strategy=strategy), waiting.until).what is WaitsFor.NOTHING
    )
