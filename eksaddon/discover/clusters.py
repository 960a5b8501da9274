"""Every cluster in scope: listed, or read by name where its name says it all."""

import difflib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from eksaddon.discover.values import ANY, Discovered, MissingCluster, Place, Search, UnreachableScope
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.selection import UNIT, ClusterPattern, Selection, any_glob
from eksaddon.domain.target import Account, ClusterRef, KnownCluster, Labels, Scope, Target
from eksaddon.ports import AddonApi, Executor

_UNAVAILABLE = frozenset({Cause.DENIED_BY_SCP, Cause.REGION_NOT_ENABLED})


def discover(
    search: Search,
    selection: Selection,
    api: AddonApi,
    executor: Executor,
    *,
    known: tuple[KnownCluster, ...] = (),
    known_only: bool = False,
    skip_unavailable: bool = False,
    tick: Callable[[Scope], None] = lambda _: None,
) -> Discovered:
    """Find the clusters.

    A name without glob that can only be in one account and region is taken as it is: that needs no
    eks:ListClusters, and a cluster that is not there shows when it is read.

    Args:
        known_only: Only clusters of the fleet file; nothing is listed.
        skip_unavailable: Regions that are denied or not enabled are skipped, unless a known cluster is there.
        tick: Called from this thread as each account and region has been listed.

    Raises:
        EksdnsError: A `--cluster` matches nothing, though everything could be listed.
    """
    finder = _Finder(search, selection, known, skip_unavailable)
    if known_only:
        finder.take_known()
    else:
        places = finder.to_list()
        for place, names in executor.each(
            places, lambda place: api.clusters(place.scope), lane=lambda place: place.scope
        ):
            tick(place.scope)
            finder.listed(place, names)
        finder.take_direct()
    return finder.discovered()


@dataclass(slots=True)
class _Finder:
    search: Search
    selection: Selection
    known: tuple[KnownCluster, ...]
    skip_unavailable: bool
    _by_account: dict[str, list[Place]] = field(default_factory=dict)
    _known: dict[Scope, dict[str, list[KnownCluster]]] = field(default_factory=dict)
    _targets: dict[ClusterRef, Target] = field(default_factory=dict)
    _listed: dict[Scope, tuple[str, ...]] = field(default_factory=dict)
    _unreachable_scopes: list[UnreachableScope] = field(default_factory=list)

    def __post_init__(self) -> None:
        for place in self.search.places:
            for name in {place.account.id, place.account.name}:
                self._by_account.setdefault(name, []).append(place)
        for cluster in self.known:
            for place in self._places_of(cluster):
                self._known.setdefault(place.scope, {}).setdefault(cluster.name, []).append(cluster)

    def to_list(self) -> list[Place]:
        """Places that a pattern cannot answer by itself."""
        if not self.selection.clusters:
            return list(self.search.places)
        wanted = [pattern for pattern in self.selection.clusters if self._direct(pattern) is None]
        return [place for place in self.search.places if any(_may_be_in(each, place) for each in wanted)]

    def listed(self, place: Place, names: tuple[str, ...] | Trouble) -> None:
        if isinstance(names, Trouble):
            is_skipped = (
                self.skip_unavailable and names.cause in _UNAVAILABLE and place.scope not in self._known
            )
            self._unreachable_scopes.append(UnreachableScope(place.account, place.region, names, is_skipped))
            if names.cause is Cause.DENIED:
                self._take(place, self._known.get(place.scope, ()))
            return
        self._listed[place.scope] = names
        self._take(place, names)

    def take_direct(self) -> None:
        for pattern in self.selection.clusters:
            if (place := self._direct(pattern)) is not None:
                self._take(place, (pattern.name,))

    def take_known(self) -> None:
        for cluster in self.known:
            if (count := len(self._places_of(cluster))) > 1:
                raise EksdnsError(
                    f"cluster {cluster.name} at {cluster.location} matches {count} combinations of "
                    "account and region",
                    hint="set its account and region; `discovery: known` does not search",
                )
        for place in self.search.places:
            self.listed(place, tuple(self._known.get(place.scope, ())))

    def discovered(self) -> Discovered:
        self._require_matches()
        return Discovered(
            targets=tuple(sorted(self._targets.values(), key=lambda target: target.ref)),
            unreachable_scopes=tuple(
                sorted(
                    (*self.search.unreachable_scopes, *self._unreachable_scopes),
                    key=lambda each: each.target.ref,
                )
            ),
            missing=tuple(self._missing()),
            left_out=self.search.left_out,
            searched=self.search.places,
        )

    def _take(self, place: Place, names: Iterable[str]) -> None:
        for name in names:
            target = self._target(place, name)
            if self.selection.matches(target):
                self._targets.setdefault(target.ref, target)

    def _target(self, place: Place, name: str) -> Target:
        labels = place.account.labels
        for each in self._known.get(place.scope, {}).get(name, ()):
            labels = merged_labels(labels, each.labels)
        return Target(ClusterRef(place.account.id, place.region, name), place.account.name, labels)

    def _places_of(self, cluster: KnownCluster) -> list[Place]:
        """Where it may be by what the file says about it."""
        places = self._by_account.get(cluster.account, []) if cluster.account else self.search.places
        return [place for place in places if cluster.region in {"", place.region}]

    def _direct(self, pattern: ClusterPattern) -> Place | None:
        """The only place that can hold an exact name."""
        places = [place for place in self.search.places if _may_be_in(pattern, place)]
        return places[0] if pattern.is_exact and len(places) == 1 else None

    def _missing(self) -> Iterable[MissingCluster]:
        for cluster in self.known:
            places = self._places_of(cluster)
            target = _expected(cluster, places)
            if self._is_known_absent(cluster, places) and self.selection.matches(target):
                yield MissingCluster(cluster, target)

    def _is_known_absent(self, cluster: KnownCluster, places: list[Place]) -> bool:
        """Whether every place that could hold it was listed; without a place, whether nobody left it out."""
        if not places:
            aside = {name for each in self.search.left_out for name in (each.account, each.name)}
            aside |= {
                name
                for each in self.search.unreachable_scopes
                for name in (each.account.id, each.account.name)
            }
            return bool(cluster.account) and cluster.account not in aside
        listings = [self._listed.get(place.scope) for place in places]
        return all(listing is not None and cluster.name not in listing for listing in listings)

    def _require_matches(self) -> None:
        unmatched = [pattern for pattern in self.selection.clusters if self._matches_nothing(pattern)]
        if not unmatched:
            return
        names = sorted({name for listing in self._listed.values() for name in listing})
        near = difflib.get_close_matches(unmatched[0].name, names, n=3)
        looked = f"{len(names)} cluster names in {len(self._listed)} accounts and regions"
        raise EksdnsError(
            f"--cluster {' '.join(pattern.text for pattern in unmatched)} matches none of {looked}",
            hint=f"did you mean {', '.join(near)}?"
            if near
            else "check the name, account and region, or use a glob",
            exit_code=ExitCode.USAGE,
        )

    def _matches_nothing(self, pattern: ClusterPattern) -> bool:
        """Whether that is certain: what could not be listed may hold it."""
        places = [place for place in self.search.places if _may_be_in(pattern, place)]
        unseen = any(place.scope not in self._listed for place in places)
        unknown = any(
            any_glob((pattern.account,), each.account.id, each.account.name)
            for each in self.search.unreachable_scopes
        )
        found = any(pattern.matches(each.ref, each.account_name) for each in self._targets.values())
        return not (found or unseen or unknown)


def merged_labels(account: Labels, cluster: Labels) -> Labels:
    """The cluster's labels win over those of its account; organizational units stay."""
    own = {key for key, _ in cluster}
    kept = [(key, value) for key, value in account if key == UNIT or key not in own]
    return tuple(sorted({*kept, *cluster}))


def _may_be_in(pattern: ClusterPattern, place: Place) -> bool:
    return pattern.may_be_in(place.scope, place.account.name)


def _expected(cluster: KnownCluster, places: list[Place]) -> Target:
    """Where a cluster should be, as far as it is known."""
    accounts = {place.account.id: place.account for place in places}
    regions = {place.region for place in places}
    account = Account(cluster.account or ANY, cluster.account)
    if len(accounts) == 1:
        (account,) = accounts.values()
    region = regions.pop() if len(regions) == 1 else cluster.region or ANY
    labels = merged_labels(account.labels, cluster.labels)
    return Target(ClusterRef(account.id, region, cluster.name), account.name, labels)
