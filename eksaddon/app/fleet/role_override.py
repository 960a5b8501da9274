"""Replaces the role of accounts, so that reads do not need write permissions."""

from collections.abc import Iterable
from dataclasses import replace

from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.roles import role_arn
from eksaddon.domain.target import Account, AssumedRole, Organization


def account_as(account: Account, role: str) -> Account:
    """Replace the last role of an account's chain by a name or ARN; accounts without a role are unchanged."""
    match account.access:
        case AssumedRole(arns=arns) as access:
            last = role_arn(role, account.id, account.partition)
            return replace(account, access=replace(access, arns=(*arns[:-1], last)))
        case _:
            return account


def organization_as(organization: Organization, role: str) -> Organization:
    return replace(organization, roles=(*organization.roles[:-1], role))


def require_role(accounts: Iterable[Account], role: str) -> None:
    """Refuse an ARN that would replace no role, and so would not be assumed.

    A name applies to accounts that have a role; an ARN names an account.

    Raises:
        EksdnsError: The role is an ARN, and no account has a role.
    """
    if role.startswith("arn:") and not any(isinstance(account.access, AssumedRole) for account in accounts):
        raise EksdnsError(
            f"--role {role}: there is no role that it could replace; it would not be assumed",
            hint="list the account with its `role` in the fleet file, or use a profile that assumes it",
            exit_code=ExitCode.USAGE,
        )
