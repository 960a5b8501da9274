"""Accounts dealt out to runners."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from eksaddon.app.fleet.fleet import Fleet, accounts_in_scope
from eksaddon.app.session import Session
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.json import JsonObject
from eksaddon.domain.target import Account

MOST_JOBS = 256
"""GitHub Actions makes no more jobs of one matrix."""


@dataclass(frozen=True, slots=True)
class Shard:
    """One runner's part.

    Attributes:
        number: From 1.
    """

    number: int
    of: int
    accounts: tuple[Account, ...]


def deal(accounts: Sequence[Account], shards: int) -> tuple[Shard, ...]:
    """Deal accounts out evenly and always the same way; no shard is empty.

    Raises:
        EksdnsError: More shards than a matrix may have.
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
    """For `fromJSON` in a workflow: names rather than ids, which runners may mask as secrets."""
    return {
        "include": [
            {
                "shard": shard.number,
                "of": shard.of,
                "accounts": ",".join(_word(account) for account in shard.accounts),
            }
            for shard in shards
        ]
    }


def _word(account: Account) -> str:
    """The id where the name would be read as several, or as a glob."""
    return account.name if re.fullmatch(r"[\w.@+-]+", account.name) else account.id


def matrix(fleet: Fleet, session: Session, shards: int) -> JsonObject:
    return matrix_document(deal(accounts_in_scope(fleet, session), shards))
