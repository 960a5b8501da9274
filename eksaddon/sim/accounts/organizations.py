"""AWS Organizations: accounts and their position in the tree."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from hashlib import sha256

from eksaddon.domain.json import Json, JsonObject
from eksaddon.frozen import dataclass
from eksaddon.sim.api.identities import Account
from eksaddon.sim.api.request import ApiRequest, page
from eksaddon.sim.http.messages import RefusalError

ROOT = "/"

_JOINED = 1_577_836_800.0
"""2020-01-01T00:00:00Z, in seconds since the epoch."""

_PER_PAGE = 20
"""Source: MaxResults of ListAccounts in the Organizations API reference."""


@dataclass(frozen=True, slots=True)
class Organization:
    """An organization.

    Attributes:
        management: Id of the management account.
        administrators: Ids of delegated administrators, who have read access too.
        units: Paths of units without accounts.
    """

    management: str
    administrators: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    id: str = field(default="o-simulated0")


class Organizations:
    """Implements the operations.

    Args:
        accounts: By id; accounts with a unit are members.
        organization: Called for each request; returns None without an organization.
    """

    def __init__(
        self, accounts: Mapping[str, Account], organization: Callable[[], Organization | None]
    ) -> None:
        self._accounts = accounts
        self._organization = organization
        self.operations: Mapping[str, Callable[[ApiRequest], JsonObject]] = {
            "DescribeOrganization": self.describe_organization,
            "ListRoots": self.list_roots,
            "ListAccounts": self.list_accounts,
            "ListAccountsForParent": self.list_accounts_for_parent,
            "ListOrganizationalUnitsForParent": self.list_organizational_units_for_parent,
            "ListTagsForResource": self.list_tags_for_resource,
        }

    def describe_organization(self, request: ApiRequest) -> JsonObject:
        organization = self._of_member(request)
        return {
            "Organization": {
                "Id": organization.id,
                "Arn": f"{_arn(organization)}:organization/{organization.id}",
                "FeatureSet": "ALL",
                "MasterAccountArn": _account_arn(organization, organization.management),
                "MasterAccountId": organization.management,
                "MasterAccountEmail": _email(organization.management),
            }
        }

    def list_roots(self, request: ApiRequest) -> JsonObject:
        organization = self._of_reader(request)
        root = {
            "Id": unit_id(ROOT),
            "Name": "Root",
            "Arn": f"{_arn(organization)}:root/{organization.id}/{unit_id(ROOT)}",
            "PolicyTypes": [],
        }
        return {"Roots": [root]}

    def list_accounts(self, request: ApiRequest) -> JsonObject:
        organization = self._of_reader(request)
        return self._page(request, organization, self._members())

    def list_accounts_for_parent(self, request: ApiRequest) -> JsonObject:
        organization = self._of_reader(request)
        path = self._parent(request, organization)
        return self._page(request, organization, (each for each in self._members() if each.unit == path))

    def list_organizational_units_for_parent(self, request: ApiRequest) -> JsonObject:
        organization = self._of_reader(request)
        parent = self._parent(request, organization)
        children = sorted(
            path for path in self._paths(organization) if path != ROOT and _above(path) == parent
        )
        cut, after = _cut(request, children)
        units: list[Json] = [
            {
                "Id": unit_id(path),
                "Name": path.rsplit("/", 1)[-1],
                "Arn": f"{_arn(organization)}:ou/{organization.id}/{unit_id(path)}",
            }
            for path in cut
        ]
        return {"OrganizationalUnits": units} | after

    def list_tags_for_resource(self, request: ApiRequest) -> JsonObject:
        self._of_reader(request)
        account = self._accounts.get(request.text("ResourceId"))
        if account is None or not account.unit:
            raise RefusalError(400, "TargetNotFoundException", "You specified a target that doesn't exist.")
        return {"Tags": [{"Key": key, "Value": value} for key, value in account.tags]}

    def _members(self) -> Iterable[Account]:
        return (each for each in self._accounts.values() if each.unit)

    def _page(
        self, request: ApiRequest, organization: Organization, accounts: Iterable[Account]
    ) -> JsonObject:
        listed = {each.id: each for each in accounts}
        cut, after = _cut(request, sorted(listed))
        return {"Accounts": [_account(listed[each], organization) for each in cut]} | after

    def _paths(self, organization: Organization) -> set[str]:
        unit_paths = [*organization.units, *(each.unit for each in self._members())]
        return {ROOT} | {ancestor for path in unit_paths for ancestor in _lineage(path)}

    def _parent(self, request: ApiRequest, organization: Organization) -> str:
        parent = request.text("ParentId")
        found = {unit_id(path): path for path in self._paths(organization)}.get(parent)
        if found is None:
            message = f"You specified parent that doesn't exist: {parent}"
            raise RefusalError(400, "ParentNotFoundException", message)
        return found

    def _of_member(self, request: ApiRequest) -> Organization:
        organization = self._organization()
        if organization is None or not request.caller.account.unit:
            raise RefusalError(
                400,
                "AWSOrganizationsNotInUseException",
                "Your account is not a member of an organization.",
            )
        return organization

    def _of_reader(self, request: ApiRequest) -> Organization:
        organization = self._of_member(request)
        if request.caller.account.id not in (organization.management, *organization.administrators):
            raise RefusalError(
                400, "AccessDeniedException", "You don't have permissions to access this resource."
            )
        return organization


def unit_id(path: str) -> str:
    """Id of a unit by its path: `r-` for the root, `ou-` for others."""
    if path == ROOT:
        return "r-simu"
    return f"ou-simu-{sha256(path.encode()).hexdigest()[:8]}"


def _lineage(path: str) -> Iterable[str]:
    while path and path != ROOT:
        yield path
        path = _above(path)


def _above(path: str) -> str:
    return path.rsplit("/", 1)[0] or ROOT


def _account(account: Account, organization: Organization) -> Json:
    return {
        "Id": account.id,
        "Arn": _account_arn(organization, account.id),
        "Email": _email(account.id),
        "Name": account.name or account.id,
        "Status": "ACTIVE" if account.status == "ACTIVE" else "SUSPENDED",
        "State": account.status,
        "JoinedMethod": "CREATED",
        "JoinedTimestamp": _JOINED,
    }


def _arn(organization: Organization) -> str:
    return f"arn:aws:organizations::{organization.management}"


def _account_arn(organization: Organization, account: str) -> str:
    return f"{_arn(organization)}:account/{organization.id}/{account}"


def _email(account: str) -> str:
    return f"aws+{account}@example.com"


def _cut(request: ApiRequest, names: list[str]) -> tuple[tuple[str, ...], dict[str, Json]]:
    size = request.number("MaxResults", _PER_PAGE, minimum=1, maximum=_PER_PAGE)
    try:
        found = page(names, size=size, token=request.text("NextToken"), what=request.operation)
    except ValueError as error:
        message = "You provided an invalid value for NextToken."
        raise RefusalError(400, "InvalidInputException", message) from error
    return found.items, {"NextToken": found.token} if found.token else {}
