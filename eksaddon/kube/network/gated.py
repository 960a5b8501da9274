"""A transport that stops sending once a gate is closed, and whose connections are then shut down."""

import socket
from collections.abc import Mapping

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
            # httpcore reports each new connection to this extension, also while the response is awaited.
            request.extensions = {**request.extensions, "trace": self._traced}
            return self._inner.handle_request(request)

    def _traced(self, event: str, found: Mapping[str, object]) -> None:
        """Register the socket of a new connection; TLS replaces it by another one."""
        if not event.endswith((".connect_tcp.complete", ".start_tls.complete")):
            return
        extra = getattr(found.get("return_value"), "get_extra_info", None)
        connection = extra("socket") if extra is not None else None
        if isinstance(connection, socket.socket):
            self._gate.connected(connection)

    def close(self) -> None:
        self._inner.close()
