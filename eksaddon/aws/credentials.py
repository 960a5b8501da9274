"""Credentials of an assumed role, shared by all regions and threads and renewed on demand."""

import re
import threading
from collections.abc import Callable

from botocore.credentials import Credentials, ReadOnlyCredentials

from eksaddon.aws.errors import SignInError
from eksaddon.domain.cause import Trouble
from eksaddon.frozen import dataclass
from eksaddon.regex import regex

RENEW_BEFORE = 600.0
"""Seconds before expiry at which new keys are fetched."""

RETRY_AFTER = 30.0
"""Seconds for which a failure is cached for all threads, so that a thousand reads do not retry it each."""

_SHORTEST_LIFE = 900.0
"""Seconds; minimum duration of an STS session (source: AssumeRole, DurationSeconds)."""

_NOT_IN_A_NAME = regex(r"[^\w+=,.@-]+", re.ASCII)
_LONGEST_NAME = 64


def session_name(*parts: str) -> str:
    """Build `eksdns-<part>-<part>` within the limits of STS, so that CloudTrail shows the run."""
    words = [word for part in parts if (word := _NOT_IN_A_NAME.sub("-", part).strip("-"))]
    return "-".join(["eksdns", *words])[:_LONGEST_NAME]


@dataclass(frozen=True, slots=True)
class SessionKeys:
    """Keys from AssumeRole.

    Attributes:
        expires: Seconds since the epoch.
    """

    keys: ReadOnlyCredentials
    expires: float


@dataclass(frozen=True, slots=True)
class _Failure:
    trouble: Trouble
    at: float


class RoleCredentials(Credentials):
    """Credentials of a role; only for signers that use frozen credentials, as botocore's do.

    Args:
        assume: Fetches new keys, or returns the Trouble.
        now: Seconds since the epoch.
    """

    def __init__(self, assume: Callable[[], SessionKeys | Trouble], now: Callable[[], float]) -> None:
        super().__init__("", "", method="assume-role")
        self._assume = assume
        self._now = now
        self._lock = threading.Lock()
        self._keys: SessionKeys | None = None
        self._failure: _Failure | None = None

    def get_frozen_credentials(self) -> ReadOnlyCredentials:
        """Return the current keys.

        Raises:
            SignInError: The role cannot be assumed.
        """
        keys = self._keys
        if keys is not None and self._is_fresh(keys):
            return keys.keys
        with self._lock:
            return self._renew().keys

    def forget(self, refused: ReadOnlyCredentials) -> None:
        """Discard keys that AWS rejects, unless another thread has already replaced them."""
        with self._lock:
            if self._keys is not None and self._keys.keys == refused:
                self._keys = None

    def _is_fresh(self, keys: SessionKeys) -> bool:
        return keys.expires - self._now() > RENEW_BEFORE

    def _renew(self) -> SessionKeys:
        if self._keys is not None and self._is_fresh(self._keys):
            return self._keys
        result = self._fetch()
        if isinstance(result, SessionKeys):
            return result
        if self._keys is not None and self._keys.expires > self._now():
            return self._keys
        raise SignInError(result)

    def _fetch(self) -> SessionKeys | Trouble:
        failure = self._failure
        if failure is not None and self._now() - failure.at < RETRY_AFTER:
            return failure.trouble
        result = self._assume()
        if isinstance(result, Trouble):
            self._failure = _Failure(result, self._now())
            return result
        # A clock difference to the server must not cause an AssumeRole for every request.
        self._keys = SessionKeys(result.keys, max(result.expires, self._now() + _SHORTEST_LIFE))
        self._failure = None
        return self._keys
