"""Token buckets, one for each account and region."""

from collections.abc import Hashable

from eksaddon.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """Calls per second, and the burst after a pause."""

    per_second: float
    burst: float


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class Throttle:
    """Admits calls up to a rate."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._buckets: dict[Hashable, _Bucket] = {}

    def admits(self, key: Hashable, now: float) -> bool:
        """Take a token; False if there is none.

        Args:
            now: Seconds since the epoch.
        """
        bucket = self._buckets.setdefault(key, _Bucket(self._rate.burst, now))
        gained = max(0.0, now - bucket.at) * self._rate.per_second
        bucket.tokens = min(self._rate.burst, bucket.tokens + gained)
        bucket.at = max(bucket.at, now)
        if bucket.tokens < 1:
            return False
        bucket.tokens -= 1
        return True
