"""Finds the accounts in scope: from files, the organization, profiles or the current credentials."""

from collections.abc import Callable, Iterator

from eksaddon.discover.values import ANY, LeftOut, UnreachableScope
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.geography import region_partition
from eksaddon.domain.roles import role_arn
from eksaddon.domain.selection import UNIT
from eksaddon.domain.shards.shard import Shard
from eksaddon.domain.target import (
    Access,
    Account,
    AssumedRole,
    CurrentCredentials,
    Organization,
    ProfileCredentials,
    Regions,
)
from eksaddon.frozen import dataclass
from eksaddon.ports import AccountDirectory, Identity, Member, OrganizationDirectory

RegionOf = Callable[[Access], str]
"""Region set by the environment or a profile; empty if none is set."""

UNKNOWN_ACCOUNT = "unknown"
"""Placeholder id if STS is not available; EKS itself may still be."""

_CREDENTIAL_CAUSES = frozenset(
    {
        Cause.SETTINGS,
        Cause.NO_PROFILE,
        Cause.MISSING_DEPENDENCY,
        Cause.NO_CREDENTIALS,
        Cause.CREDENTIALS_EXPIRED,
        Cause.CREDENTIALS_INVALID,
        Cause.MFA_REQUIRED,
    }
)


@dataclass(frozen=True, slots=True)
class Sources:
    """Sources of accounts; if all are empty, the current credentials are the only account.

    Attributes:
        units: Organizational units selected on the command line.
        regions: Exact regions on the command line, in addition to the default region of the environment or
            the profile.
        fallback: Regions of an account for which none is set.
        with_tags: Read account tags as labels; costs one call for each account of the organization.
        with_units: Read organizational units as labels.
    """

    accounts: tuple[Account, ...] = ()
    organization: Organization | None = None
    profiles: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    fallback: Regions = ()
    with_tags: bool = False
    with_units: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    accounts: tuple[Account, ...]
    unreachable_scopes: tuple[UnreachableScope, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


def find_accounts(
    sources: Sources,
    directory: AccountDirectory,
    organization: Callable[[Organization], OrganizationDirectory],
    region_of: RegionOf,
) -> Found:
    """Return all accounts of the sources, before any selection.

    Raises:
        EksdnsError: The sources contradict each other, or the accounts cannot be listed.
    """
    if sources.profiles:
        if sources.accounts or sources.organization:
            raise EksdnsError(
                "--profile cannot be combined with a list of accounts",
                hint="remove one of them; set AWS_PROFILE to choose the profile that assumes roles",
                exit_code=ExitCode.USAGE,
            )
        return _accounts_of_profiles(sources, directory, region_of)
    if not sources.accounts and sources.organization is None:
        return Found((_current(sources, directory, region_of),))
    configured = _verify(sources.accounts, directory)
    if sources.organization is None:
        return configured
    listed = _accounts_of_organization(sources, sources.organization, organization(sources.organization))
    return _join(configured, listed)


def in_shard(found: Found, shard: Shard) -> Found:
    """Only the accounts of a shard; the others count as excluded."""
    lost = tuple(each for each in found.unreachable_scopes if shard.has(each.account.id))
    every = (*found.accounts, *(each.account for each in found.unreachable_scopes))
    reason = f"not in shard {shard}"
    others = [LeftOut(each.id, each.name, reason) for each in every if not shard.has(each.id)]
    kept = tuple(each for each in found.accounts if shard.has(each.id))
    return Found(kept, lost, (*found.left_out, *others))


def _current(sources: Sources, directory: AccountDirectory, region_of: RegionOf) -> Account:
    access = CurrentCredentials()
    caller = directory.identity(access)
    regions = _regions(sources, region_of(access))
    if not isinstance(caller, Trouble):
        return Account(caller.account, "", caller.partition, access, regions)
    if caller.cause in _CREDENTIAL_CAUSES:
        raise EksdnsError(f"current credentials: {caller}", hint=caller.hint)
    first = regions[0] if isinstance(regions, tuple) and regions else ""
    return Account(UNKNOWN_ACCOUNT, "", region_partition(first), access, regions)


def _regions(sources: Sources, default: str) -> Regions:
    return tuple(dict.fromkeys(filter(None, (*sources.regions, default)))) or sources.fallback


def _accounts_of_profiles(sources: Sources, directory: AccountDirectory, region_of: RegionOf) -> Found:
    accounts: dict[str, Account] = {}
    unreachable = []
    for profile in dict.fromkeys(sources.profiles):
        access = ProfileCredentials(profile)
        caller = directory.identity(access)
        if isinstance(caller, Trouble) and caller.cause is Cause.NO_PROFILE:
            raise EksdnsError(
                f"--profile {profile}: {caller.message}", hint=caller.hint, exit_code=ExitCode.USAGE
            )
        if isinstance(caller, Trouble):
            unreachable.append(UnreachableScope(Account(profile, profile, access=access), ANY, caller))
            continue
        if caller.account in accounts:
            names = f"{accounts[caller.account].name} and {profile}"
            raise EksdnsError(
                f"profiles {names} belong to the same account {caller.account}", hint="use only one of them"
            )
        regions = _regions(sources, region_of(access))
        accounts[caller.account] = Account(caller.account, profile, caller.partition, access, regions)
    return Found(tuple(accounts.values()), tuple(unreachable))


def _verify(accounts: tuple[Account, ...], directory: AccountDirectory) -> Found:
    """Check with STS that credentials without a role belong to the account in the file."""
    identities: dict[Access, Identity | Trouble] = {}
    reached, unreachable = [], []
    for account in accounts:
        if isinstance(account.access, AssumedRole):
            reached.append(account)
            continue
        if account.access not in identities:
            identities[account.access] = directory.identity(account.access)
        trouble = _mismatch(account, identities[account.access])
        if trouble is None:
            reached.append(account)
        else:
            unreachable.append(UnreachableScope(account, ANY, trouble))
    return Found(tuple(reached), tuple(unreachable))


def _mismatch(account: Account, caller: Identity | Trouble) -> Trouble | None:
    if isinstance(caller, Trouble):
        return caller
    if caller.account == account.id:
        return None
    message = f"the credentials are for account {caller.account}, not {account.id}"
    return Trouble(Cause.WRONG_ACCOUNT, message, operation="GetCallerIdentity")


def _accounts_of_organization(
    sources: Sources, settings: Organization, directory: OrganizationDirectory
) -> Found:
    whole_organization = ("/",) if sources.with_units else ()
    units = settings.units or sources.units or whole_organization
    members = directory.members(units, with_tags=sources.with_tags or bool(settings.tags))
    if isinstance(members, Trouble):
        raise EksdnsError(f"cannot list the organization's accounts: {members}", hint=members.hint)
    inactive = [LeftOut(each.id, each.name, f"account is {each.state}") for each in members.left_out]
    accounts, refused = [], []
    for member in members.active:
        if reason := _refusal(member, settings):
            refused.append(LeftOut(member.id, member.name, reason))
        else:
            accounts.append(_member_account(member, settings))
    return Found(tuple(accounts), left_out=(*inactive, *refused))


def _refusal(member: Member, settings: Organization) -> str:
    if member.id in settings.exclude or member.name in settings.exclude:
        return "excluded by the fleet file"
    missing = [f"{key}={value}" for key, value in settings.tags if (key, value) not in member.tags]
    return f"missing tag {missing[0]}" if missing else ""


def _member_account(member: Member, settings: Organization) -> Account:
    partition = settings.partition
    arns = tuple(role_arn(role, member.id, partition) for role in settings.roles)
    unit = ((UNIT, member.path),) if member.path else ()
    return Account(
        member.id,
        member.name,
        partition,
        AssumedRole(arns, settings.external_id, settings.profile),
        settings.regions,
        tuple(sorted({*member.tags, *unit})),
    )


def _join(configured: Found, listed: Found) -> Found:
    """Merge both lists; an account in the file takes precedence over the organization's entry."""
    known = {account.id for account in _all_accounts(configured)}
    return Found(
        (*configured.accounts, *(account for account in listed.accounts if account.id not in known)),
        configured.unreachable_scopes,
        tuple(each for each in listed.left_out if each.account not in known),
    )


def _all_accounts(found: Found) -> Iterator[Account]:
    yield from found.accounts
    yield from (each.account for each in found.unreachable_scopes)
