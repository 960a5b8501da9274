"""One request and what became of it."""

from typing import assert_never

from eksaddon.domain.tracing.redaction import shown_url
from eksaddon.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Responded:
    """A response.

    Attributes:
        request_id: As AWS, Kubernetes (audit ID) or GitHub returned it; empty if it returned none.
    """

    status: int
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class NoResponse:
    """The request failed before a whole response was read.

    Attributes:
        error: Name and message of the exception.
    """

    error: str


@dataclass(frozen=True, slots=True)
class Exchange:
    """One attempt to send a request, without headers and bodies.

    Attributes:
        service: Such as `eks`, `kubernetes` or `github`.
        operation: Of the AWS API; empty for others.
        seconds: From sending until the response was read, including the connection.
        attempt: Number of the attempt, from 1; 0 if the client does not count.
        most: Maximum number of attempts; 0 if unknown.
    """

    service: str
    operation: str
    method: str
    url: str
    seconds: float
    end: Responded | NoResponse
    attempt: int = 0
    most: int = 0


def exchange_text(exchange: Exchange) -> str:
    """One line; the URL without secrets, but errors as they are."""
    words = (exchange.service, exchange.operation, exchange.method, shown_url(exchange.url))
    what = " ".join(word for word in words if word)
    took = f"{exchange.seconds * 1000:.0f} ms"
    of = f" of {exchange.most}" if exchange.most else ""
    tries = f", attempt {exchange.attempt}{of}" if exchange.attempt else ""
    match exchange.end:
        case Responded(status=status, request_id=request_id):
            identity = f", request ID {request_id}" if request_id else ""
            return f"{what}: {status} in {took}{tries}{identity}"
        case NoResponse(error=error):
            return f"{what}: no response in {took}{tries}: {error}"
        case end:
            assert_never(end)
