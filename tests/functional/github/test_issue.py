"""`eksdns github issue`: one issue about drift."""

import pytest

from eksaddon.report.render import Planned
from tests.support.github.api import once, refusal
from tests.support.github.steps import drift
from tests.support.report.reports import fleet_plan


def test_an_issue_is_opened_kept_up_to_date_and_closed(job, github):
    assert job.call("github", "issue", drift(job, 20)).out == "issue #1 opened\n"
    assert github.issues[0]["title"] == "eksdns: 12 clusters drifted, 1 unverified, 2 unreachable"
    assert job.call("github", "issue", drift(job, 40)).out == "issue #1 updated\n"
    assert job.call("github", "issue", drift(job, 40)).out == (
        "no issue changed: the issue is already up to date\n"
    )
    assert job.call("github", "issue", drift(job, 0)).out == "issue #1 closed\n"
    assert (github.issues[0]["state"], github.issues[0]["title"]) == ("closed", "eksdns: no drift")
    assert [one["body"] for one in github.comments[1]] == ["All clusters are in sync and could be read."]
    assert job.call("github", "issue", drift(job, 0)).out == "no issue changed: no drift\n"
    assert len(github.issues) == 1


@pytest.mark.parametrize(
    ("choice", "said", "issues"),
    [
        ("new", "issue #2 opened\n", 2),
        ("reopen", "issue #1 reopened\n", 1),
        ("quiet", "no issue changed: the issue was closed and is not reopened\n", 1),
    ],
)
def test_a_closed_issue_is_opened_again_only_if_so_asked(job, github, choice, said, issues):
    github.add_issue("x", "<!-- eksdns:issue:drift -->\nold", label="eksdns-drift", state="closed")
    assert job.call("github", "issue", drift(job, 20), "--when-closed", choice).out == said
    assert len(github.issues) == issues
    assert [one["state"] for one in github.issues].count("open") == (0 if choice == "quiet" else 1)


def test_an_open_issue_counts_before_a_newer_closed_one_and_that_of_others_not_at_all(job, github):
    mark = "<!-- eksdns:issue:drift -->\nold"
    github.add_issue("ours", mark, label="eksdns-drift")
    github.add_issue("newer", mark, label="eksdns-drift", state="closed")
    github.add_issue("theirs", mark, label="eksdns-drift", author="mallory")
    assert job.call("github", "issue", drift(job, 20)).out == "issue #1 updated\n"
    assert github.issues[2]["title"] == "theirs"


def test_a_lost_answer_opens_no_second_issue(job, github):
    github.late = once(refusal(502, "Bad Gateway"), method="POST")
    assert job.call("github", "issue", drift(job, 20)).code == 0
    assert len(github.issues) == 1


def test_a_plan_is_no_drift_report(job, github):
    ended = job.call("github", "issue", job.report(Planned(fleet_plan(3))))
    assert (ended.code, github.issues) == (1, [])
