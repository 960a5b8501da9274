"""A trace of the requests, for `--debug`."""

from typing import Protocol

from eksaddon.domain.tracing.exchange import Exchange


class Trace(Protocol):
    """Receives every attempt to send a request; thread-safe, and never raises."""

    def elapsed(self) -> float:
        """Monotonic seconds."""
        ...

    def sent(self, exchange: Exchange) -> None: ...
