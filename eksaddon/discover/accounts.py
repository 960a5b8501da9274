"""Which accounts are in scope: of the files, the organization, the profiles, or the current credentials."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from eksaddon.discover.values import ANY, LeftOut, UnreachableScope
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.geography import region_partition
from eksaddon.domain.roles import role_arn
from eksaddon.domain.selection import UNIT
from eksaddon.domain.target import (
    Access,
    Account,
    AssumedRole,
    CurrentCredentials,
    Organization,
    ProfileCredentials,
)
from eksaddon.ports import AccountDirectory, Identity, Member, OrganizationDirectory

RegionOf = Callable[[Access], str]
"""The region that the environment or a profile names; empty for none."""

UNKNOWN_ACCOUNT = "unknown"
"""Stands for the id where STS cannot be asked; EKS itself may answer all the same."""

_ABOUT_CREDENTIALS = frozenset(
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
    """Where accounts come from; without any of them, the current credentials are the only account.

    Attributes:
        units: Organizational units asked for on the command line.
        regions: Regions named in full on the command line; the region of the environment or of a profile
            is only a default beside them.
        with_tags: Account tags are wanted as labels; costs one call for each account of the organization.
        with_units: Organizational units are wanted as labels.
    """

    accounts: tuple[Account, ...] = ()
    organization: Organization | None = None
    profiles: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
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
    """All accounts of the sources, before any selection.

    Raises:
        EksdnsError: The sources contradict each other, or not even their list can be read.
    """
    if sources.profiles:
        if sources.accounts or sources.organization:
            raise EksdnsError(
                "--profile cannot be combined with a list of accounts",
                hint="remove one of them; set AWS_PROFILE to choose the profile that assumes roles",
                exit_code=ExitCode.USAGE,
            )
        return _of_profiles(sources, directory, region_of)
    if not sources.accounts and sources.organization is None:
        return Found((_current(sources, directory, region_of),))
    stated = _verified(sources.accounts, directory)
    if sources.organization is None:
        return stated
    listed = _of_organization(sources, sources.organization, organization(sources.organization))
    return _joined(stated, listed)


def _current(sources: Sources, directory: AccountDirectory, region_of: RegionOf) -> Account:
    access = CurrentCredentials()
    who = directory.identity(access)
    regions = _regions(sources, region_of(access))
    if not isinstance(who, Trouble):
        return Account(who.account, "", who.partition, access, regions)
    if who.cause in _ABOUT_CREDENTIALS:
        raise EksdnsError(f"current credentials: {who}", hint=who.hint)
    return Account(UNKNOWN_ACCOUNT, "", region_partition(regions[0] if regions else ""), access, regions)


def _regions(sources: Sources, default: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (*sources.regions, default))))


def _of_profiles(sources: Sources, directory: AccountDirectory, region_of: RegionOf) -> Found:
    accounts: dict[str, Account] = {}
    unreachable = []
    for profile in dict.fromkeys(sources.profiles):
        access = ProfileCredentials(profile)
        who = directory.identity(access)
        if isinstance(who, Trouble) and who.cause is Cause.NO_PROFILE:
            raise EksdnsError(f"--profile {profile}: {who.message}", hint=who.hint, exit_code=ExitCode.USAGE)
        if isinstance(who, Trouble):
            unreachable.append(UnreachableScope(Account(profile, profile, access=access), ANY, who))
            continue
        if who.account in accounts:
            both = f"{accounts[who.account].name} and {profile}"
            raise EksdnsError(
                f"profiles {both} belong to the same account {who.account}", hint="use only one of them"
            )
        regions = _regions(sources, region_of(access))
        accounts[who.account] = Account(who.account, profile, who.partition, access, regions)
    return Found(tuple(accounts.values()), tuple(unreachable))


def _verified(accounts: tuple[Account, ...], directory: AccountDirectory) -> Found:
    """Credentials without a role belong to one account, and it may be another than the file says."""
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


def _mismatch(account: Account, who: Identity | Trouble) -> Trouble | None:
    if isinstance(who, Trouble):
        return who
    if who.account == account.id:
        return None
    message = f"the credentials are for account {who.account}, not {account.id}"
    return Trouble(Cause.WRONG_ACCOUNT, message, operation="GetCallerIdentity")


def _of_organization(sources: Sources, wanted: Organization, directory: OrganizationDirectory) -> Found:
    everywhere = ("/",) if sources.with_units else ()
    units = wanted.units or sources.units or everywhere
    members = directory.members(units, with_tags=sources.with_tags or bool(wanted.tags))
    if isinstance(members, Trouble):
        raise EksdnsError(f"cannot list the organization's accounts: {members}", hint=members.hint)
    inactive = [LeftOut(each.id, each.name, f"account is {each.state}") for each in members.left_out]
    accounts, refused = [], []
    for member in members.active:
        if reason := _refusal(member, wanted):
            refused.append(LeftOut(member.id, member.name, reason))
        else:
            accounts.append(_member_account(member, wanted))
    return Found(tuple(accounts), left_out=(*inactive, *refused))


def _refusal(member: Member, wanted: Organization) -> str:
    if member.id in wanted.exclude or member.name in wanted.exclude:
        return "excluded by the fleet file"
    lacking = [f"{key}={value}" for key, value in wanted.tags if (key, value) not in member.tags]
    return f"missing tag {lacking[0]}" if lacking else ""


def _member_account(member: Member, wanted: Organization) -> Account:
    partition = wanted.partition
    arns = tuple(role_arn(role, member.id, partition) for role in wanted.roles)
    unit = ((UNIT, member.path),) if member.path else ()
    return Account(
        member.id,
        member.name,
        partition,
        AssumedRole(arns, wanted.external_id, wanted.profile),
        wanted.regions,
        tuple(sorted({*member.tags, *unit})),
    )


def _joined(stated: Found, listed: Found) -> Found:
    """An account that the file states is entered as stated there, wherever else it is listed."""
    known = {account.id for account in _every(stated)}
    return Found(
        (*stated.accounts, *(account for account in listed.accounts if account.id not in known)),
        stated.unreachable_scopes,
        tuple(each for each in listed.left_out if each.account not in known),
    )


def _every(found: Found) -> Iterator[Account]:
    yield from found.accounts
    yield from (each.account for each in found.unreachable_scopes)
