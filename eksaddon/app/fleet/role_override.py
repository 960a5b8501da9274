"""Replaces the role of accounts, so that reads do not need write permissions."""

from dataclasses import replace

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
