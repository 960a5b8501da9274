"""Lists the accounts of an AWS organization."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from eksaddon.aws.accounts import Accounts
from eksaddon.aws.calls import Line
from eksaddon.aws.pages import Reply, all_pages
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.target import Access, Labels
from eksaddon.frozen import dataclass
from eksaddon.ports import Member, Members

_ACTIVE = "ACTIVE"


@dataclass(frozen=True, slots=True)
class _Unit:
    id: str
    path: str


class _StoppedError(Exception):
    """Aborts an incomplete walk; never raised outside this module."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(str(trouble))
        self.trouble = trouble


class Organization:
    """OrganizationDirectory; needs the management account or a delegated administrator.

    Args:
        access: Credentials of the management account or a delegated administrator.
    """

    def __init__(self, accounts: Accounts, access: Access) -> None:
        self._accounts = accounts
        self._access = access

    def members(self, units: tuple[str, ...] = (), *, with_tags: bool = False) -> Members | Trouble:
        line = self._accounts.open("organizations", self._access)
        if isinstance(line, Trouble):
            return line
        try:
            return _Walk(line).members(units, with_tags=with_tags)
        except _StoppedError as stopped:
            return stopped.trouble


@dataclass(frozen=True, slots=True)
class _Walk:
    line: Line[Any]

    def members(self, units: tuple[str, ...], *, with_tags: bool) -> Members:
        found = list(self._all_members() if not units else self._members_below(self._resolve(units)))
        distinct = {member.id: member for member in found}
        active = [member for member in distinct.values() if member.state == _ACTIVE]
        if with_tags:
            active = [replace(member, tags=self._tags(member.id)) for member in active]
        left_out = [member for member in distinct.values() if member.state != _ACTIVE]
        return Members(tuple(active), tuple(left_out))

    def _all_members(self) -> Iterator[Member]:
        yield from (read_member(each) for each in self._list("ListAccounts", "list_accounts", "Accounts"))

    def _members_below(self, units: Iterable[_Unit]) -> Iterator[Member]:
        queue = list(units)
        while queue:
            unit = queue.pop(0)
            for each in self._list("ListAccountsForParent", "list_accounts_for_parent", "Accounts", unit.id):
                yield read_member(each, unit.path)
            queue.extend(self._children(unit))

    def _children(self, unit: _Unit) -> list[_Unit]:
        items = self._list(
            "ListOrganizationalUnitsForParent",
            "list_organizational_units_for_parent",
            "OrganizationalUnits",
            unit.id,
        )
        return [_Unit(_text(each, "Id"), f"{unit.path.rstrip('/')}/{_text(each, 'Name')}") for each in items]

    def _resolve(self, units: tuple[str, ...]) -> list[_Unit]:
        return [
            _Unit(unit, unit) if unit.startswith(("ou-", "r-")) else self._find_unit(unit)
            for unit in dict.fromkeys(units)
        ]

    def _find_unit(self, path: str) -> _Unit:
        """Find a unit by the names of its path from the root."""
        unit = self._root()
        for name in filter(None, path.split("/")):
            children = {child.path.rsplit("/", 1)[1]: child for child in self._children(unit)}
            if name not in children:
                known = ", ".join(sorted(children)) or "none"
                message = f"the organization has no unit {path}; units below {unit.path}: {known}"
                raise _StoppedError(
                    Trouble(Cause.NOT_FOUND, message, operation="ListOrganizationalUnitsForParent")
                )
            unit = children[name]
        return unit

    def _root(self) -> _Unit:
        roots = self._list("ListRoots", "list_roots", "Roots")
        if not roots:
            raise _StoppedError(
                Trouble(Cause.NOT_FOUND, "the organization has no root", operation="ListRoots")
            )
        return _Unit(_text(roots[0], "Id"), "/")

    def _tags(self, account: str) -> Labels:
        def page_after(token: str) -> Reply | Trouble:
            next_page = {"NextToken": token} if token else {}
            return self.line.call(
                "ListTagsForResource", lambda org: org.list_tags_for_resource(ResourceId=account, **next_page)
            )

        tags = _require_complete(
            all_pages(page_after, operation="ListTagsForResource", member="Tags", marker="NextToken")
        )
        return tuple(sorted((_text(tag, "Key"), _text(tag, "Value")) for tag in tags))

    def _list(self, operation: str, method: str, member: str, parent: str = "") -> list[Reply]:
        parent_filter = {"ParentId": parent} if parent else {}

        def page_after(token: str) -> Reply | Trouble:
            next_page = {"NextToken": token} if token else {}
            return self.line.call(operation, lambda org: getattr(org, method)(**parent_filter, **next_page))

        return _require_complete(
            all_pages(page_after, operation=operation, member=member, marker="NextToken")
        )


def _require_complete(items: tuple[object, ...] | Trouble) -> list[Reply]:
    if isinstance(items, Trouble):
        raise _StoppedError(items)
    return [each for each in items if isinstance(each, dict)]


def read_member(account: Reply, path: str = "") -> Member:
    """Read an account; `State` replaces the deprecated `Status`."""
    state = _text(account, "State") or _text(account, "Status")
    return Member(_text(account, "Id"), _text(account, "Name"), state, path)


def _text(reply: Reply, member: str) -> str:
    value = reply.get(member)
    return value if isinstance(value, str) else ""
