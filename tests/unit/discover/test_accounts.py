import pytest

from eksaddon.discover.accounts import UNKNOWN_ACCOUNT, Found, Sources, find_accounts
from eksaddon.discover.values import LeftOut, UnreachableScope
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.target import (
    Access,
    Account,
    AllRegions,
    AssumedRole,
    CurrentCredentials,
    Organization,
    ProfileCredentials,
)
from eksaddon.ports import Identity, Member, Members
from tests.support.aws.directory import FakeDirectory, FakeOrganization

ONE, TWO, THREE = "111122223333", "222233334444", "333344445555"
EXPIRED = Trouble(Cause.CREDENTIALS_EXPIRED, "expired")
ROLE = Account(ONE, "shop", access=AssumedRole((f"arn:aws:iam::{ONE}:role/x",)), regions=("eu-west-1",))


def who(account: str, partition: str = "aws") -> Identity:
    return Identity(account, f"arn:{partition}:iam::{account}:user/me", partition)


def find(
    sources: Sources,
    directory: FakeDirectory | None = None,
    organization: FakeOrganization | None = None,
    regions: dict[Access, str] | None = None,
) -> Found:
    found = organization or FakeOrganization(Members(()))
    return find_accounts(
        sources, directory or FakeDirectory(), lambda _: found, lambda access: (regions or {}).get(access, "")
    )


def test_without_any_source_the_current_credentials_and_their_region_count() -> None:
    directory = FakeDirectory({CurrentCredentials(): who(ONE, "aws-cn")})
    found = find(Sources(), directory, regions={CurrentCredentials(): "cn-north-1"})
    assert found.accounts == (Account(ONE, partition="aws-cn", regions=("cn-north-1",)),)
    assert find(Sources(), directory).accounts[0].regions == ()


def test_without_credentials_there_is_nothing_to_do() -> None:
    trouble = Trouble(Cause.NO_CREDENTIALS, "Unable to locate credentials")
    with pytest.raises(EksdnsError, match="current credentials: no-credentials") as caught:
        find(Sources(), FakeDirectory({CurrentCredentials(): trouble}))
    assert "aws sso login" in caught.value.hint


def test_where_sts_cannot_be_asked_eks_still_may() -> None:
    directory = FakeDirectory({CurrentCredentials(): Trouble(Cause.TRANSPORT, "no route to STS")})
    found = find(Sources(), directory, regions={CurrentCredentials(): "cn-north-1"})
    assert found.accounts == (Account(UNKNOWN_ACCOUNT, partition="aws-cn", regions=("cn-north-1",)),)
    assert find(Sources(), directory).accounts == (Account(UNKNOWN_ACCOUNT),)


def test_every_profile_is_an_account_of_its_own() -> None:
    a, b, c = (ProfileCredentials(name) for name in "abc")
    directory = FakeDirectory({a: who(ONE), b: EXPIRED, c: who(TWO)})
    found = find(Sources(profiles=("a", "b", "c", "a")), directory, regions={a: "eu-west-1"})
    assert found.accounts == (
        Account(ONE, "a", access=a, regions=("eu-west-1",)),
        Account(TWO, "c", access=c),
    )
    (lost,) = found.unreachable_scopes
    assert (str(lost.target), lost.observed.trouble) == ("b/*/*", EXPIRED)


def test_two_profiles_of_one_account_are_refused() -> None:
    a, b = ProfileCredentials("a"), ProfileCredentials("b")
    with pytest.raises(EksdnsError, match=f"profiles a and b belong to the same account {ONE}"):
        find(Sources(profiles=("a", "b")), FakeDirectory({a: who(ONE), b: who(ONE)}))


@pytest.mark.parametrize(
    "sources",
    [
        Sources(accounts=(ROLE,), profiles=("a",)),
        Sources(organization=Organization(("x",), ()), profiles=("a",)),
    ],
)
def test_profiles_and_a_list_of_accounts_do_not_mix(sources: Sources) -> None:
    with pytest.raises(EksdnsError, match="--profile cannot be combined with a list of accounts") as caught:
        find(sources)
    assert caught.value.exit_code is ExitCode.USAGE


def test_an_account_with_a_role_is_taken_at_its_word() -> None:
    directory = FakeDirectory()
    assert find(Sources(accounts=(ROLE,)), directory) == Found((ROLE,))
    assert directory.asked == []


def test_credentials_without_a_role_are_not_taken_for_another_account() -> None:
    profile = ProfileCredentials("p")
    accounts = (Account(ONE), Account(TWO), Account(THREE, access=profile))
    directory = FakeDirectory({CurrentCredentials(): who(ONE), profile: EXPIRED})
    found = find(Sources(accounts=accounts), directory)
    assert found.accounts == (Account(ONE),)
    assert [(str(each.target), each.trouble.cause) for each in found.unreachable_scopes] == [
        (f"{TWO}/*/*", Cause.WRONG_ACCOUNT),
        (f"{THREE}/*/*", Cause.CREDENTIALS_EXPIRED),
    ]
    assert f"are for account {ONE}, not {TWO}" in found.unreachable_scopes[0].trouble.message
    assert directory.asked == ["identity", "identity"]


MEMBERS = Members(
    active=(
        Member(ONE, "shop", "ACTIVE", "/Workloads/Prod", (("dns", "managed"),)),
        Member(TWO, "sandbox", "ACTIVE", "/Workloads", (("dns", "managed"),)),
        Member(THREE, "tools", "ACTIVE"),
    ),
    left_out=(Member("444455556666", "old", "SUSPENDED"),),
)


def test_every_active_account_of_an_organization_is_entered_by_the_role() -> None:
    hub = f"arn:aws:iam::{THREE}:role/hub"
    wanted = Organization(
        (hub, "eksdns"),
        AllRegions.ALL,
        exclude=("sandbox",),
        tags=(("dns", "managed"),),
        external_id="x",
        profile="p",
    )
    directory = FakeOrganization(MEMBERS)
    found = find(Sources(organization=wanted), organization=directory)
    assert found.accounts == (
        Account(
            ONE,
            "shop",
            access=AssumedRole((hub, f"arn:aws:iam::{ONE}:role/eksdns"), "x", "p"),
            regions=AllRegions.ALL,
            labels=(("dns", "managed"), ("path", "/Workloads/Prod")),
        ),
    )
    assert found.left_out == (
        LeftOut("444455556666", "old", "account is SUSPENDED"),
        LeftOut(TWO, "sandbox", "excluded by the fleet file"),
        LeftOut(THREE, "tools", "missing tag dns=managed"),
    )
    assert directory.asked == [((), True)]


@pytest.mark.parametrize(
    ("sources", "asked"),
    [
        (Sources(organization=Organization(("x",), ())), ((), False)),
        (Sources(organization=Organization(("x",), (), units=("/A",)), units=("/A/B",)), (("/A",), False)),
        (Sources(organization=Organization(("x",), ()), units=("/A/B",)), (("/A/B",), False)),
        (Sources(organization=Organization(("x",), ()), with_units=True), (("/",), False)),
        (Sources(organization=Organization(("x",), ()), with_tags=True), ((), True)),
    ],
)
def test_an_organization_is_asked_for_no_more_than_is_needed(
    sources: Sources, asked: tuple[tuple[str, ...], bool]
) -> None:
    directory = FakeOrganization(MEMBERS)
    find(sources, organization=directory)
    assert directory.asked == [asked]


def test_an_organization_that_cannot_be_listed_ends_the_run() -> None:
    denied = FakeOrganization(Trouble(Cause.DENIED, "no", action="organizations:ListAccounts"))
    with pytest.raises(
        EksdnsError, match="cannot list the organization's accounts: access-denied: no"
    ) as caught:
        find(Sources(organization=Organization(("x",), ())), organization=denied)
    assert caught.value.hint == "the role needs organizations:ListAccounts"


def test_the_account_list_takes_precedence_over_the_organization() -> None:
    accounts = (ROLE, Account(TWO))
    directory = FakeDirectory({CurrentCredentials(): who(THREE)})
    wanted = Organization(("eksdns",), ("eu-west-1",), exclude=(TWO,))
    found = find(Sources(accounts=accounts, organization=wanted), directory, FakeOrganization(MEMBERS))
    assert [account.id for account in found.accounts] == [ONE, THREE]
    assert found.accounts[0] == ROLE
    assert found.unreachable_scopes == (
        UnreachableScope(Account(TWO), "*", found.unreachable_scopes[0].trouble),
    )
    assert [each.account for each in found.left_out] == ["444455556666"]


def test_regions_of_the_command_line_come_before_the_one_of_the_environment() -> None:
    """As with the AWS CLI, where --region overrides AWS_REGION."""
    directory = FakeDirectory({CurrentCredentials(): who(ONE), ProfileCredentials("shop"): who(TWO)})
    regions: dict[Access, str] = {CurrentCredentials(): "eu-west-1", ProfileCredentials("shop"): "us-east-2"}
    found = find(Sources(regions=("us-east-1",)), directory, regions=regions)
    assert found.accounts[0].regions == ("us-east-1", "eu-west-1")
    found = find(Sources(regions=("us-east-1",), profiles=("shop",)), directory, regions=regions)
    assert found.accounts[0].regions == ("us-east-1", "us-east-2")


def test_a_profile_that_does_not_exist_is_a_mistake_of_the_command_line() -> None:
    trouble = Trouble(Cause.NO_PROFILE, "there is no AWS profile 'shpo'")
    directory = FakeDirectory({ProfileCredentials("shpo"): trouble})
    with pytest.raises(EksdnsError, match="--profile shpo: there is no AWS profile") as caught:
        find(Sources(profiles=("shpo",)), directory)
    assert caught.value.exit_code is ExitCode.USAGE
