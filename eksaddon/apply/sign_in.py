"""Decides whether a credentials error affects all targets; pure."""

from collections.abc import Iterable
from typing import assert_never

from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.run.outcome import Failed, Outcome, Unproven, UnreachableTarget
from eksaddon.domain.target import Access, Account, AssumedRole, CurrentCredentials, ProfileCredentials

_OF_CREDENTIALS = frozenset({Cause.NO_CREDENTIALS, Cause.CREDENTIALS_EXPIRED, Cause.CREDENTIALS_INVALID})
_ASSUMING = "AssumeRole"
"""Operation of a Trouble with the base credentials of a role."""


def is_about_keys(trouble: Trouble) -> bool:
    """Whether every call with these credentials fails with it, so that retries are useless."""
    return trouble.cause in _OF_CREDENTIALS


def sign_in_trouble(outcome: Outcome, account: str, accounts: Iterable[Account]) -> Trouble | None:
    """The Trouble of an outcome that pauses the run and does not concern the target; None for others.

    Expired credentials are renewed before resuming the run. Missing or invalid keys fail the targets of their
    account, unless all accounts of the run depend on them.

    Args:
        account: Id of the target's account.
        accounts: Accounts of the run with their credentials; empty if unknown.
    """
    trouble = outcome.trouble if isinstance(outcome, Failed | UnreachableTarget | Unproven) else None
    if trouble is None or not is_about_keys(trouble):
        return None
    if trouble.cause is Cause.CREDENTIALS_EXPIRED or _is_everybodys(trouble, account, tuple(accounts)):
        return trouble
    return None


def _is_everybodys(trouble: Trouble, account: str, accounts: tuple[Account, ...]) -> bool:
    own = next((each.access for each in accounts if each.id == account), None)
    if own is None or len(accounts) == 1:
        return True
    if isinstance(own, AssumedRole) and trouble.operation != _ASSUMING:
        return False
    return all(_profile(each.access) == _profile(own) for each in accounts)


def _profile(access: Access) -> str:
    """Profile of the base credentials; empty for the current ones."""
    match access:
        case CurrentCredentials():
            return ""
        case ProfileCredentials(profile=profile) | AssumedRole(profile=profile):
            return profile
        case _:
            assert_never(access)
