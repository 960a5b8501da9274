"""Finds few `match` blocks that select exactly a group of clusters."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import product

from eksaddon.domain.target import Target
from eksaddon.frozen import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Criteria:
    """One `match`; an empty criterion matches everything.

    Attributes:
        clusters: Names, or one glob.
        account: ID.
    """

    account: str = ""
    region: str = ""
    clusters: tuple[str, ...] = ()


class Cover:
    """Covers groups of a fleet.

    Args:
        fleet: All clusters that must not be matched by accident.
    """

    def __init__(self, fleet: Iterable[Target]) -> None:
        self._matched: dict[Criteria, set[Target]] = defaultdict(set)
        for target in fleet:
            for criteria in _candidates(target):
                self._matched[criteria].add(target)

    def matches(self, group: Collection[Target]) -> Iterator[Criteria]:
        """Blocks that together match the group and no other cluster, those that match most first."""
        members, left = set(group), set(group)
        exact = {one: found for one, found in self._of(members).items() if found <= members}
        while left:
            best = min(exact, key=lambda one: (-len(exact[one] & left), _detail(one), one))
            gained = exact[best] & left
            if len(gained) == 1:
                break
            left -= gained
            yield best
        yield from self._by_name(left, members)

    def _of(self, members: Iterable[Target]) -> dict[Criteria, set[Target]]:
        return {one: self._matched[one] for target in members for one in _candidates(target)}

    def _by_name(self, left: Collection[Target], members: Collection[Target]) -> Iterator[Criteria]:
        """One block for names that no other cluster has, and one by account and region for the others."""
        anywhere, places = [], defaultdict(list)
        for target in sorted(left, key=lambda one: one.ref):
            if self._matched[Criteria(clusters=(target.ref.name,))] <= set(members):
                anywhere.append(target.ref.name)
            else:
                places[target.ref.account, target.ref.region].append(target.ref.name)
        if anywhere:
            yield Criteria(clusters=tuple(sorted(set(anywhere))))
        for (account, region), names in places.items():
            yield Criteria(account, region, tuple(names))


def _candidates(target: Target) -> Iterator[Criteria]:
    ref = target.ref
    names = ((), (ref.name,), *((glob,) for glob in _globs(ref.name)))
    for account, region, clusters in product(("", ref.account), ("", ref.region), names):
        if account or region or clusters:
            yield Criteria(account, region, clusters)


def _globs(name: str) -> Iterator[str]:
    for at, letter in enumerate(name):
        if letter == "-" and at:
            yield f"{name[: at + 1]}*"


def _detail(criteria: Criteria) -> int:
    """Number of criteria: of equal matches the simplest is chosen."""
    return sum(bool(each) for each in (criteria.account, criteria.region, criteria.clusters))


def criteria_json(criteria: Criteria, names: Mapping[str, str]) -> dict[str, str | list[str]]:
    """The `match` block.

    Args:
        names: Of accounts by id; an id without a name stands for itself.
    """
    block: dict[str, str | list[str]] = {}
    if criteria.account:
        block["account"] = names.get(criteria.account, criteria.account)
    if criteria.region:
        block["region"] = criteria.region
    if criteria.clusters:
        block["cluster"] = criteria.clusters[0] if len(criteria.clusters) == 1 else list(criteria.clusters)
    return block
