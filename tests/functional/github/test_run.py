"""`eksdns github run` and `validate`: outputs, summary and annotations of a step."""

import pytest

from eksaddon.report.model.options import STEP_SUMMARY_BYTES
from eksaddon.report.render import Planned
from tests.support.report.reports import fleet_plan


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


def test_an_apply_reports_its_run(fleet):
    ended = fleet.call("github", "run", "--command", "apply --cluster prod --yes")
    assert ended.code == 0
    assert fleet.outputs["run_id"].startswith("20")
    assert (fleet.outputs["state"], fleet.outputs["changed_count"]) == ("succeeded", "1")


def test_unreachable_targets_are_annotated_and_fail_the_step_unless_allowed(fleet):
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
def test_an_invalid_command_is_usage(fleet, command, said):
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


def test_a_plan_that_an_earlier_step_saved_is_not_an_output_of_one_that_failed(fleet):
    fleet.call("github", "run", "--command", "plan --cluster prod --out saved.json")
    fleet.call("github", "run", "--command", "plan --cluster no/such/thing/at/all --out saved.json")
    assert fleet.outputs["plan_path"] == ""


def test_a_command_within_a_group_has_reports_too(fleet):
    part = fleet.report(Planned(fleet_plan(3)), "part.json")
    assert fleet.call("github", "run", "--command", f"report merge {part}").code == 0
    assert (fleet.folder / "eksdns-report" / "report.html").is_file()
    assert "| 3 |" in fleet.summary


@pytest.mark.parametrize("command", ["--version", "plan --help", "report --help"])
def test_asking_for_help_is_not_an_error(fleet, command):
    assert fleet.call("github", "run", "--command", command).code == 0


def test_a_command_that_looks_at_no_accounts_cannot_be_sharded(fleet):
    fleet.setenv("EKSDNS_SHARD", "1/2")
    ended = fleet.call("github", "run", "--command", "timeline --lameduck 5s")
    assert (ended.code, "timeline cannot be sharded" in ended.err) == (5, True)
    assert fleet.outputs["exit_code"] == "5"


def test_findings_are_beside_the_lines_of_the_fleet_file(job):
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
