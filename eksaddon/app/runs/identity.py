"""Whether the credentials at hand belong to the accounts of a plan that was made earlier."""

from collections.abc import Iterable

from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.target import Account, AssumedRole
from eksaddon.ports import AccountDirectory, Identity


def refuse_other_credentials(accounts: Iterable[Account], directory: AccountDirectory) -> None:
    """Stop before a plan of one account is carried out in another that has clusters of the same names.

    An assumed role names its account itself; only what enters by the current credentials or a profile is
    asked for. Where STS cannot be asked, the add-on's own ARN is compared before each write.

    Raises:
        EksdnsError: The credentials belong to another account.
    """
    for account in accounts:
        if isinstance(account.access, AssumedRole) or not account.id.isdigit():
            continue
        who = directory.identity(account.access)
        if isinstance(who, Identity) and who.account != account.id:
            raise EksdnsError(
                f"the plan is for account {account.id}, the credentials belong to {who.account}",
                hint="use the credentials that the plan was made with",
                exit_code=ExitCode.REFUSED,
            )
