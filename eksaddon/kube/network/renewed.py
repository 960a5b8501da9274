"""A transport that creates another token when the API server no longer accepts the one in use."""

import threading
from collections.abc import Callable

import httpx2

from eksaddon.domain.cause import Trouble

_UNAUTHORIZED = 401

YOUNG = 60.0
"""Seconds; an API server that rejects a token of this age does not know its identity, so another one would be
rejected, too.
"""


class RenewedToken(httpx2.BaseTransport):
    """Repeats a request once with a new token if the token was rejected and is not new.

    A token ends with the credentials that signed it, which can be earlier than its own 15 minutes, and its
    age is not known if the clock was changed. A rejected request had no effect, so a write is repeated, too.

    Args:
        token: Creates a token.
        made_at: When the token of the requests was created, in seconds since the epoch.
        now: Seconds since the epoch.
    """

    def __init__(
        self,
        inner: httpx2.BaseTransport,
        token: Callable[[], str | Trouble],
        made_at: float,
        now: Callable[[], float],
    ) -> None:
        self._inner = inner
        self._token = token
        self._now = now
        self._lock = threading.Lock()
        self._made_at = made_at
        self._header = ""

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Raises what the inner transport raises."""
        if self._header:
            request.headers["authorization"] = self._header
        reply = self._inner.handle_request(request)
        if reply.status_code != _UNAUTHORIZED or not self._renew(request.headers.get("authorization", "")):
            return reply
        reply.close()
        request.headers["authorization"] = self._header
        return self._inner.handle_request(request)

    def _renew(self, rejected: str) -> bool:
        """Whether there is another token than the rejected one."""
        with self._lock:
            if self._header and self._header != rejected:
                return True  # of another thread
            if 0 <= self._now() - self._made_at < YOUNG:
                return False
            found = self._token()
            if isinstance(found, Trouble):
                return False
            self._header, self._made_at = f"Bearer {found}", self._now()
            return True

    def close(self) -> None:
        self._inner.close()
