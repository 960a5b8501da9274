"""Fleets: N clusters over A accounts, R regions and V add-on versions, as evenly as it goes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from eksaddon.sim.addon.catalogue import RELEASES
from eksaddon.sim.api.identities import Account, Role

T = TypeVar("T")

_FIRST_ID = 900_000_000_000


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a cluster of a fleet is, and what runs there.

    Attributes:
        number: From 1, over the whole fleet.
    """

    number: int
    account: Account
    region: str
    version: str
    document: str | None


def fleet_accounts(
    count: int, *, before: int, unit: str, role: Role, regions: tuple[str, ...]
) -> Iterator[Account]:
    """Make accounts.

    Args:
        before: How many there are already from other fleets, which have taken the first numbers.
    """
    for index in range(before + 1, before + count + 1):
        yield Account(
            f"{_FIRST_ID + index}", f"fleet-{index:03}", unit=unit, regions=regions, roles={role.name: role}
        )


def versions_of(count: int) -> tuple[str, ...]:
    """Choose versions all over the catalogue, the newest first."""
    known = tuple(RELEASES)
    count = min(count, len(known))
    return tuple(known[index * len(known) // count] for index in range(count))


def spread(
    count: int,
    *,
    accounts: Sequence[Account],
    regions: Sequence[str],
    versions: Sequence[str],
    documents: Sequence[str | None],
) -> Iterator[Spot]:
    """Place clusters: every account and region in turn, and in each the versions and documents in turn."""
    places = [(account, region) for region in regions for account in accounts]
    for index in range(count):
        turn, place = divmod(index, len(places))
        account, region = places[place]
        yield Spot(
            index + 1,
            account,
            region,
            _in_turn(versions, turn + place),
            _in_turn(documents, turn + place // len(versions)),
        )


def _in_turn(items: Sequence[T], index: int) -> T:
    return items[index % len(items)]
