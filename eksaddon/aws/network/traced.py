"""Reports every request of an SDK client to a trace."""

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from eksaddon.domain.tracing.exchange import Exchange, NoResponse, Responded
from eksaddon.ports.trace import Trace

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest
    from botocore.client import BaseClient

_REQUEST_IDS = ("x-amzn-requestid", "x-amz-request-id", "x-amzn-request-id")
"""Headers of EKS, STS and other services, and of S3."""


def traced(client: "BaseClient", trace: Trace | None) -> None:
    """Report each attempt of a client; the SDK emits both events of an attempt in its thread.

    Args:
        trace: None to register nothing.
    """
    if trace is None:
        return
    watch = _Watch(trace)
    client.meta.events.register_first("before-send", watch.sending)
    client.meta.events.register("response-received", watch.received)


class _Watch:
    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._current = threading.local()

    def sending(self, request: "AWSPreparedRequest", **_: object) -> None:
        self._current.sent = (str(request.method), str(request.url), self._trace.elapsed())

    def received(
        self,
        event_name: str,
        response_dict: Mapping[str, Any] | None,
        context: Mapping[str, Any],
        exception: Exception | None,
        **_: object,
    ) -> None:
        sent = self._current.__dict__.pop("sent", None)
        if sent is None:
            return
        method, url, start = sent
        service, operation = event_name.split(".")[1:3]
        retries: Mapping[str, Any] = context.get("retries", {})
        self._trace.sent(
            Exchange(
                service=service,
                operation=operation,
                method=method,
                url=url,
                seconds=self._trace.elapsed() - start,
                end=_end(response_dict, exception),
                attempt=retries.get("attempt", 0),
                most=retries.get("max", 0),
            )
        )


def _end(response: Mapping[str, Any] | None, exception: Exception | None) -> Responded | NoResponse:
    if response is None:
        return NoResponse(f"{type(exception).__name__}: {exception}")
    headers = response.get("headers", {})
    found = next((headers[name] for name in _REQUEST_IDS if headers.get(name)), "")
    return Responded(int(response["status_code"]), str(found))
