"""The caller's identity, and the enabled regions of an account."""

from collections.abc import Callable

from eksaddon.aws.accounts import Accounts
from eksaddon.aws.pages import Reply, all_pages, unreadable
from eksaddon.domain.cause import Trouble
from eksaddon.domain.geography import region_partition
from eksaddon.domain.target import Access, CurrentCredentials
from eksaddon.ports import Identity

_IDENTITY_ATTEMPTS = 2
"""Few attempts, because an emulator of EKS may not implement STS at all."""

_ENABLED = frozenset({"ENABLED", "ENABLED_BY_DEFAULT"})


class Directory:
    """AccountDirectory over STS and Account Management.

    Args:
        access_of: Credentials of an account by its id.
    """

    def __init__(self, accounts: Accounts, access_of: Callable[[str], Access]) -> None:
        self._accounts = accounts
        self._access_of = access_of

    def identity(self, access: Access | None = None) -> Identity | Trouble:
        """Identity of the credentials; without a call, and without ARN, if they include their account.

        Args:
            access: None for the current credentials.
        """
        line = self._accounts.open("sts", access or CurrentCredentials(), attempts=_IDENTITY_ATTEMPTS)
        if isinstance(line, Trouble):
            return line
        known = line.call("GetCallerIdentity", lambda _: line.credentials.account_id or "")  # type: ignore[attr-defined]  # not in the stubs
        if isinstance(known, Trouble):
            return known
        if known:
            return Identity(known, "", region_partition(line.region))
        reply = line.call("GetCallerIdentity", lambda sts: sts.get_caller_identity())
        return reply if isinstance(reply, Trouble) else _identity(reply)

    def enabled_regions(self, account: str) -> tuple[str, ...] | Trouble:
        line = self._accounts.open("account", self._access_of(account))
        if isinstance(line, Trouble):
            return line

        def page_after(token: str) -> Reply | Trouble:
            next_page = {"NextToken": token} if token else {}
            return line.call("ListRegions", lambda regions: regions.list_regions(MaxResults=50, **next_page))

        items = all_pages(page_after, operation="ListRegions", member="Regions", marker="NextToken")
        return items if isinstance(items, Trouble) else _enabled_names(items)


def _identity(reply: Reply) -> Identity | Trouble:
    match reply:
        case {"Account": str(account), "Arn": str(arn)} if account and arn.count(":") > 1:
            return Identity(account, arn, arn.split(":")[1])
        case _:
            return unreadable("GetCallerIdentity", "account and ARN")


def _enabled_names(regions: tuple[object, ...]) -> tuple[str, ...]:
    names = []
    for region in regions:
        match region:
            case {"RegionName": str(name), "RegionOptStatus": str(status)} if status in _ENABLED:
                names.append(name)
            case _:
                continue
    return tuple(sorted(names))
