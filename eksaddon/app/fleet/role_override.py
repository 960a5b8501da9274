"""Accounts entered by another role than the fleet file names, so that reading needs no right to write."""

from dataclasses import replace

from eksaddon.domain.roles import role_arn
from eksaddon.domain.target import Account, AssumedRole, Organization


def account_as(account: Account, role: str) -> Account:
    """With the role, a name or an ARN, as the last of its chain; an account without one stays as it is."""
    match account.access:
        case AssumedRole(arns=arns) as access:
            last = role_arn(role, account.id, account.partition)
            return replace(account, access=replace(access, arns=(*arns[:-1], last)))
        case _:
            return account


def organization_as(organization: Organization, role: str) -> Organization:
    return replace(organization, roles=(*organization.roles[:-1], role))
