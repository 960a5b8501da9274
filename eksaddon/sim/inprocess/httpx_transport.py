"""The simulated clusters inside an HTTP client, without sockets and threads."""

import time
from collections.abc import Callable
from typing import assert_never

import httpx2

from eksaddon.sim.http.messages import Delivery, Handler, Lost, Reply, Request, Silent, Unconnected

READ_TIMEOUT = 10.0
"""Seconds; for clients that set no timeout."""


class InProcessKubernetes(httpx2.BaseTransport):
    """Passes requests to a handler like a connection.

    Args:
        sleep: Waits for the delay of a response, in seconds; on virtual time the clock's sleep.
    """

    def __init__(self, handler: Handler, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._handler = handler
        self._sleep = sleep

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Handle a request.

        Raises:
            httpx2.TransportError: Like a connection in the same case.
        """
        delivery = self._in_time(self._handler(_read(request)), _patience(request))
        match delivery.answer:
            case Reply(cut=0) as reply:
                headers = {"content-type": reply.content_type, **reply.headers}
                return httpx2.Response(reply.status, headers=headers, content=reply.body, request=request)
            case Reply():
                raise httpx2.RemoteProtocolError(
                    "peer closed connection without sending complete message body"
                )
            case Lost():
                raise httpx2.RemoteProtocolError("Server disconnected without sending a response.")
            case Unconnected():
                raise httpx2.ConnectError("[Errno 111] Connection refused", request=request)
            case Silent():
                raise httpx2.ReadTimeout("The read operation timed out", request=request)
            case _:
                assert_never(delivery.answer)

    def _in_time(self, delivery: Delivery, patience: float) -> Delivery:
        is_late = isinstance(delivery.answer, Silent) or delivery.delay >= patience
        self._sleep(patience if is_late else delivery.delay)
        return Delivery(Silent()) if is_late else delivery


def _read(request: httpx2.Request) -> Request:
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Request(request.method, request.url.raw_path.decode("ascii"), headers, request.read())


def _patience(request: httpx2.Request) -> float:
    read = request.extensions.get("timeout", {}).get("read")
    return READ_TIMEOUT if read is None else float(read)
