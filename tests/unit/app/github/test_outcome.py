"""What the jobs of a rollout say, and what a pull request reads of it."""

import json

import pytest

from eksaddon.app.github.outcome import (
    Finished,
    NothingToDo,
    NotStarted,
    Outcome,
    Stopped,
    ending,
    ends_well,
    is_overtaken,
    outcome_text,
    told_by,
)
from eksaddon.domain.conversation import Comment
from eksaddon.domain.errors import EksdnsError
from eksaddon.report.formats.github_comment import Ending, Origin, marker, rollout_text, state_in

PAUSED = Outcome("r1", "paused", "wave canary is soaking", "wait", 42, 7.25)
DONE = Outcome("r1", "succeeded", at=9.0)
MARK = marker("rollout", "plan")


def needs(plan: str = "success", waves: str = "success", outcome: Outcome | None = None) -> str:
    outputs = {} if outcome is None else {"outcome": outcome_text(outcome)}
    jobs = {"plan": {"result": plan, "outputs": {}}, "waves": {"result": waves, "outputs": outputs}}
    return json.dumps(jobs)


@pytest.mark.parametrize(
    ("text", "expected", "is_good"),
    [
        (needs(waves="skipped"), NothingToDo(), True),
        (needs("failure", "skipped"), NotStarted(("plan",), may_have_written=False), False),
        (needs(waves="cancelled"), NotStarted(("waves",), may_have_written=True), False),
        (needs(outcome=DONE), Finished(DONE), True),
        (needs(outcome=PAUSED), Stopped(PAUSED, ()), False),
        (needs(waves="failure", outcome=PAUSED), Stopped(PAUSED, ("waves",)), False),
        (needs(waves="failure", outcome=DONE), Stopped(DONE, ("waves",)), False),
    ],
)
def test_no_end_is_good_where_a_job_or_the_run_is_not(text, expected, is_good):
    told = told_by(text)
    assert (told, ends_well(told)) == (expected, is_good)
    body = rollout_text(MARK, ending(told), Origin())
    assert ("did not start" in body) is (told == NotStarted(("plan",), may_have_written=False))
    assert ("nothing was written" in body) is ("did not start" in body)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}x", '{"waves": {}}', needs().replace("{}", '{"outcome": "soon"}'), "null"]
)
def test_what_is_not_the_needs_of_a_workflow_is_refused(text):
    with pytest.raises(EksdnsError, match="invalid --needs"):
        told_by(text)


def test_text_from_outside_is_text():
    body = rollout_text(MARK, Ending("paused", "r1", "<!-- x --> **b**", "`c`", 7.25), Origin())
    assert body.startswith(f"{MARK}\n<!-- eksdns:run r1 at=7.25 -->\n### eksdns rollout paused\n")
    assert body.count("<!--") == 2
    assert "**b**" not in body


@pytest.mark.parametrize(
    ("at", "author", "run", "expected"),
    [
        (8.0, "bot", "r1", True),
        (7.25, "bot", "r1", False),
        (8.0, "mallory", "r1", False),
        (8.0, "bot", "r2", False),
    ],
)
def test_only_a_later_state_of_the_same_run_is_kept(at, author, run, expected):
    body = rollout_text(MARK, Ending("stopped", run, "aborted", at=at), Origin())
    assert state_in(body) == (run, at)
    comments = [Comment(1, "looks fine", "bot"), Comment(2, body, author)]
    assert is_overtaken(comments, MARK, "bot", ending(told_by(needs(outcome=PAUSED)))) is expected


def test_a_comment_without_a_run_has_no_state():
    assert state_in(rollout_text(MARK, ending(NothingToDo()), Origin())) is None
