"""Credentials of an assumed role, fetched once for all regions and threads and renewed on demand."""

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass

from botocore.credentials import Credentials, ReadOnlyCredentials

from eksaddon.aws.errors import SignInError
from eksaddon.domain.cause import Trouble

RENEW_BEFORE = 600.0
"""Seconds before the end at which new keys are fetched."""

ASK_AGAIN_AFTER = 30.0
"""Seconds for which a refusal holds for everybody, so that a thousand reads do not ask a thousand times."""

_SHORTEST_LIFE = 900.0
"""Seconds; STS gives no session a shorter life (source: AssumeRole, DurationSeconds)."""

_NOT_IN_A_NAME = re.compile(r"[^\w+=,.@-]+", re.ASCII)
_LONGEST_NAME = 64


def session_name(*parts: str) -> str:
    """`eksdns-<part>-<part>` as far as STS takes it, so that CloudTrail tells which run acted."""
    words = [word for part in parts if (word := _NOT_IN_A_NAME.sub("-", part).strip("-"))]
    return "-".join(["eksdns", *words])[:_LONGEST_NAME]


@dataclass(frozen=True, slots=True)
class SessionKeys:
    """What AssumeRole gives.

    Attributes:
        expires: Seconds since the epoch.
    """

    keys: ReadOnlyCredentials
    expires: float


@dataclass(frozen=True, slots=True)
class _Refusal:
    trouble: Trouble
    at: float


class RoleCredentials(Credentials):
    """Signs as a role; requests are to be signed with frozen credentials only, as botocore does.

    Args:
        assume: Gets new keys, or says why not.
        now: Seconds since the epoch.
    """

    def __init__(self, assume: Callable[[], SessionKeys | Trouble], now: Callable[[], float]) -> None:
        super().__init__("", "", method="assume-role")
        self._assume = assume
        self._now = now
        self._lock = threading.Lock()
        self._held: SessionKeys | None = None
        self._refusal: _Refusal | None = None

    def get_frozen_credentials(self) -> ReadOnlyCredentials:
        """The keys in force.

        Raises:
            SignInError: The role cannot be assumed.
        """
        held = self._held
        if held is not None and self._is_fresh(held):
            return held.keys
        with self._lock:
            return self._renewed().keys

    def forget(self, refused: ReadOnlyCredentials) -> None:
        """Forget keys that AWS no longer takes, unless another thread has already replaced them."""
        with self._lock:
            if self._held is not None and self._held.keys == refused:
                self._held = None

    def _is_fresh(self, held: SessionKeys) -> bool:
        return held.expires - self._now() > RENEW_BEFORE

    def _renewed(self) -> SessionKeys:
        if self._held is not None and self._is_fresh(self._held):
            return self._held
        answer = self._asked()
        if isinstance(answer, SessionKeys):
            return answer
        if self._held is not None and self._held.expires > self._now():
            return self._held
        raise SignInError(answer)

    def _asked(self) -> SessionKeys | Trouble:
        refusal = self._refusal
        if refusal is not None and self._now() - refusal.at < ASK_AGAIN_AFTER:
            return refusal.trouble
        answer = self._assume()
        if isinstance(answer, Trouble):
            self._refusal = _Refusal(answer, self._now())
            return answer
        # A server whose clock is far from ours must not make us ask for every request.
        self._held = SessionKeys(answer.keys, max(answer.expires, self._now() + _SHORTEST_LIFE))
        self._refusal = None
        return self._held
