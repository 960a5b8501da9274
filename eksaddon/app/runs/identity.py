"""Checks that the credentials belong to the accounts of a saved plan."""

from collections.abc import Iterable

from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.target import Account, AssumedRole
from eksaddon.ports import AccountDirectory, Identity


def refuse_other_credentials(accounts: Iterable[Account], directory: AccountDirectory) -> None:
    """Refuse to apply a plan in another account that has clusters of the same names.

    An assumed role contains its account; only the current credentials and profiles are checked with STS. If
    STS is not available, the add-on's ARN is compared before each write.

    Raises:
        EksdnsError: The credentials belong to another account.
    """
    for account in accounts:
        if isinstance(account.access, AssumedRole) or not account.id.isdigit():
            continue
        caller = directory.identity(account.access)
        if isinstance(caller, Identity) and caller.account != account.id:
            raise EksdnsError(
                f"the plan is for account {account.id}, the credentials belong to {caller.account}",
                hint="use the credentials that the plan was made with",
                exit_code=ExitCode.REFUSED,
            )
