"""`eksdns github` as a step of a job: its files, its event, and what GitHub is asked."""

import json
from collections.abc import Iterator

import pytest

from eksaddon.report.model.options import COMMENT_BYTES, STEP_SUMMARY_BYTES
from eksaddon.report.render import Drifted, Planned
from tests.support.github.api import BOT, LOST, TOKEN, GitHub, github_api, once, refusal
from tests.support.github.job import Job
from tests.support.report.reports import fleet_plan, hostile_plan

RUN_URL = "https://github.com/acme/dns/actions/runs/42"


@pytest.fixture
def github(job) -> Iterator[GitHub]:
    with github_api() as found:
        job.setenv("GITHUB_API_URL", found.url)
        yield found


def in_pull_request(job: Job, number: int = 7) -> None:
    job.event({"number": number, "pull_request": {"number": number, "head": {"sha": "ab" * 20}}})


# comment


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


def test_a_comment_that_somebody_else_marked_is_not_ours(job, github):
    in_pull_request(job)
    github.add_comment(7, "<!-- eksdns:comment:plan -->\nall is well, merge me", author="mallory")
    job.call("github", "comment", job.report(Planned(fleet_plan(3))))
    assert github.comments[7][0]["body"].endswith("merge me")
    assert len(github.comments[7]) == 2


def test_a_marker_that_is_quoted_is_no_marker(job, github):
    in_pull_request(job)
    github.add_comment(7, "> <!-- eksdns:comment:plan -->")
    github.add_comment(7, "x\n<!-- eksdns:comment:plan -->")
    assert job.call("github", "comment", job.report(Planned(fleet_plan(3)))).out == "comment on #7 made\n"


def test_keys_tell_comments_apart(job, github):
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


def test_a_report_that_is_none_is_refused(job, github):
    in_pull_request(job)
    (job.folder / "x.json").write_text("{}")
    assert job.call("github", "comment", "x.json").code == 1
    assert job.call("github", "comment", "no.json").code == 1
    assert github.asked("POST") == []


# issue


def drift(job: Job, size: int) -> str:
    return job.report(Drifted(fleet_plan(size)))


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


# run


def test_a_plan_leaves_outputs_a_summary_and_reports(fleet):
    ended = fleet.call("github", "run", "--command", "plan --cluster prod --detailed-exitcode")
    assert ended.code == 0, "changes are no failure of a step"
    assert fleet.outputs == {
        "has_changes": "true",
        "changed_count": "1",
        "blocked_count": "0",
        "run_id": "",
        "state": "",
        "plan_path": "",
        "exit_code": "2",
    }
    assert fleet.summary.startswith("<!-- eksdns:plan -->\n### eksdns plan")
    reports = sorted(path.name for path in (fleet.folder / "eksdns-report").iterdir())
    assert reports == ["report.html", "report.json", "report.sarif", "report.xml"]


def test_an_apply_tells_its_run(fleet):
    ended = fleet.call("github", "run", "--command", "apply --cluster prod --yes")
    assert ended.code == 0
    assert fleet.outputs["run_id"].startswith("20")
    assert (fleet.outputs["state"], fleet.outputs["changed_count"]) == ("succeeded", "1")


def test_what_could_not_be_read_is_annotated_and_fails_the_step_unless_allowed(fleet):
    partial = "drift --cluster prod --cluster secret"
    ended = fleet.call("github", "run", "--command", partial)
    assert ended.code == 3
    assert "::error title=1 target unreachable::" in ended.out
    assert fleet.call("github", "run", "--command", partial, "--allow", "3").code == 0
    assert fleet.outputs["exit_code"] == "3"


def test_an_end_without_a_report_is_annotated_and_leaves_outputs(fleet):
    ended = fleet.call("github", "run", "--command", "plan --cluster no/such/thing/at/all")
    assert ended.code != 0
    assert "::error title=eksdns plan::failed with exit code" in ended.out
    assert fleet.outputs["has_changes"] == "false"


def test_a_report_of_an_earlier_step_is_not_taken_for_this_one(fleet):
    fleet.call("github", "run", "--command", "plan --cluster prod")
    fleet.call("github", "run", "--command", "plan --cluster no/such/thing/at/all")
    assert fleet.outputs["has_changes"] == "false"


def test_two_steps_share_the_summary_of_a_job_within_its_limit(fleet):
    (fleet.folder / "summary").write_text("x" * (STEP_SUMMARY_BYTES - 2_500) + "\n")
    for _ in range(3):
        fleet.call("github", "run", "--command", "plan --all")
    assert len(fleet.summary.encode()) <= STEP_SUMMARY_BYTES


@pytest.mark.parametrize(
    ("command", "said"), [("", "--command is empty"), ("plan 'x", "quot"), ("bogus", "unknown command bogus")]
)
def test_a_command_that_is_none_is_usage(fleet, command, said):
    ended = fleet.call("github", "run", "--command", command)
    assert (ended.code, said in ended.err) == (64, True)


@pytest.mark.parametrize(
    "text", ["$(touch made)", "`touch made`", "; touch made", "x\n::error::boom", "&& ls"]
)
def test_nothing_in_a_command_is_run_by_a_shell(fleet, text):
    ended = fleet.call("github", "run", "--command", f"plan --cluster {text!r}")
    assert ended.code != 0
    assert not (fleet.folder / "made").exists()
    assert not any(line.startswith("::error::") for line in (ended.out + ended.err).splitlines())


def test_outside_of_a_job_it_says_so(bare, monkeypatch):
    monkeypatch.delenv("GITHUB_OUTPUT", raising=False)
    ended = bare("github", "run", "--command", "schema --config")
    assert (ended.code, "GITHUB_OUTPUT is not set" in ended.err) == (64, True)


def test_a_saved_plan_is_an_output(fleet):
    fleet.call("github", "run", "--command", "plan --cluster prod --out saved.json")
    assert fleet.outputs["plan_path"] == "saved.json"
    assert (fleet.folder / "saved.json").is_file()


def test_a_plan_that_an_earlier_step_saved_is_no_output_of_one_that_failed(fleet):
    fleet.call("github", "run", "--command", "plan --cluster prod --out saved.json")
    fleet.call("github", "run", "--command", "plan --cluster no/such/thing/at/all --out saved.json")
    assert fleet.outputs["plan_path"] == ""


def test_a_command_within_a_group_has_reports_too(fleet):
    part = fleet.report(Planned(fleet_plan(3)), "part.json")
    assert fleet.call("github", "run", "--command", f"report merge {part}").code == 0
    assert (fleet.folder / "eksdns-report" / "report.html").is_file()
    assert "| 3 |" in fleet.summary


@pytest.mark.parametrize("command", ["--version", "plan --help", "report --help"])
def test_asking_for_help_is_no_error(fleet, command):
    assert fleet.call("github", "run", "--command", command).code == 0


def test_a_command_that_looks_at_no_accounts_cannot_be_sharded(fleet):
    ended = fleet.call("github", "run", "--command", "schema --config", "--shard", "123456789012")
    assert (ended.code, "schema has no --account" in ended.err) == (64, True)
    assert fleet.outputs["exit_code"] == "64"


# validate


def test_findings_stand_beside_the_lines_of_the_fleet_file(job):
    (job.folder / "eksdns.yaml").write_text("version: 1\ncoredns: {replicaCount: 3, lameduk: 20s}\n")
    ended = job.call("github", "validate")
    assert ended.code == 1
    assert ended.out.startswith("::error file=eksdns.yaml,line=2,col=")
    assert ended.out.endswith("eksdns.yaml: invalid\n")


def test_a_valid_file_may_still_have_warnings(job):
    (job.folder / "eksdns.yaml").write_text("version: 1\ncoredns: {replicaCount: 1}\n")
    ended = job.call("github", "run", "--command", "validate --addon-version v1.11.4-eksbuild.51")
    assert ended.code == 0
    assert "::warning " in ended.out


def test_no_fleet_file_is_usage(job):
    assert job.call("github", "validate").code == 64


# shards and gather


def test_shards_are_outputs(fleet):
    assert fleet.call("github", "shards", "--shards", "4").code == 0
    include = json.loads(fleet.outputs["matrix"])["include"]
    assert include == [{"accounts": "123456789012", "of": 1, "shard": 1}]
    assert fleet.outputs["parts"] == "1"


def test_a_shard_looks_at_its_own_accounts_only(fleet):
    other = fleet.call("github", "run", "--command", "plan --all", "--shard", "999999999999")
    assert "123456789012" not in other.out
    fleet.call("github", "run", "--command", "plan --cluster prod", "--shard", "123456789012")
    assert fleet.outputs["changed_count"] == "1"


def test_an_account_name_is_one_word_whatever_stands_in_it(fleet):
    ended = fleet.call("github", "run", "--command", "plan --all", "--shard", "x --yes; touch made")
    assert ended.code != 0
    assert not (fleet.folder / "made").exists()


def in_parts(fleet: Job, *names: str) -> None:
    for name in names:
        command = f"plan --cluster {name}"
        fleet.call("github", "run", "--command", command, "--folder", f"parts/{name}", "--allow", "3")


def test_the_parts_of_a_fleet_become_one_report(fleet):
    in_parts(fleet, "prod", "dev-*")
    assert fleet.call("github", "gather", "parts", "--parts", "2").code == 0
    assert fleet.outputs["changed_count"] == "3"
    merged = json.loads((fleet.folder / "eksdns-report" / "report.json").read_text())
    assert merged["summary"]["targets"] == 3


def test_a_part_that_is_missing_is_never_passed_over(fleet):
    in_parts(fleet, "prod")
    ended = fleet.call("github", "gather", "parts", "--parts", "2")
    assert (ended.code, "1 of 2 parts" in ended.err) == (3, True)
    assert not (fleet.folder / "eksdns-report").exists()


def test_gathering_tells_what_could_not_be_read(fleet):
    in_parts(fleet, "prod", "secret")
    assert fleet.call("github", "gather", "parts", "--parts", "2").code == 3


# waves

WAVES = """
version: 1
coredns: {replicaCount: 3}
rollout:
  waves:
    - {name: canary, limit: 3}
    - {name: rest, before: [{type: approval}]}
"""


def test_waves_with_something_to_do_are_outputs(job):
    (job.folder / "eksdns.yaml").write_text(WAVES)
    ended = job.call("github", "waves", job.report(Planned(fleet_plan(20))))
    assert (ended.code, ended.out) == (0, "canary\nrest, after an approval\n")
    first, second, *others = json.loads(job.outputs["waves"])
    assert first == {"name": "canary", "approval": False}
    assert second == {"name": "rest", "approval": True}
    assert set(others) == {None}
    assert job.outputs["has_changes"] == "true"


def test_nothing_to_do_is_no_wave(job):
    (job.folder / "eksdns.yaml").write_text(WAVES)
    assert job.call("github", "waves", job.report(Planned(fleet_plan(0)))).out == ""
    assert job.outputs["has_changes"] == "false"
