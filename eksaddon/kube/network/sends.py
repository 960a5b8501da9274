"""Knows whether any attempt of a write can have reached the API server."""

from collections.abc import Callable
from typing import TypeVar

import httpx2

T = TypeVar("T")

_UNCONNECTED = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)
"""Raised before a connection is open, TLS included. Not of a proxy: what it had sent on is unknown."""


class Sends:
    """The attempts of one write.

    Attributes:
        may_have_arrived: Whether an attempt can have been sent; true also for one that was answered.
    """

    def __init__(self) -> None:
        self.may_have_arrived = False

    def watch(self, attempt: Callable[[], T]) -> T:
        """Make one request and note whether it can have arrived."""
        try:
            result = attempt()
        except _UNCONNECTED:
            raise
        except BaseException:
            self.may_have_arrived = True
            raise
        self.may_have_arrived = True
        return result
