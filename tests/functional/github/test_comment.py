"""`eksdns github comment`: one comment, made once and edited from then on."""

import pytest

from eksaddon.report.model.options import COMMENT_BYTES
from eksaddon.report.render import Planned
from tests.support.github.api import BOT, LOST, TOKEN, once
from tests.support.github.job import Job
from tests.support.report.reports import fleet_plan, hostile_plan

RUN_URL = "https://github.com/acme/dns/actions/runs/42"


def in_pull_request(job: Job, number: int = 7) -> None:
    job.event({"number": number, "pull_request": {"number": number, "head": {"sha": "ab" * 20}}})


def test_a_comment_is_made_once_and_edited_in_place_from_then_on(job, github):
    in_pull_request(job)
    github.add_comment(7, "Looks good!", author="ann")
    ended = job.call("github", "comment", job.report(Planned(fleet_plan(3))))
    assert (ended.code, ended.out) == (0, "comment on #7 made\n")
    ended = job.call("github", "comment", job.report(Planned(fleet_plan(400))))
    assert ended.out == "comment on #7 edited\n"
    ours = [one for one in github.comments[7] if one["user"]["login"] == BOT]
    assert len(ours) == 1
    assert "| 400 |" in ours[0]["body"]
    assert RUN_URL in ours[0]["body"]
    assert "`abababababab`" in ours[0]["body"], "the commit that was reviewed, not the merge"


@pytest.mark.parametrize("carriage_returns", [False, True])
def test_the_same_plan_again_writes_nothing(job, github, carriage_returns):
    in_pull_request(job)
    github.carriage_returns = carriage_returns
    file = job.report(Planned(fleet_plan(3)))
    job.call("github", "comment", file)
    ended = job.call("github", "comment", file)
    assert ended.out == "comment on #7 left unchanged\n"
    assert github.asked("PATCH") == []


def test_the_comment_is_found_behind_hundreds_of_others(job, github):
    in_pull_request(job)
    for number in range(230):
        github.add_comment(7, f"comment {number}", author="ann")
    github.add_comment(7, "<!-- eksdns:comment:plan -->\nold")
    job.call("github", "comment", job.report(Planned(fleet_plan(3))))
    assert len(github.comments[7]) == 231


def test_a_comment_that_another_user_marked_is_not_ours(job, github):
    in_pull_request(job)
    github.add_comment(7, "<!-- eksdns:comment:plan -->\nall is well, merge me", author="mallory")
    job.call("github", "comment", job.report(Planned(fleet_plan(3))))
    assert github.comments[7][0]["body"].endswith("merge me")
    assert len(github.comments[7]) == 2


def test_a_marker_that_is_quoted_is_not_a_marker(job, github):
    in_pull_request(job)
    github.add_comment(7, "> <!-- eksdns:comment:plan -->")
    github.add_comment(7, "x\n<!-- eksdns:comment:plan -->")
    assert job.call("github", "comment", job.report(Planned(fleet_plan(3)))).out == "comment on #7 made\n"


def test_keys_distinguish_comments(job, github):
    in_pull_request(job)
    for key in ("plan", "prod", "plan"):
        job.call("github", "comment", job.report(Planned(fleet_plan(3))), "--key", key)
    assert len(github.comments[7]) == 2


def test_a_lost_answer_makes_no_second_comment(job, github):
    in_pull_request(job)
    github.late = once(LOST, method="POST")
    ended = job.call("github", "comment", job.report(Planned(fleet_plan(3))))
    assert (ended.code, ended.out) == (0, "comment on #7 left unchanged\n")
    assert len(github.comments[7]) == 1


def test_hostile_content_stays_within_the_limit_and_is_taken(job, github):
    in_pull_request(job)
    ended = job.call("github", "comment", job.report(Planned(hostile_plan())))
    assert ended.code == 0
    assert len(github.comments[7][0]["body"].encode()) <= COMMENT_BYTES


def test_a_token_that_may_not_write_says_which_permission(job, github):
    in_pull_request(job)
    github.writes = False
    ended = job.call("github", "comment", job.report(Planned(fleet_plan(3))))
    assert ended.code == 1
    assert "permissions" in ended.err
    assert TOKEN not in ended.err


@pytest.mark.parametrize(
    ("event", "code", "said"),
    [
        ({"ref": "refs/heads/main"}, 64, "does not refer to a pull request"),
        ({"number": True, "pull_request": {"number": "7"}}, 64, "does not refer to a pull request"),
        ([], 1, "not a GitHub event"),
    ],
)
@pytest.mark.usefixtures("github")
def test_an_event_about_something_else(job, event, code, said):
    job.event(event)
    ended = job.call("github", "comment", job.report(Planned(fleet_plan(3))))
    assert (ended.code, said in ended.out + ended.err) == (code, True)


@pytest.mark.usefixtures("github")
def test_a_broken_event_is_an_error(job):
    job.event({})
    (job.folder / "event.json").write_text('{"number": ')
    assert "not a GitHub event" in job.call("github", "comment", job.report(Planned(fleet_plan(3)))).err


def test_without_an_event_the_pull_request_is_named(job, github):
    ended = job.call("github", "comment", job.report(Planned(fleet_plan(3))), "--pull-request", "9")
    assert (ended.code, list(github.comments)) == (0, [9])


@pytest.mark.usefixtures("github")
@pytest.mark.parametrize("variable", ["GITHUB_TOKEN", "GITHUB_REPOSITORY"])
def test_a_missing_setting_is_named(job, variable):
    job.setenv(variable, "")
    job.setenv("GH_TOKEN", "")
    in_pull_request(job)
    ended = job.call("github", "comment", job.report(Planned(fleet_plan(3))))
    assert ended.code == 64
    assert variable in ended.err or "--repository" in ended.err


def test_an_invalid_report_is_refused(job, github):
    in_pull_request(job)
    (job.folder / "x.json").write_text("{}")
    assert job.call("github", "comment", "x.json").code == 1
    assert job.call("github", "comment", "no.json").code == 1
    assert github.asked("POST") == []
