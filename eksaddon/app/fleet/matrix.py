"""The matrix of jobs for the shards of a fleet."""

from eksaddon.app.fleet.fleet import Fleet, accounts_in_scope
from eksaddon.app.session import Session
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.json import JsonObject
from eksaddon.domain.shards.shard import Shard

MOST_JOBS = 256
"""Maximum number of jobs in a GitHub Actions matrix."""


def shards_of(accounts: int, shards: int) -> tuple[Shard, ...]:
    """All shards, not more than there are accounts; a hash can still leave one empty.

    Raises:
        EksdnsError: More shards than a matrix supports.
    """
    if shards > MOST_JOBS:
        raise EksdnsError(
            f"--shards {shards} exceeds GitHub's limit of {MOST_JOBS} jobs in a matrix",
            hint=f"use {MOST_JOBS} or fewer",
            exit_code=ExitCode.USAGE,
        )
    count = min(shards, accounts)
    return tuple(Shard(number + 1, count) for number in range(count))


def matrix_document(shards: tuple[Shard, ...]) -> JsonObject:
    """Document for `fromJSON` in a workflow."""
    return {"include": [{"shard": shard.number, "of": shard.of} for shard in shards]}


def matrix(fleet: Fleet, session: Session, shards: int) -> JsonObject:
    return matrix_document(shards_of(len(accounts_in_scope(fleet, session)), shards))
