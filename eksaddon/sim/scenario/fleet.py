"""Fleets: N clusters spread evenly over A accounts, R regions and V add-on versions."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from eksaddon.frozen import dataclass
from eksaddon.sim.addon.catalogue import RELEASES
from eksaddon.sim.api.identities import Account, Role

T = TypeVar("T")

_FIRST_ID = 900_000_000_000


@dataclass(frozen=True, slots=True)
class Spot:
    """Position, version and document of a cluster of a fleet.

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
    """Generate accounts.

    Args:
        before: Number of accounts of other fleets, which have the first numbers.
    """
    for index in range(before + 1, before + count + 1):
        yield Account(
            f"{_FIRST_ID + index}", f"fleet-{index:03}", unit=unit, regions=regions, roles={role.name: role}
        )


def versions_of(count: int) -> tuple[str, ...]:
    """Choose versions from the whole catalogue, newest first."""
    versions = tuple(RELEASES)
    count = min(count, len(versions))
    return tuple(versions[index * len(versions) // count] for index in range(count))


def spread(
    count: int,
    *,
    accounts: Sequence[Account],
    regions: Sequence[str],
    versions: Sequence[str],
    documents: Sequence[str | None],
) -> Iterator[Spot]:
    """Place clusters in the accounts and regions in turn, and in each use versions and documents in turn."""
    places = [(account, region) for region in regions for account in accounts]
    for index in range(count):
        turn, place_index = divmod(index, len(places))
        account, region = places[place_index]
        yield Spot(
            index + 1,
            account,
            region,
            _in_turn(versions, turn + place_index),
            _in_turn(documents, turn + place_index // len(versions)),
        )


def _in_turn(items: Sequence[T], index: int) -> T:
    return items[index % len(items)]
