"""Texts of comments and issues: found again, never too long, and harmless."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.errors import EksdnsError
from eksaddon.domain.plan import Action, Plan
from eksaddon.report.formats.github_comment import Origin, conversation_text, drift_title, is_clean, marker
from eksaddon.report.formats.github_outputs import NAMES, output_lines, outputs
from eksaddon.report.model.model import ReportModel
from eksaddon.report.model.options import COMMENT_BYTES
from eksaddon.report.render import Drifted, Planned, Ran, report_model_of
from tests.support.report.reports import HOSTILE, fleet_plan, fleet_run, hostile_plan, unreachable_plan

RUN = "https://github.com/acme/dns/actions/runs/42"


@pytest.mark.parametrize("size", [0, 3, 400, 2000])
def test_a_text_begins_with_its_marker_and_fits(size):
    text = conversation_text(
        report_model_of(Planned(fleet_plan(size))), marker("comment", "plan"), Origin(RUN, "a" * 40)
    )
    assert text.startswith("<!-- eksdns:comment:plan -->\n")
    assert len(text.encode()) <= COMMENT_BYTES
    assert f"]({RUN})" in text
    assert "`aaaaaaaaaaaa`" in text


def test_hostile_content_fits_too_and_says_what_is_excluded():
    text = conversation_text(report_model_of(Planned(hostile_plan())), marker("comment", "plan"), Origin())
    assert len(text.encode()) <= COMMENT_BYTES
    assert text.count("<!-- eksdns:comment") == 1


def test_changes_precede_targets_without_changes():
    text = conversation_text(report_model_of(Planned(fleet_plan(40))), marker("comment", "plan"), Origin())
    assert text.index("</b> to update") < text.index("</b> blocked") < text.index("</b> in sync")


@pytest.mark.parametrize(
    "key", ["", "x -->", "--><script>", "A", "a b", "a\n", "-a", "x" * 41, "ä", "a--" + ">" + "b"]
)
def test_a_key_cannot_end_the_marker(key):
    with pytest.raises(EksdnsError, match="invalid --key"):
        marker("comment", key)


@given(st.text(), st.text())
def test_an_odd_address_or_commit_is_excluded(url, commit):
    text = conversation_text(
        report_model_of(Planned(fleet_plan(1))),
        marker("comment", "plan"),
        Origin(f"{url} {url}", f"{commit} "),
    )
    assert "everything about this run" not in text
    assert "of commit" not in text


@pytest.mark.parametrize(
    "url", [f"{RUN}) [x](http://e.invalid", "javascript:alert(1)", f"{RUN}\n", "https://a/b/c/actions/runs/x"]
)
def test_only_an_address_of_a_run_becomes_a_link(url):
    text = conversation_text(report_model_of(Planned(fleet_plan(1))), marker("comment", "plan"), Origin(url))
    assert "everything about this run" not in text


def test_a_title_counts_and_quotes_no_one():
    title = drift_title(report_model_of(Drifted(fleet_plan(20))))
    assert title == "eksdns: 12 clusters drifted, 1 unverified, 2 unreachable"
    assert drift_title(report_model_of(Drifted(unreachable_plan(1)))) == "eksdns: 1 unreachable"
    assert not any(
        text in drift_title(report_model_of(Drifted(hostile_plan()))) for text in HOSTILE if text.strip()
    )


def test_unreachable_is_not_clean_and_a_plan_tells_no_drift():
    assert not is_clean(report_model_of(Drifted(unreachable_plan(1))))
    assert is_clean(report_model_of(Drifted(fleet_plan(0))))
    with pytest.raises(EksdnsError, match="a plan report contains no drift"):
        is_clean(report_model_of(Planned(fleet_plan(1))))


def only_blocked() -> Plan:
    plan = fleet_plan(40)
    blocked = next(one for one in plan.clusters if one.action is Action.BLOCKED)
    return replace(plan, clusters=(blocked,))


def unhealthy() -> ReportModel:
    cluster = replace(
        only_blocked().clusters[0],
        changes=(),
        diagnostics=(Diagnostic(Severity.WARNING, "addon-unhealthy", "the add-on is DEGRADED"),),
    )
    return report_model_of(Drifted(replace(fleet_plan(0), clusters=(cluster,))))


def test_an_unhealthy_add_on_is_never_clean():
    assert not is_clean(unhealthy())
    assert drift_title(unhealthy()) == "eksdns: 1 unhealthy"


def test_a_blocked_plan_says_so_in_its_title():
    def title(plan: Plan) -> str:
        text = conversation_text(report_model_of(Planned(plan)), marker("comment", "plan"), Origin())
        return next(line for line in text.splitlines() if line.startswith("### "))

    assert title(only_blocked()) == "### eksdns plan: blocked"
    assert title(fleet_plan(20)) == "### eksdns plan: 1 cluster blocked"
    assert title(fleet_plan(0)) == "### eksdns plan"


def test_outputs_contain_the_facts_for_decisions_of_a_workflow():
    assert outputs(report_model_of(Planned(fleet_plan(20))), exit_code=2, plan_path="plan.json") == {
        "has_changes": "true",
        "changed_count": "11",
        "blocked_count": "1",
        "run_id": "",
        "state": "",
        "plan_path": "plan.json",
        "exit_code": "2",
    }
    ran = outputs(report_model_of(Ran(fleet_run(20))), exit_code=3)
    assert (ran["run_id"], ran["state"]) == ("20260102-030405-1f2e3d", "succeeded_with_failures")
    assert outputs(None, exit_code=1)["has_changes"] == "false"
    blocked = outputs(report_model_of(Planned(only_blocked())), exit_code=5)
    counts = (blocked["changed_count"], blocked["blocked_count"])
    assert (blocked["has_changes"], counts) == ("blocked", ("0", "1"))
    assert tuple(outputs(None, exit_code=0)) == NAMES


@given(st.dictionaries(st.sampled_from(NAMES), st.text()))
def test_no_value_sets_another_output(values):
    """Read as the runner does: a name, a delimiter, lines until the delimiter stands alone."""
    delimiter = "eksdns-0123456789abcdef"
    safe = {name: re.sub(r"[\r\n]", " ", value) for name, value in values.items()}
    assert read_outputs(output_lines(safe, delimiter)) == safe


def read_outputs(text: str) -> dict[str, str]:
    found, lines = {}, iter(text.split("\n"))
    for line in lines:
        if line:
            name, _, delimiter = line.partition("<<")
            found[name] = "\n".join(iter(lambda: next(lines), delimiter))
    return found
