"""A transport that reports every request to a trace."""

import httpx2

from eksaddon.domain.tracing.exchange import Exchange, NoResponse, Responded
from eksaddon.ports.trace import Trace


class TracedTransport(httpx2.BaseTransport):
    """Measures until the whole response was read, which is what the inner transport returns."""

    def __init__(self, inner: httpx2.BaseTransport, trace: Trace) -> None:
        self._inner = inner
        self._trace = trace

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        start = self._trace.elapsed()
        end: Responded | NoResponse = NoResponse("interrupted")
        try:
            response = self._inner.handle_request(request)
            end = Responded(response.status_code, response.headers.get("audit-id", ""))
        except Exception as error:
            end = NoResponse(f"{type(error).__name__}: {error}")
            raise
        finally:
            seconds = self._trace.elapsed() - start
            url = str(request.url)
            self._trace.sent(Exchange("kubernetes", "", request.method, url, seconds, end))
        return response

    def close(self) -> None:
        self._inner.close()
