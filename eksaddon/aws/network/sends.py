"""Knows of a failed call whether any of its attempts can have reached the service."""

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ConnectTimeoutError, EndpointConnectionError

if TYPE_CHECKING:
    from botocore.client import BaseClient

_UNCONNECTED = (EndpointConnectionError, ConnectTimeoutError)
"""Raised before a connection is open: refused, no address for the name, no answer to the first packet.

Not of a proxy: what it had sent on is unknown.
"""

_MAY_HAVE_ARRIVED = "eksdns_may_have_arrived"
_NEVER_SENT = "eksdns_never_sent"


def watch_sends(client: "BaseClient") -> None:
    """Mark the error of a call whose attempts all failed to connect, for `was_never_sent`."""
    client.meta.events.register("response-received", _received)


def was_never_sent(error: Exception) -> bool:
    """Whether an error of a call proves that no attempt was sent."""
    return getattr(error, _NEVER_SENT, False) is True


def _received(context: dict[str, Any], exception: Exception | None, **_: object) -> None:
    """Handle botocore's event for each attempt; all attempts of a call have the same context."""
    if not isinstance(exception, _UNCONNECTED):
        context[_MAY_HAVE_ARRIVED] = True
    if exception is not None:
        setattr(exception, _NEVER_SENT, _MAY_HAVE_ARRIVED not in context)
