from collections.abc import Callable, Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.app.runtime import ThreadExecutor
from eksaddon.discover.clusters import discover, merged_labels
from eksaddon.discover.values import Discovered, LeftOut, Place, Search, UnreachableScope
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.diagnostic import Location
from eksaddon.domain.errors import EksdnsError
from eksaddon.domain.selection import ClusterPattern, Selection, read_cluster_pattern
from eksaddon.domain.target import Account, KnownCluster, Labels, Scope, Target
from tests.support.aws.directory import ListedClusters
from tests.support.examples import examples

DEV = Account("111122223333", "dev", labels=(("env", "dev"), ("path", "/A")))
PROD = Account("222233334444", "prod", labels=(("env", "prod"),))
DENIED = Trouble(Cause.DENIED, "no", action="eks:ListClusters")
THROTTLED = Trouble(Cause.THROTTLED, "slow down")

HERE = Place(DEV, "eu-west-1")
THERE = Place(PROD, "eu-west-1")
FAR = Place(PROD, "us-east-1")
SEARCH = Search((HERE, THERE, FAR))


@pytest.fixture(scope="module")
def executor() -> Iterator[ThreadExecutor]:
    found = ThreadExecutor(4, 2)
    yield found
    found.close()


def fleet(**troubles: Trouble) -> ListedClusters:
    return ListedClusters(
        {
            HERE.scope: troubles.get("here", ("web", "dev-1")),
            THERE.scope: troubles.get("there", ("web", "prod-1")),
            FAR.scope: troubles.get("far", ("prod-2",)),
        }
    )


def pattern(text: str) -> ClusterPattern:
    found = read_cluster_pattern(text)
    assert found is not None
    return found


def only(*clusters: str, labels: Labels = ()) -> Selection:
    return Selection(clusters=tuple(pattern(text) for text in clusters), labels=labels)


def targets(found: Discovered) -> list[str]:
    return [f"{target.account_name}/{target.ref.region}/{target.ref.name}" for target in found.targets]


def test_every_cluster_of_every_place_is_a_target_in_order(executor: ThreadExecutor) -> None:
    seen: list[Scope] = []
    found = discover(SEARCH, Selection(), fleet(), executor, tick=seen.append)
    assert targets(found) == [
        "dev/eu-west-1/dev-1",
        "dev/eu-west-1/web",
        "prod/eu-west-1/prod-1",
        "prod/eu-west-1/web",
        "prod/us-east-1/prod-2",
    ]
    assert found.targets[0].labels == DEV.labels
    assert sorted(seen) == sorted(place.scope for place in SEARCH.places)


@pytest.mark.parametrize(
    ("selection", "expected", "listed"),
    [
        (only("prod-*"), ["prod/eu-west-1/prod-1", "prod/us-east-1/prod-2"], 3),
        (only("web"), ["dev/eu-west-1/web", "prod/eu-west-1/web"], 3),
        (only("prod/*/web"), ["prod/eu-west-1/web"], 2),
        (only("prod/us-east-1/*"), ["prod/us-east-1/prod-2"], 1),
        (only("dev/eu-west-1/web"), ["dev/eu-west-1/web"], 0),
        (only("arn:aws:eks:us-east-1:222233334444:cluster/prod-2"), ["prod/us-east-1/prod-2"], 0),
        (only("dev/eu-west-1/web", "prod/us-east-1/*"), ["dev/eu-west-1/web", "prod/us-east-1/prod-2"], 1),
        (only("dev/eu-west-1/unheard-of"), ["dev/eu-west-1/unheard-of"], 0),
        (only("web", labels=(("env", "prod"),)), ["prod/eu-west-1/web"], 3),
    ],
)
def test_only_places_that_a_name_leaves_open_are_listed(
    selection: Selection, expected: list[str], listed: int, executor: ThreadExecutor
) -> None:
    api = fleet()
    assert targets(discover(SEARCH, selection, api, executor)) == expected
    assert len(api.listed) == listed


def test_a_plain_name_in_one_region_needs_no_listing(executor: ThreadExecutor) -> None:
    api = ListedClusters({HERE.scope: DENIED})
    assert targets(discover(Search((HERE,)), only("web"), api, executor)) == ["dev/eu-west-1/web"]
    assert api.listed == []


def test_a_place_that_cannot_be_listed_is_one_unreachable_target(executor: ThreadExecutor) -> None:
    found = discover(SEARCH, Selection(), fleet(there=THROTTLED), executor)
    assert targets(found) == ["dev/eu-west-1/dev-1", "dev/eu-west-1/web", "prod/us-east-1/prod-2"]
    ((target, observed),) = found.unreachable
    assert str(target) == "222233334444/eu-west-1/*"
    assert observed.ref == target.ref
    assert observed.trouble is THROTTLED
    assert found.count == 4


def test_targets_lost_by_the_search_stay_lost_and_are_counted(executor: ThreadExecutor) -> None:
    lost = UnreachableScope(PROD, "*", THROTTLED)
    aside = LeftOut("999999999999", "old", "account is SUSPENDED")
    found = discover(Search((HERE,), (lost,), (aside,)), Selection(), fleet(), executor)
    assert (found.unreachable_scopes, found.left_out, found.count) == ((lost,), (aside,), 3)


@pytest.mark.parametrize(
    ("clusters", "message", "hint"),
    [
        (
            ("prdo-1",),
            "--cluster prdo-1 matches none of 4 cluster names in 3 accounts",
            "did you mean prod-1",
        ),
        (("x*", "web"), "--cluster x\\* matches none of 4", "check the name"),
        (("other/eu-west-1/web",), "matches none of 0 cluster names in 0 accounts", "check the name"),
        (("prod/eu-north-1/*",), "matches none of 0 cluster names in 0 accounts", "check the name"),
    ],
)
def test_a_cluster_that_matches_nothing_is_an_error(
    clusters: tuple[str, ...], message: str, hint: str, executor: ThreadExecutor
) -> None:
    with pytest.raises(EksdnsError, match=message) as caught:
        discover(SEARCH, only(*clusters), fleet(), executor)
    assert hint in caught.value.hint


def test_a_cluster_may_be_where_no_one_could_look(executor: ThreadExecutor) -> None:
    found = discover(SEARCH, only("hidden-*"), fleet(there=THROTTLED), executor)
    assert (found.targets, len(found.unreachable_scopes)) == ((), 1)
    lost = UnreachableScope(PROD, "*", THROTTLED)
    found = discover(Search((HERE,), (lost,)), only("prod/*/hidden"), fleet(), executor)
    assert (found.targets, found.unreachable_scopes) == ((), (lost,))


def known(name: str, account: str = "", region: str = "", **labels: str) -> KnownCluster:
    return KnownCluster(name, account, region, tuple(sorted(labels.items())), Location("f.yaml", 7, 5))


def test_a_known_cluster_adds_its_labels(executor: ThreadExecutor) -> None:
    clusters = (known("web", "dev", load="high", env="test"), known("web", load="low"))
    found = discover(SEARCH, only("web"), fleet(), executor, known=clusters)
    assert [target.labels for target in found.targets] == [
        (("env", "test"), ("load", "low"), ("path", "/A")),
        (("env", "prod"), ("load", "low")),
    ]
    high = discover(SEARCH, Selection(labels=(("load", "low"),)), fleet(), executor, known=clusters)
    assert targets(high) == ["dev/eu-west-1/web", "prod/eu-west-1/web"]


def test_a_known_cluster_that_does_not_exist_is_reported_and_counted(executor: ThreadExecutor) -> None:
    clusters = (
        known("web"),
        known("gone", "prod", "us-east-1"),
        known("lost", "222233334444"),
        known("never"),
    )
    found = discover(SEARCH, Selection(), fleet(), executor, known=clusters)
    assert [str(each.target) for each in found.missing] == [
        "222233334444/us-east-1/gone",
        "222233334444/*/lost",
        "*/*/never",
    ]
    trouble = found.missing[0].observed.trouble
    assert trouble.cause is Cause.NO_SUCH_CLUSTER
    assert trouble.message == "listed at f.yaml:7:5, not found in 222233334444/us-east-1"
    assert found.count == len(found.targets) + 3
    assert [target.ref for target, _ in found.unreachable] == sorted(
        each.target.ref for each in found.missing
    )


def test_a_known_cluster_is_missed_only_where_it_was_looked_for(executor: ThreadExecutor) -> None:
    clusters = (known("gone", "prod"), known("far", "other"), known("aside", "old"))
    search = Search(SEARCH.places, left_out=(LeftOut("999999999999", "old", "excluded by --not-account"),))
    listed = discover(search, Selection(), fleet(), executor, known=clusters)
    assert [str(each.target) for each in listed.missing] == ["222233334444/*/gone", "other/*/far"]
    half = discover(search, Selection(), fleet(far=THROTTLED), executor, known=clusters)
    assert [str(each.target) for each in half.missing] == ["other/*/far"]
    unasked = discover(search, only("dev/eu-west-1/web"), fleet(), executor, known=clusters)
    assert unasked.missing == ()


def test_known_clusters_are_read_by_name_where_listing_alone_is_denied(executor: ThreadExecutor) -> None:
    clusters = (known("secret", "prod", "us-east-1"), known("other", "prod", "eu-west-1"))
    found = discover(SEARCH, Selection(), fleet(far=DENIED, there=THROTTLED), executor, known=clusters)
    assert "prod/us-east-1/secret" in targets(found)
    assert "prod/eu-west-1/other" not in targets(found)
    assert [str(each.target) for each in found.unreachable_scopes] == [
        "222233334444/eu-west-1/*",
        "222233334444/us-east-1/*",
    ]


def test_with_known_clusters_only_nothing_is_listed(executor: ThreadExecutor) -> None:
    api = fleet()
    clusters = (known("web", "dev"), known("shop", "prod", "us-east-1"))
    found = discover(SEARCH, Selection(), api, executor, known=clusters, known_only=True)
    assert targets(found) == ["dev/eu-west-1/web", "prod/us-east-1/shop"]
    assert (api.listed, found.missing) == ([], ())
    with pytest.raises(EksdnsError, match="matches none of 2 cluster names"):
        discover(SEARCH, only("x*"), api, executor, known=clusters, known_only=True)


def test_a_known_cluster_alone_has_to_say_where_it_is(executor: ThreadExecutor) -> None:
    with pytest.raises(
        EksdnsError, match=r"cluster web at f\.yaml:7:5 matches 2 combinations of account and region"
    ):
        discover(SEARCH, Selection(), fleet(), executor, known=(known("web", "prod"),), known_only=True)


def test_a_cluster_without_a_place_in_the_file_is_missed_without_one(executor: ThreadExecutor) -> None:
    nameless = KnownCluster("gone", "dev", "eu-west-1")
    found = discover(SEARCH, Selection(), fleet(), executor, known=(nameless,))
    assert found.missing[0].observed.trouble.message == "not found in 111122223333/eu-west-1"


def test_units_of_an_account_stay_whatever_a_cluster_says() -> None:
    account = (("env", "dev"), ("path", "/A"), ("path", "/A/B"))
    assert merged_labels(account, (("env", "x"), ("path", "/C"))) == (
        ("env", "x"),
        ("path", "/A"),
        ("path", "/A/B"),
        ("path", "/C"),
    )


regions = st.sampled_from(["eu-west-1", "us-east-1", "ap-south-1"])
listings = st.dictionaries(
    st.tuples(st.sampled_from([DEV, PROD]), regions),
    st.sampled_from([DENIED, THROTTLED])
    | st.sets(st.sampled_from("abcdef"), max_size=4).map(lambda found: tuple(sorted(found))),
    min_size=1,
)


@examples(50)
@given(listings, st.lists(st.sampled_from("abcdef"), max_size=3, unique=True))
def test_with_any_fault_every_cluster_and_scope_counts_once(
    listing: dict[tuple[Account, str], tuple[str, ...] | Trouble], names: list[str]
) -> None:
    places = tuple(Place(account, region) for account, region in listing)
    api = ListedClusters({place.scope: listing[place.account, place.region] for place in places})
    clusters = tuple(known(name) for name in names)
    executor = ThreadExecutor(2, 1)
    found = discover(Search(places), Selection(), api, executor, known=clusters)
    executor.close()
    lists = [names for names in listing.values() if not isinstance(names, Trouble)]
    denied = [names for names in listing.values() if names is DENIED]
    absent = (
        [name for name in names if all(name not in each for each in lists)]
        if len(lists) == len(listing)
        else []
    )
    assert found.count == sum(map(len, lists)) + len(listing) - len(lists) + len(denied) * len(names) + len(
        absent
    )
    refs = [str(target) for target in found.targets] + [str(target) for target, _ in found.unreachable]
    assert len(refs) == len(set(refs)) == found.count


class Visits:
    """Notes what it is told, in order; `names` are those whose reading was finished."""

    def __init__(self, api: ListedClusters) -> None:
        self.api = api
        self.expected: list[str] = []
        self.names: list[str] = []
        self.unlisted: list[int] = []
        self.listed_at_first_read = 0

    def listed(self, scope: Scope, targets: Sequence[Target], unlisted: int) -> None:
        assert all(target.ref.scope == scope for target in targets)
        self.unlisted.append(unlisted)
        self.expect(targets)

    def expect(self, targets: Sequence[Target]) -> None:
        self.expected += [str(target.ref) for target in targets]

    def read(self, target: Target) -> Callable[[], None]:
        assert str(target.ref) in self.expected
        self.listed_at_first_read = self.listed_at_first_read or len(self.api.listed)
        return lambda: self.names.append(str(target.ref))


@pytest.mark.parametrize(
    "selection",
    [Selection(), only("web", "prod-*"), only("dev/eu-west-1/web")],
    ids=["all", "globs", "exact"],
)
def test_each_target_is_visited_once(executor: ThreadExecutor, selection: Selection) -> None:
    api = fleet(there=DENIED)
    visits = Visits(api)
    clusters = (known("web", "dev"), known("hidden", "prod", "eu-west-1"))
    found = discover(SEARCH, selection, api, executor, known=clusters, visitor=visits)
    assert sorted(visits.names) == sorted(str(target.ref) for target in found.targets)
    assert found == discover(SEARCH, selection, api, executor, known=clusters)


def test_known_clusters_are_visited_without_a_list(executor: ThreadExecutor) -> None:
    api = fleet()
    visits = Visits(api)
    clusters = (known("web", "dev", "eu-west-1"),)
    discover(Search((HERE,)), Selection(), api, executor, known=clusters, known_only=True, visitor=visits)
    assert (visits.names, api.listed) == (["111122223333/eu-west-1/web"], [])


def test_targets_are_visited_while_other_places_are_not_listed_yet() -> None:
    api, executor = fleet(), ThreadExecutor(1, 1)
    visits = Visits(api)
    discover(SEARCH, Selection(), api, executor, visitor=visits)
    executor.close()
    assert visits.listed_at_first_read < len(SEARCH.places)
    assert visits.unlisted == [2, 1, 0]


def test_nothing_is_visited_where_a_cluster_matches_nothing(executor: ThreadExecutor) -> None:
    visits = Visits(fleet())
    with pytest.raises(EksdnsError):
        discover(SEARCH, only("web", "wbe"), visits.api, executor, visitor=visits)
    assert visits.names == []
