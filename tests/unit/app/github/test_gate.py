"""Who approved, by GitHub's word."""

import pytest

from eksaddon.app.github.gate import approver, approvers_so_far, require_reviewers
from eksaddon.domain.access.reviews import EnvironmentApproval, EnvironmentRules, Reviewer
from eksaddon.domain.errors import EksdnsError

BEN = EnvironmentApproval("prod", 2, "ben")
APP = EnvironmentApproval("prod", 2, "ben", is_person=False)
RULES = EnvironmentRules("prod", reviewers=(Reviewer(2, "ben"),))
TEAM = EnvironmentRules("prod", reviewers=(Reviewer(9, "dns", is_team=True),))


def test_an_approval_counts_once():
    so_far = approvers_so_far([BEN, EnvironmentApproval("dev", 3, "cy")], "prod")
    assert so_far == (2,)
    assert approver([BEN, BEN], RULES, so_far) == BEN
    with pytest.raises(EksdnsError, match="no approval"):
        approver([BEN], RULES, so_far)


@pytest.mark.parametrize(
    "found", [[], [APP], [EnvironmentApproval("dev", 2, "ben")], [EnvironmentApproval("prod", 3, "ben")]]
)
def test_it_counts_only_for_its_environment_by_a_person_who_is_a_reviewer(found):
    with pytest.raises(EksdnsError, match="no approval of the environment prod"):
        approver(found, RULES, ())


def test_members_of_a_team_are_not_known_here_and_admitted():
    assert approver([EnvironmentApproval("prod", 3, "cy")], TEAM, ()).login == "cy"


@pytest.mark.parametrize(("exists", "said"), [(True, "no required reviewers"), (False, "does not exist")])
def test_an_open_environment_approves_nothing(exists, said):
    with pytest.raises(EksdnsError, match=said):
        require_reviewers(EnvironmentRules("prod", exists=exists))
