"""Rejects names on the command line that match nothing, before any read or write; pure."""

from collections.abc import Iterable
from fnmatch import fnmatchcase

from eksaddon.discover.accounts import Found
from eksaddon.domain.errors import EksdnsError, ExitCode, unknown_name
from eksaddon.domain.geography import REGIONS, NotARegion, region_name
from eksaddon.domain.selection import Selection, in_unit, is_glob
from eksaddon.domain.target import Account, KnownCluster


def refuse_unknown_names(found: Found, selection: Selection, known: Iterable[KnownCluster]) -> None:
    """Reject names that match nothing: with the typo `--not-account shpo`, `shop` would stay in scope.

    Regions are compared with those of the accounts if every account lists its regions.

    Raises:
        EksdnsError: A name or a glob matches nothing.
    """
    accounts = (*found.accounts, *(each.account for each in found.unreachable_scopes))
    ids = {each.id for each in accounts} | {each.account for each in found.left_out}
    names = {each.name for each in accounts} | {each.name for each in found.left_out}
    for option, patterns in (("--account", selection.accounts), ("--not-account", selection.not_accounts)):
        _refuse(option, patterns, ids | names - {""}, "account")
    if accounts and all(isinstance(each.regions, tuple) and each.regions for each in accounts):
        regions = {region for each in accounts if isinstance(each.regions, tuple) for region in each.regions}
        _refuse("--region", selection.regions, regions, "region of these accounts")
    _refuse_regions(accounts, selection)
    labels = (*(each.labels for each in accounts), *(each.labels for each in known))
    keys = {key for each in labels for key, _ in each}
    _refuse("--label", (key for key, _ in selection.labels), keys, "label")
    for key, value in selection.labels:
        values = {each for label in labels for name, each in label if name == key}
        if not any(fnmatchcase(each, value) for each in values):
            message = f"--label {key}={value}: no account and no cluster of the fleet file has this value"
            raise unknown_name(message, value, values)
    _refuse_units(accounts, selection)


def _refuse(option: str, patterns: Iterable[str], names: set[str], what: str) -> None:
    for pattern in patterns:
        if not any(fnmatchcase(name, pattern) for name in names):
            raise unknown_name(f"{option} {pattern}: no {what} has this name", pattern, names)


def _refuse_regions(accounts: Iterable[Account], selection: Selection) -> None:
    """Reject names that no region has; the regions of a fleet file were checked when it was read."""
    listed = {name for each in accounts if isinstance(each.regions, tuple) for name in each.regions}
    for pattern in selection.regions:
        if is_glob(pattern):
            _refuse("--region", (pattern,), listed | set(REGIONS), "region")
        elif isinstance(found := region_name(pattern), NotARegion):
            raise _no_region(f"--region {pattern}: no region has this name", found)
    for name in sorted(listed - {*selection.regions}):
        if selection.takes_region(name) and isinstance(found := region_name(name), NotARegion):
            where = "AWS_REGION, AWS_DEFAULT_REGION or the profile"
            raise _no_region(f"invalid region {name!r} in {where}", found)


def _no_region(message: str, found: NotARegion) -> EksdnsError:
    hint = f"did you mean {found.nearest}?" if found.nearest else "use a region name (example: eu-west-1)"
    return EksdnsError(message, hint=hint, exit_code=ExitCode.USAGE)


def _refuse_units(accounts: Iterable[Account], selection: Selection) -> None:
    """Check units given by path; AWS Organizations checks those given by id."""
    candidates = tuple(accounts)
    paths = {value for each in candidates for key, value in each.labels if key == "path"}
    for unit in selection.units:
        if unit.startswith("/") and not any(in_unit(each.labels, (unit,)) for each in candidates):
            raise unknown_name(f"--ou {unit}: no account is in this organizational unit", unit, paths)
