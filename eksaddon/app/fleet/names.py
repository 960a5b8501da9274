"""Checks names in the fleet file and on the command line that match nothing, before any write; pure."""

from collections.abc import Callable, Iterable, Iterator

from eksaddon.config.fleet import FleetFile
from eksaddon.discover.accounts import Found
from eksaddon.discover.values import ANY, Place
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.errors import EksdnsError, ExitCode, unknown_name
from eksaddon.domain.geography import NewRegion, region_name
from eksaddon.domain.observed import Observed, Unreachable
from eksaddon.domain.selection import UNIT, Match, Selection, in_unit, is_glob
from eksaddon.domain.target import Account, Scope, Target

Row = tuple[Target, Observed]
_SHOWN = 3


def refuse_unknown_matches(file: FleetFile, found: Found, *, is_whole: bool = True) -> None:
    """Reject names in `match`, `select` and `excludeAccounts` that match no account of the file.

    A canary wave with the typo `env: dve` would be skipped, and the next wave would start immediately. Globs
    may match nothing yet. A file without accounts works with any credentials, so its names cannot be checked.

    Args:
        is_whole: Whether `found` has all accounts of the file, not only some organizational units.

    Raises:
        EksdnsError: A name matches nothing.
    """
    if not (file.accounts or file.organization) or (file.organization and not is_whole):
        return
    accounts = (*found.accounts, *(each.account for each in found.unreachable_scopes))
    listed = {(each.id, each.name) for each in accounts} | {(one.account, one.name) for one in found.left_out}
    names = {name for pair in listed for name in pair if name}
    excluded = file.organization.exclude if file.organization else ()
    _refuse(f"{file.source}: organization.excludeAccounts", excluded, names, "account")
    for where, match in file.named_matches:
        _refuse(where, match.accounts, names, "account")
        _refuse(where, match.regions, _regions(accounts), "region of these accounts")
        _refuse(where, (key for key, _ in match.labels), _label_keys(file, accounts), "label")
        _refuse_units(where, match, accounts)


def _refuse(where: str, given: Iterable[str], known: set[str] | None, what: str) -> None:
    for name in given if known is not None else ():
        if not is_glob(name) and name not in (known or ()):
            raise unknown_name(f"{where}: there is no {what} named {name}", name, known or ())


def _regions(accounts: Iterable[Account]) -> set[str] | None:
    """Regions of the accounts; None if they must be read from AWS."""
    known: set[str] = set()
    for account in accounts:
        if not isinstance(account.regions, tuple) or not account.regions:
            return None
        known.update(account.regions)
    return known


def _label_keys(file: FleetFile, accounts: Iterable[Account]) -> set[str]:
    labels = (*(each.labels for each in accounts), *(each.labels for each in file.clusters))
    return {key for each in labels for key, _ in each}


def _refuse_units(where: str, match: Match, accounts: Iterable[Account]) -> None:
    every = tuple(accounts)
    paths = {value for each in every for key, value in each.labels if key == UNIT}
    for unit in match.units:
        if not is_glob(unit) and not any(in_unit(each.labels, (unit,)) for each in every):
            raise unknown_name(f"{where}: no account is in organizational unit {unit}", unit, paths)


def missing_names(
    file: FleetFile,
    selection: Selection,
    rows: Iterable[Row],
    names_in: Callable[[Scope], tuple[str, ...] | Trouble],
) -> Iterator[EksdnsError]:
    """Errors for nonexistent profiles and exact cluster names, for verbs that write.

    Verbs that only read report each of them in a row.

    Args:
        names_in: Lists the clusters of an account and region, for suggestions.
    """
    every = tuple(rows)
    for target, observed in every:
        if not isinstance(observed, Unreachable):
            continue
        trouble = observed.trouble
        if trouble.cause is Cause.NO_PROFILE:
            account = target.account_name or target.ref.account
            yield EksdnsError(
                f"account {account}: {trouble.message}", hint=trouble.hint, exit_code=ExitCode.USAGE
            )
        if trouble.cause is Cause.NO_SUCH_CLUSTER and _is_named(target, selection):
            names = names_in(target.ref.scope)
            known = () if isinstance(names, Trouble) else names
            yield unknown_name(f"--cluster {target.label}: there is no such cluster", target.ref.name, known)
    yield from unknown_clusters(file, selection, [target for target, _ in every])


def _is_named(target: Target, selection: Selection) -> bool:
    return any(
        pattern.is_exact and pattern.matches(target.ref, target.account_name)
        for pattern in selection.clusters
    )


def unknown_clusters(
    file: FleetFile, selection: Selection, targets: Iterable[Target]
) -> Iterator[EksdnsError]:
    """Errors for exact cluster names in `match` and `select` that do not exist, if all clusters are known."""
    names = {target.ref.name for target in targets}
    if selection != Selection() or ANY in names or not names:
        return
    for where, match in file.named_matches:
        for name in match.clusters:
            if not is_glob(name) and name not in names:
                yield unknown_name(f"{where}: there is no cluster named {name}", name, names)


def nothing_found(
    selection: Selection, targets: Iterable[Target], searched: Iterable[Place]
) -> Iterator[EksdnsError]:
    """Errors for accounts and regions on the command line without clusters, or if there are no clusters.

    An account or region that could not be searched counts as a target.
    """
    every, places = tuple(targets), tuple(searched)
    if not every:
        names = [f"{each.account.name or each.account.id}/{each.region}" for each in places]
        omitted = f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else ""
        where = f" in {', '.join(names[:_SHOWN])}{omitted}" if names else ""
        yield EksdnsError(f"no cluster found{where}", hint="check --account, --region, --label and --ou")
        return
    hint = "check the name, or remove the option"
    for account in selection.accounts:
        if not is_glob(account) and not any(_is_of(target, account) for target in every):
            yield EksdnsError(f"--account {account}: no cluster found in this account", hint=hint)
    for region in selection.regions:
        if not is_glob(region) and not any(target.ref.region in {region, ANY} for target in every):
            found = region_name(region)
            near = found.nearest if isinstance(found, NewRegion) else ""
            meant = f"this version does not know the region; did you mean {near}?" if near else hint
            yield EksdnsError(f"--region {region}: no cluster found in this region", hint=meant)


def _is_of(target: Target, account: str) -> bool:
    return account in {target.ref.account, target.account_name}
