"""Finds the clusters in scope: by listing, or by exact name."""

import difflib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import field

from eksaddon.discover.values import ANY, Discovered, MissingCluster, Place, Search, UnreachableScope
from eksaddon.discover.visiting import NoVisitor, Visitor, read_all, visit
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.selection import UNIT, ClusterPattern, Selection, any_glob
from eksaddon.domain.target import Account, ClusterRef, KnownCluster, Labels, Scope, Target
from eksaddon.frozen import dataclass
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
    is_part: bool = False,
    tick: Callable[[Scope], None] = lambda _: None,
    visitor: Visitor | None = None,
) -> Discovered:
    """Find the clusters in scope.

    An exact name that matches only one account and region becomes a target without listing: this needs no
    eks:ListClusters, and a missing cluster is detected when it is read.

    Args:
        known_only: Use only clusters of the fleet file, without listing.
        skip_unavailable: Skip regions that are denied or not enabled, unless they have a known cluster.
        is_part: Only a shard of the accounts is searched, so a `--cluster` may match in another one.
        tick: Called from this thread after each account and region was listed.
        visitor: Reads all targets, while others are still listed if that does not depend on a `--cluster`,
            which has to match first.

    Raises:
        EksdnsError: A `--cluster` matches nothing although everything could be listed.
    """
    finder = _Finder(search, selection, known, skip_unavailable, is_part)
    early = None if selection.clusters else visitor
    read: set[ClusterRef] = set()

    def record(place: Place, names: tuple[str, ...] | Trouble) -> Sequence[Target]:
        tick(place.scope)
        found = finder.record(place, names)
        if early is None:
            return ()
        read.update(target.ref for target in found)
        return found

    if known_only:
        finder.add_known()
    else:
        visit(finder.places_to_list(), record, api, executor, early or NoVisitor())
        finder.add_exact()
    found = finder.discovered()
    if visitor is not None:
        read_all([target for target in found.targets if target.ref not in read], executor, visitor)
    return found


@dataclass(slots=True)
class _Finder:
    search: Search
    selection: Selection
    known: tuple[KnownCluster, ...]
    skip_unavailable: bool
    is_part: bool
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

    def places_to_list(self) -> list[Place]:
        """Places that must be listed: those without an exact pattern."""
        if not self.selection.clusters:
            return list(self.search.places)
        patterns = [pattern for pattern in self.selection.clusters if self._exact_place(pattern) is None]
        return [place for place in self.search.places if any(_may_be_in(each, place) for each in patterns)]

    def record(self, place: Place, names: tuple[str, ...] | Trouble) -> Sequence[Target]:
        """Take the names of a place; the targets that it adds."""
        if isinstance(names, Trouble):
            is_skipped = (
                self.skip_unavailable and names.cause in _UNAVAILABLE and place.scope not in self._known
            )
            self._unreachable_scopes.append(UnreachableScope(place.account, place.region, names, is_skipped))
            return self._add(place, self._known.get(place.scope, ())) if names.cause is Cause.DENIED else ()
        self._listed[place.scope] = names
        return self._add(place, names)

    def add_exact(self) -> None:
        for pattern in self.selection.clusters:
            if (place := self._exact_place(pattern)) is not None:
                self._add(place, (pattern.name,))

    def add_known(self) -> None:
        for cluster in self.known:
            if (count := len(self._places_of(cluster))) > 1:
                raise EksdnsError(
                    f"cluster {cluster.name} at {cluster.location} matches {count} combinations of "
                    "account and region",
                    hint="set its account and region; `discovery: known` does not search",
                )
        for place in self.search.places:
            self.record(place, tuple(self._known.get(place.scope, ())))

    def discovered(self) -> Discovered:
        if not self.is_part:
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

    def _add(self, place: Place, names: Iterable[str]) -> Sequence[Target]:
        candidates = {target.ref: target for target in (self._target(place, name) for name in names)}
        added = {
            ref: target
            for ref, target in candidates.items()
            if ref not in self._targets and self.selection.matches(target)
        }
        self._targets.update(added)
        return tuple(added.values())

    def _target(self, place: Place, name: str) -> Target:
        labels = place.account.labels
        for each in self._known.get(place.scope, {}).get(name, ()):
            labels = merged_labels(labels, each.labels)
        return Target(ClusterRef(place.account.id, place.region, name), place.account.name, labels)

    def _places_of(self, cluster: KnownCluster) -> list[Place]:
        """Places that match the account and region in the file."""
        places = self._by_account.get(cluster.account, []) if cluster.account else self.search.places
        return [place for place in places if cluster.region in {"", place.region}]

    def _exact_place(self, pattern: ClusterPattern) -> Place | None:
        """The place of an exact name if there is only one; else None."""
        places = [place for place in self.search.places if _may_be_in(pattern, place)]
        return places[0] if pattern.is_exact and len(places) == 1 else None

    def _missing(self) -> Iterable[MissingCluster]:
        for cluster in self.known:
            places = self._places_of(cluster)
            target = _expected_target(cluster, places)
            if self._is_known_absent(cluster, places) and self.selection.matches(target):
                yield MissingCluster(cluster, target)

    def _is_known_absent(self, cluster: KnownCluster, places: list[Place]) -> bool:
        """Whether every place that could have the cluster was listed.

        Without places: whether its account is neither excluded nor unreachable.
        """
        if not places:
            excluded = {name for each in self.search.left_out for name in (each.account, each.name)}
            excluded |= {
                name
                for each in self.search.unreachable_scopes
                for name in (each.account.id, each.account.name)
            }
            return bool(cluster.account) and cluster.account not in excluded
        listings = [self._listed.get(place.scope) for place in places]
        return all(listing is not None and cluster.name not in listing for listing in listings)

    def _require_matches(self) -> None:
        unmatched = [pattern for pattern in self.selection.clusters if self._matches_nothing(pattern)]
        if not unmatched:
            return
        names = sorted({name for listing in self._listed.values() for name in listing})
        near = difflib.get_close_matches(unmatched[0].name, names, n=3)
        searched = f"{len(names)} cluster names in {len(self._listed)} accounts and regions"
        raise EksdnsError(
            f"--cluster {' '.join(pattern.text for pattern in unmatched)} matches none of {searched}",
            hint=f"did you mean {', '.join(near)}?"
            if near
            else "check the name, account and region, or use a glob",
            exit_code=ExitCode.USAGE,
        )

    def _matches_nothing(self, pattern: ClusterPattern) -> bool:
        """Whether a pattern certainly matches nothing; a place that could not be listed may have a match."""
        places = [place for place in self.search.places if _may_be_in(pattern, place)]
        is_unlisted = any(place.scope not in self._listed for place in places)
        unknown = any(
            any_glob((pattern.account,), each.account.id, each.account.name)
            for each in self.search.unreachable_scopes
        )
        found = any(pattern.matches(each.ref, each.account_name) for each in self._targets.values())
        return not (found or is_unlisted or unknown)


def merged_labels(account: Labels, cluster: Labels) -> Labels:
    """Merge labels; the cluster's override the account's, except organizational units."""
    cluster_keys = {key for key, _ in cluster}
    kept = [(key, value) for key, value in account if key == UNIT or key not in cluster_keys]
    return tuple(sorted({*kept, *cluster}))


def _may_be_in(pattern: ClusterPattern, place: Place) -> bool:
    return pattern.may_be_in(place.scope, place.account.name)


def _expected_target(cluster: KnownCluster, places: list[Place]) -> Target:
    """The target of a missing cluster, with `*` for unknown parts."""
    accounts = {place.account.id: place.account for place in places}
    regions = {place.region for place in places}
    account = Account(cluster.account or ANY, cluster.account)
    if len(accounts) == 1:
        (account,) = accounts.values()
    region = regions.pop() if len(regions) == 1 else cluster.region or ANY
    labels = merged_labels(account.labels, cluster.labels)
    return Target(ClusterRef(account.id, region, cluster.name), account.name, labels)
