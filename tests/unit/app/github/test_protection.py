"""What protects a repository's rollouts, and what is reported about it."""

import pytest

from eksaddon.app.github.protection import Protected, RepositorySide, of_rules, repository_findings
from eksaddon.domain.access.reviews import EnvironmentRules, Reviewer
from eksaddon.domain.conversation import RepositoryIds
from eksaddon.domain.diagnostic import Severity
from eksaddon.domain.errors import EksdnsError

BEN = (Reviewer(7, "ben"),)


def side(*existing: EnvironmentRules, state: str = "active") -> RepositorySide:
    known = {one.name: one for one in existing}
    return RepositorySide(
        ids=lambda: RepositoryIds("acme", "dns", 1, 2),
        rules=lambda name: known.get(name, EnvironmentRules(name, exists=False)),
        workflow_state=lambda _: state,
    )


def protected(name: str) -> EnvironmentRules:
    return EnvironmentRules(name, reviewers=BEN, branches=True)


COMPLETE = (
    EnvironmentRules("eksdns-apply", branches=True),
    protected("eksdns-approval"),
    protected("eksdns-operate"),
)


def test_nothing_is_wrong_with_protected_environments_and_schedules_that_run():
    assert repository_findings(side(*COMPLETE), Protected()) == ()


def test_a_repository_that_does_not_roll_out_needs_no_environment():
    assert repository_findings(side(state=""), Protected()) == ()


def test_one_missing_environment_of_several_is_an_open_gate():
    (found,) = repository_findings(side(*COMPLETE[:2]), Protected())
    assert (found.severity, found.rule) == (Severity.ERROR, "environment")
    assert "no environment named eksdns-operate" in found.summary


@pytest.mark.parametrize("is_private", [True, False])
def test_without_reviewers_a_private_repository_is_told_which_plans_have_them(is_private):
    rules = EnvironmentRules("eksdns-approval", branches=True)
    (found,) = of_rules(rules, needs_reviewers=True, is_private=is_private)
    assert found.rule == "environment-reviewers"
    assert ("GitHub Enterprise" in found.detail) is is_private


@pytest.mark.parametrize(
    ("rules", "rule"),
    [
        (EnvironmentRules("e", reviewers=BEN, branches=True, admins_may_bypass=True), "environment-bypass"),
        (EnvironmentRules("e", reviewers=BEN), "environment-branches"),
    ],
)
def test_weaker_protection_is_a_warning(rules, rule):
    (found,) = of_rules(rules, needs_reviewers=True, is_private=False)
    assert (found.severity, found.rule) == (Severity.WARNING, rule)


def test_a_bypass_of_an_environment_without_reviewers_is_no_finding():
    rules = EnvironmentRules("e", branches=True, admins_may_bypass=True)
    assert list(of_rules(rules, needs_reviewers=False, is_private=False)) == []


@pytest.mark.parametrize(
    ("state", "why"), [("disabled_inactivity", "after 60 days"), ("disabled_manually", "(disabled_manually)")]
)
def test_schedules_that_github_disabled_are_errors_with_the_command_that_enables_them(state, why):
    first, second = repository_findings(side(*COMPLETE, state=state), Protected())
    assert (first.rule, second.rule) == ("workflow-disabled", "workflow-disabled")
    assert why in first.summary
    assert first.detail == "enable it: gh workflow enable eksdns-drift.yml"


def test_what_cannot_be_read_is_named_and_not_taken_for_good():
    def refuse(_: str = ""):
        raise EksdnsError("GitHub: GET /x: 403 Forbidden", hint="add the permission")

    found = repository_findings(RepositorySide(refuse, refuse, refuse), Protected())
    assert [(one.severity, one.rule) for one in found] == [
        (Severity.INFO, "environment-rules"),
        (Severity.INFO, "workflow-state"),
    ]
    assert all("403 Forbidden" in one.summary and "actions: read" in one.detail for one in found)
