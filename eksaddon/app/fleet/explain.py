"""Explains which line set each field of a cluster's desired state."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from eksaddon.app.fleet.fleet import Fleet, find_targets, load_scope
from eksaddon.app.fleet.request import TargetRequest
from eksaddon.app.session import AccessBook, Session
from eksaddon.config.explain import Explanation, explain
from eksaddon.config.flags import read_flags
from eksaddon.config.fleet import FleetFile
from eksaddon.config.load import find_fleet_file
from eksaddon.discover.clusters import merged_labels
from eksaddon.discover.values import Discovered
from eksaddon.domain.cause import Cause
from eksaddon.domain.errors import EksdnsError, ExitCode, unknown_name
from eksaddon.domain.observed import Unreachable
from eksaddon.domain.selection import ClusterPattern, read_cluster_pattern
from eksaddon.domain.target import ClusterRef, KnownCluster, Target

_SHOWN = 6

Connect = Callable[[AccessBook], AbstractContextManager[Session]]
"""Opens a session; called only if the fleet file does not contain the cluster."""


def explain_cluster(cluster: str, targets: TargetRequest, connect: Connect) -> Explanation:
    """Explain the cluster that is found in the fleet file, or else in AWS.

    Args:
        cluster: Name, ARN or account/region/name.
        targets: The fleet file and the selection.

    Raises:
        EksdnsError: The fleet file is missing or invalid, or not exactly one cluster matches.
    """
    if find_fleet_file(targets.config, os.environ, Path()) is None:
        raise EksdnsError("no fleet file found", hint="set --config", exit_code=ExitCode.USAGE)
    pattern = read_cluster_pattern(cluster)
    if pattern is None or not pattern.is_exact:
        raise EksdnsError(
            f"invalid cluster name {cluster!r}",
            hint="use a name, an ARN, or account/region/name",
            exit_code=ExitCode.USAGE,
        )
    fleet = load_scope(replace(targets, clusters=(cluster,)))
    selection = fleet.targets.selection()
    listed = [target for target in _listed(fleet.file, pattern) if selection.matches(target)]
    target = _only(cluster, listed) if listed else _found(cluster, fleet, connect)
    return explain(fleet.file, target, read_flags(), datetime.now(UTC).date())


def _listed(file: FleetFile, pattern: ClusterPattern) -> Iterator[Target]:
    """Matching clusters of the file that have an account and a region."""
    for cluster in file.clusters:
        target = _target_of(file, cluster)
        if target is not None and pattern.matches(target.ref, target.account_name):
            yield target


def _target_of(file: FleetFile, cluster: KnownCluster) -> Target | None:
    accounts = [each for each in file.accounts if cluster.account in {"", each.id, each.name}]
    if len(accounts) != 1 or (file.organization and not cluster.account):
        return None
    (account,) = accounts
    only = account.regions[0] if isinstance(account.regions, tuple) and len(account.regions) == 1 else ""
    if not (region := cluster.region or only):
        return None
    labels = merged_labels(account.labels, cluster.labels)
    return Target(ClusterRef(account.id, region, cluster.name), account.name, labels)


def _found(cluster: str, fleet: Fleet, connect: Connect) -> Target:
    book = AccessBook()
    with connect(book) as session:
        found = find_targets(fleet, session, book)
        if not found.targets:
            raise _not_found(cluster, found)
        target = _only(cluster, found.targets)
        observed = session.addons.read(target.ref)
        if isinstance(observed, Unreachable):
            if observed.trouble.cause is not Cause.NO_SUCH_CLUSTER:
                raise EksdnsError(f"{target.label}: {observed.trouble}", hint=observed.trouble.hint)
            names = session.addons.clusters(target.ref.scope)
            listed = names if isinstance(names, tuple) else ()
            raise unknown_name(f"there is no cluster {target.label}", target.ref.name, listed)
        return target


def _not_found(cluster: str, found: Discovered) -> EksdnsError:
    for target, observed in found.unreachable:
        trouble = observed.trouble
        return EksdnsError(f"{cluster} was not found: {target.label}: {trouble}", hint=trouble.hint)
    return EksdnsError(
        f"there is no cluster {cluster} in scope",
        hint="check the name, --account, --region and --label",
        exit_code=ExitCode.USAGE,
    )


def _only(cluster: str, targets: Sequence[Target]) -> Target:
    if len(targets) == 1:
        return targets[0]
    names = ", ".join(target.label for target in targets[:_SHOWN])
    omitted = f" and {len(targets) - _SHOWN:,} more" if len(targets) > _SHOWN else ""
    raise EksdnsError(
        f"{cluster} matches {len(targets)} clusters: {names}{omitted}",
        hint="use ACCOUNT/REGION/NAME",
        exit_code=ExitCode.USAGE,
    )
