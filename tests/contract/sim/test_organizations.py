"""The accounts of an organization, as real boto3 clients see them."""

import pytest

from eksaddon.sim.accounts.organizations import unit_id


def test_all_members_are_listed_page_by_page(aws):
    pages = (
        aws.client("organizations").get_paginator("list_accounts").paginate(PaginationConfig={"PageSize": 2})
    )
    listed = [account["Id"] for page in pages for account in page["Accounts"]]
    assert sorted(listed) == sorted(aws.members)


def test_an_account_is_found_by_walking_down_the_units(aws):
    organizations = aws.client("organizations")
    here = organizations.list_roots()["Roots"][0]["Id"]
    for name in ("Workloads", "Prod"):
        below = organizations.list_organizational_units_for_parent(ParentId=here)["OrganizationalUnits"]
        here = {unit["Name"]: unit["Id"] for unit in below}[name]
    accounts = organizations.list_accounts_for_parent(ParentId=here)["Accounts"]
    assert [account["Id"] for account in accounts] == [aws.member]


def test_accounts_have_tags(aws):
    tags = aws.client("organizations").list_tags_for_resource(ResourceId=aws.member)["Tags"]
    assert tags == [{"Key": "env", "Value": "prod"}]


def test_the_organization_names_its_management_account(aws):
    organization = aws.client("organizations").describe_organization()["Organization"]
    assert organization["MasterAccountId"] == aws.members[0]


def test_a_parent_that_does_not_exist_raises_the_modelled_error(aws):
    organizations = aws.client("organizations")
    with pytest.raises(organizations.exceptions.ParentNotFoundException):
        organizations.list_accounts_for_parent(ParentId="ou-zzzz-12345678")


def test_accounts_that_are_closed_say_so(simulated):
    accounts = simulated.client("organizations").list_accounts()["Accounts"]
    assert {each["Id"]: each["State"] for each in accounts}["333333333333"] == "SUSPENDED"
    assert {each["Id"]: each["Status"] for each in accounts}["333333333333"] == "SUSPENDED"


def test_members_cannot_read_it(simulated):
    organizations = simulated.in_member("organizations")
    with pytest.raises(organizations.exceptions.AccessDeniedException):
        organizations.list_accounts()
    assert organizations.describe_organization()["Organization"]["FeatureSet"] == "ALL"


def test_a_bad_page_token_is_refused(simulated):
    organizations = simulated.client("organizations")
    with pytest.raises(organizations.exceptions.InvalidInputException):
        organizations.list_accounts(NextToken="bogus")


def test_tags_of_an_unknown_account_raise_the_modelled_error(simulated):
    organizations = simulated.client("organizations")
    with pytest.raises(organizations.exceptions.TargetNotFoundException):
        organizations.list_tags_for_resource(ResourceId="999999999999")


def test_ids_of_units_have_the_form_that_aws_gives_them():
    assert unit_id("/").startswith("r-")
    assert unit_id("/Workloads/Prod").startswith("ou-simu-")
