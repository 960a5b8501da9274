from collections.abc import Iterator

import pytest

from eksaddon.app.runtime import ThreadExecutor
from eksaddon.discover.accounts import Found
from eksaddon.discover.places import find_places
from eksaddon.discover.values import LeftOut, Search, UnreachableScope
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.selection import Selection
from eksaddon.domain.target import Account, AllRegions, KnownCluster
from tests.support.aws.directory import FakeDirectory

DEV = Account("111122223333", "dev", regions=("eu-west-1", "us-east-1"), labels=(("env", "dev"),))
PROD = Account("222233334444", "prod", regions=AllRegions.ALL, labels=(("env", "prod"),))
BARE = Account("333344445555", "bare")
CHINA = Account("444455556666", "china", "aws-cn", regions=("cn-north-1",))
DENIED = Trouble(Cause.DENIED, "no", action="account:ListRegions")


@pytest.fixture
def executor() -> Iterator[ThreadExecutor]:
    found = ThreadExecutor(4, 2)
    yield found
    found.close()


@pytest.fixture
def directory() -> FakeDirectory:
    return FakeDirectory(regions={PROD.id: ("ap-south-1", "eu-west-1")})


def places(search: Search) -> list[str]:
    return [f"{place.account.name}/{place.region}" for place in search.places]


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (
            Selection(),
            ["dev/eu-west-1", "dev/us-east-1", "prod/ap-south-1", "prod/eu-west-1", "china/cn-north-1"],
        ),
        (Selection(regions=("eu-*",)), ["dev/eu-west-1", "prod/eu-west-1"]),
        (Selection(regions=("us-east-1",)), ["dev/us-east-1", "prod/us-east-1"]),
        (Selection(accounts=("dev",)), ["dev/eu-west-1", "dev/us-east-1"]),
        (Selection(not_accounts=("dev", "china")), ["prod/ap-south-1", "prod/eu-west-1"]),
        (Selection(labels=(("env", "dev"),)), ["dev/eu-west-1", "dev/us-east-1"]),
    ],
)
def test_the_selection_leaves_its_accounts_and_regions(
    selection: Selection, expected: list[str], executor: ThreadExecutor, directory: FakeDirectory
) -> None:
    search = find_places(Found((DEV, PROD, CHINA)), selection, (), directory, executor)
    assert places(search) == expected
    assert len({place.account.id for place in search.places}) + len(search.left_out) == 3


def test_regions_named_in_full_need_no_list_of_enabled_ones(
    executor: ThreadExecutor, directory: FakeDirectory
) -> None:
    search = find_places(Found((PROD, BARE)), Selection(regions=("eu-west-1",)), (), directory, executor)
    assert places(search) == ["prod/eu-west-1", "bare/eu-west-1"]
    assert directory.asked == []


def test_no_region_is_assumed(executor: ThreadExecutor, directory: FakeDirectory) -> None:
    for selection in (Selection(), Selection(regions=("eu-*",))):
        with pytest.raises(EksdnsError, match=r"no region set for account 333344445555$") as caught:
            find_places(Found((DEV, BARE)), selection, (), directory, executor)
        assert "AWS_REGION counts only if the file lists no accounts" in caught.value.hint
    with pytest.raises(EksdnsError, match="no region set for account 333344445555 and 1 more"):
        find_places(Found((BARE, Account("555566667777"))), Selection(), (), directory, executor)


def test_an_account_whose_regions_cannot_be_listed_is_unreachable(executor: ThreadExecutor) -> None:
    directory = FakeDirectory(regions={PROD.id: DENIED})
    search = find_places(Found((DEV, PROD)), Selection(), (), directory, executor)
    (lost,) = search.unreachable_scopes
    assert (str(lost.target), lost.target.labels) == (f"{PROD.id}/*/*", PROD.labels)
    assert lost.observed.trouble.hint == "the role needs account:ListRegions"
    assert places(search) == ["dev/eu-west-1", "dev/us-east-1"]


def test_exclusions_are_reported_with_their_reasons(
    executor: ThreadExecutor, directory: FakeDirectory
) -> None:
    before = LeftOut("999999999999", "old", "account is SUSPENDED")
    found = Found((DEV, PROD, CHINA), left_out=(before,))
    selection = Selection(not_accounts=("prod",), regions=("eu-west-1",))
    assert find_places(found, selection, (), directory, executor).left_out == (
        before,
        LeftOut(PROD.id, "prod", "excluded by --not-account"),
        LeftOut(CHINA.id, "china", "no region of the account is selected by --region"),
    )


def test_an_unreachable_account_that_is_not_selected_has_no_effect(
    executor: ThreadExecutor, directory: FakeDirectory
) -> None:
    found = Found((DEV,), (UnreachableScope(CHINA, "*", DENIED),))
    assert find_places(found, Selection(accounts=("dev",)), (), directory, executor).unreachable_scopes == ()
    assert (
        find_places(found, Selection(), (), directory, executor).unreachable_scopes
        == found.unreachable_scopes
    )
    only = find_places(found, Selection(accounts=("china",)), (), directory, executor)
    assert (only.places, len(only.unreachable_scopes)) == ((), 1)


def test_a_known_cluster_may_bring_the_label_that_its_account_lacks(
    executor: ThreadExecutor, directory: FakeDirectory
) -> None:
    known = (
        KnownCluster("shop", account="dev", labels=(("load", "high"),)),
        KnownCluster("x", account="prod"),
    )
    search = find_places(
        Found((DEV, PROD)), Selection(labels=(("load", "high"),)), known, directory, executor
    )
    assert places(search) == ["dev/eu-west-1", "dev/us-east-1"]
    assert search.left_out == (LeftOut(PROD.id, "prod", "not selected by --label"),)


@pytest.mark.parametrize(
    ("found", "selection", "message"),
    [
        (Found((DEV, PROD)), Selection(accounts=("x",)), "none of the 2 accounts is selected"),
        (Found((DEV,)), Selection(units=("/A",)), "none of the 1 accounts is selected"),
        (
            Found((Account("555566667777", partition="aws-cn", regions=("eu-west-1",)),)),
            Selection(),
            "the partition matches no region of any account",
        ),
        (Found(()), Selection(), "no active account in scope"),
        (
            Found((DEV,)),
            Selection(regions=("ap-south-1",)),
            "--region ap-south-1 matches no region of any account",
        ),
    ],
)
def test_a_selection_that_leaves_nothing_is_an_error(
    found: Found, selection: Selection, message: str, executor: ThreadExecutor, directory: FakeDirectory
) -> None:
    with pytest.raises(EksdnsError, match=message) as caught:
        find_places(found, selection, (), directory, executor)
    assert caught.value.hint
    assert caught.value.exit_code in {ExitCode.USAGE, ExitCode.ERROR}
