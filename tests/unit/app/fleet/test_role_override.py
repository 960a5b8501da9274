"""Another role than the fleet file's."""

import pytest

from eksaddon.app.fleet.role_override import account_as, organization_as, require_role
from eksaddon.domain.errors import EksdnsError
from eksaddon.domain.target import (
    Account,
    AssumedRole,
    CurrentCredentials,
    Organization,
    ProfileCredentials,
)

HUB = "arn:aws-cn:iam::999999999999:role/hub"


def test_the_last_role_of_a_chain_gives_way():
    access = AssumedRole((HUB, "arn:aws-cn:iam::111122223333:role/eksdns-apply"), "x", "p")
    found = account_as(Account("111122223333", partition="aws-cn", access=access), "eksdns-read")
    assert found.access == AssumedRole((HUB, "arn:aws-cn:iam::111122223333:role/eksdns-read"), "x", "p")


def test_a_whole_arn_is_taken_as_it_is():
    access = AssumedRole(("arn:aws:iam::111122223333:role/eksdns-apply",))
    found = account_as(Account("111122223333", access=access), "arn:aws:iam::111122223333:role/path/other")
    assert found.access == AssumedRole(("arn:aws:iam::111122223333:role/path/other",))


@pytest.mark.parametrize("access", [CurrentCredentials(), ProfileCredentials("shop")])
def test_who_needs_no_role_gets_none(access):
    account = Account("111122223333", access=access)
    assert account_as(account, "eksdns-read") == account


def test_an_organization_is_entered_by_it_too():
    assert organization_as(Organization((HUB, "eksdns-apply"), ("eu-west-1",)), "eksdns-read").roles == (
        HUB,
        "eksdns-read",
    )


def test_an_arn_that_would_replace_no_role_is_refused():
    one = Account("111122223333", access=AssumedRole((HUB,)))
    other = Account("444455556666", access=CurrentCredentials())
    require_role([other, one], HUB)
    require_role([other], "eksdns-read")
    for accounts in ([], [other]):
        with pytest.raises(EksdnsError, match="there is no role that it could replace"):
            require_role(accounts, HUB)
