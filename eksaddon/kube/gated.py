"""A transport that stops sending once a gate is closed."""

import httpx2

from eksaddon.ports import Gate


class GatedTransport(httpx2.BaseTransport):
    """Checks a gate before each request."""

    def __init__(self, inner: httpx2.BaseTransport, gate: Gate) -> None:
        self._inner = inner
        self._gate = gate

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Raises LeavingError once the gate is closed."""
        with self._gate.passing():
            return self._inner.handle_request(request)

    def close(self) -> None:
        self._inner.close()
