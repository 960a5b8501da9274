"""Shards of a fleet for reading: each has the accounts whose id hashes to it."""

from hashlib import sha256

from eksaddon.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Shard:
    """One part of a fleet.

    Attributes:
        number: From 1.
        of: Number of all parts.
    """

    number: int
    of: int

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    def has(self, account: str) -> bool:
        """Whether an account belongs to this shard.

        Depends on nothing but the id and the number of shards: the first 8 bytes of its SHA-256, as a
        big-endian number, modulo the number of shards. A new account does not move the others.
        """
        return int.from_bytes(sha256(account.encode()).digest()[:8]) % self.of == self.number - 1


@dataclass(frozen=True, slots=True)
class ShardMark:
    """The shard that a report is about.

    Attributes:
        fleet: Digest of what was divided: the fleet file, the selection and the ids of the accounts. The
            same for every shard of one fleet.
    """

    number: int
    of: int
    fleet: str
