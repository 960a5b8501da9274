"""Selects the accounts and regions to search."""

from collections.abc import Iterable, Iterator

from eksaddon.discover.accounts import Found
from eksaddon.discover.values import ANY, LeftOut, Place, Search, UnreachableScope
from eksaddon.domain.cause import Trouble
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.geography import region_partition
from eksaddon.domain.selection import Selection, is_glob
from eksaddon.domain.target import Account, KnownCluster, RegionGlobs, Regions
from eksaddon.ports import AccountDirectory, Executor

NO_REGION_HINT = (
    "set --region, or `regions` of the account in the fleet file; there is no default region, and "
    "AWS_REGION counts only if the file lists no accounts"
)


def find_places(
    found: Found,
    selection: Selection,
    known: tuple[KnownCluster, ...],
    directory: AccountDirectory,
    executor: Executor,
    *,
    is_part: bool = False,
) -> Search:
    """Apply the selection to accounts and regions.

    Args:
        is_part: Only a shard of the accounts is searched, so nothing may be selected in it.

    Raises:
        EksdnsError: The selection is empty, or an account has no region.
    """
    accounts, left_out = _select(found.accounts, selection, known)
    if not is_part:
        _require_accounts(found, selection, accounts)
    _require_regions(accounts, selection)
    enabled = _enabled_regions(accounts, selection, directory, executor)
    places: list[Place] = []
    unreachable = [each for each in found.unreachable_scopes if not selection.refusal(each.account)]
    for account in accounts:
        regions = enabled.get(account.id, account.regions)
        if isinstance(regions, Trouble):
            unreachable.append(UnreachableScope(account, ANY, regions))
            continue
        chosen = tuple(_chosen(account, regions, selection))
        places += [Place(account, region) for region in chosen]
        if not chosen:
            left_out.append(
                LeftOut(account.id, account.name, "no region of the account is selected by --region")
            )
    if not places and not unreachable and not is_part:
        criterion = f"--region {' '.join(selection.regions)}" if selection.regions else "the partition"
        raise EksdnsError(
            f"{criterion} matches no region of any account",
            hint="check `regions` of the accounts, and AWS_REGION",
            exit_code=ExitCode.USAGE,
        )
    return Search(tuple(places), tuple(unreachable), (*found.left_out, *left_out))


def _select(
    accounts: Iterable[Account], selection: Selection, known: tuple[KnownCluster, ...]
) -> tuple[list[Account], list[LeftOut]]:
    kept, left_out = [], []
    for account in accounts:
        reason = selection.refusal(account) or _label_refusal(account, selection, known)
        if reason:
            left_out.append(LeftOut(account.id, account.name, reason))
        else:
            kept.append(account)
    return kept, left_out


def _label_refusal(account: Account, selection: Selection, known: tuple[KnownCluster, ...]) -> str:
    """Why an account is excluded by labels; not if one of its known clusters may have them."""
    may_match = any(cluster.labels and cluster.account in {"", account.id, account.name} for cluster in known)
    return "" if may_match or selection.takes_labels(account.labels) else "not selected by --label"


def _require_accounts(found: Found, selection: Selection, accounts: list[Account]) -> None:
    if accounts or any(not selection.refusal(each.account) for each in found.unreachable_scopes):
        return
    total = len(found.accounts) + len(found.unreachable_scopes)
    if total == 0:
        raise EksdnsError("no active account in scope", hint="check `accounts` and `organization`")
    raise EksdnsError(
        f"none of the {total} accounts is selected",
        hint="check --account, --not-account, --label and --ou",
        exit_code=ExitCode.USAGE,
    )


def _require_regions(accounts: Iterable[Account], selection: Selection) -> None:
    without_regions = [account for account in accounts if account.regions == ()]
    if not without_regions or _exact(selection):
        return
    more = f" and {len(without_regions) - 1} more" if len(without_regions) > 1 else ""
    raise EksdnsError(
        f"no region set for account {without_regions[0].id}{more}",
        hint=NO_REGION_HINT,
        exit_code=ExitCode.USAGE,
    )


def _exact(selection: Selection) -> tuple[str, ...]:
    """Regions of the selection without globs."""
    return tuple(region for region in selection.regions if not is_glob(region))


def _enabled_regions(
    accounts: Iterable[Account], selection: Selection, directory: AccountDirectory, executor: Executor
) -> dict[str, tuple[str, ...] | Trouble]:
    """Enabled regions by account id for `all` and globs; not read if the selection has exact regions only."""
    if selection.regions and len(_exact(selection)) == len(selection.regions):
        return {}
    account_ids = [account.id for account in accounts if not isinstance(account.regions, tuple)]
    return dict(executor.each(account_ids, directory.enabled_regions, lane=lambda account: account))


def _chosen(account: Account, regions: Regions, selection: Selection) -> Iterator[str]:
    candidates = regions if isinstance(regions, tuple) and regions else _exact(selection)
    globs = account.regions if isinstance(account.regions, RegionGlobs) else None
    for region in dict.fromkeys(candidates):
        if globs is not None and not globs.takes(region):
            continue
        if selection.takes_region(region) and region_partition(region) == account.partition:
            yield region
