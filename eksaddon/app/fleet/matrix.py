"""Splits accounts between runners."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from eksaddon.app.fleet.fleet import Fleet, accounts_in_scope
from eksaddon.app.session import Session
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.json import JsonObject
from eksaddon.domain.target import Account

MOST_JOBS = 256
"""Maximum number of jobs in a GitHub Actions matrix."""


@dataclass(frozen=True, slots=True)
class Shard:
    """The accounts of one runner.

    Attributes:
        number: From 1.
    """

    number: int
    of: int
    accounts: tuple[Account, ...]


def deal(accounts: Sequence[Account], shards: int) -> tuple[Shard, ...]:
    """Split accounts evenly and deterministically; no shard is empty.

    Raises:
        EksdnsError: More shards than a matrix supports.
    """
    if shards > MOST_JOBS:
        raise EksdnsError(
            f"--shards {shards} exceeds GitHub's limit of {MOST_JOBS} jobs in a matrix",
            hint=f"use {MOST_JOBS} or fewer",
            exit_code=ExitCode.USAGE,
        )
    ordered = sorted(accounts, key=lambda account: account.id)
    count = min(shards, len(ordered))
    return tuple(Shard(number + 1, count, tuple(ordered[number::count])) for number in range(count))


def matrix_document(shards: Sequence[Shard]) -> JsonObject:
    """Document for `fromJSON` in a workflow; contains names because runners can mask ids as secrets."""
    return {
        "include": [
            {
                "shard": shard.number,
                "of": shard.of,
                "accounts": ",".join(_account_argument(account) for account in shard.accounts),
            }
            for shard in shards
        ]
    }


def _account_argument(account: Account) -> str:
    """Name of an account; its id if the name would be read as several names or a glob."""
    return account.name if re.fullmatch(r"[\w.@+-]+", account.name) else account.id


def matrix(fleet: Fleet, session: Session, shards: int) -> JsonObject:
    return matrix_document(deal(accounts_in_scope(fleet, session), shards))
