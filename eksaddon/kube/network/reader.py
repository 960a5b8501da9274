"""Reads objects of one API server, without the client library's work for each request."""

from collections.abc import Mapping
from typing import TypeVar
from urllib.parse import urlencode

import httpx2
from lightkube.core.decoders import decode_list, decode_object
from lightkube.core.generic_client import GenericSyncClient
from lightkube.core.resource import Resource, api_info

from eksaddon.ports import Reach

R = TypeVar("R", bound=Resource)


class Reader:
    """GET requests with one token; thread-safe.

    Every method raises as the client library does: ApiError for a Status, httpx2.HTTPError for other replies
    and for the connection, msgspec.MsgspecError for an object of another shape.

    Args:
        transport: Checks replies; see `CheckedReplies`.
    """

    def __init__(
        self, transport: httpx2.BaseTransport, reach: Reach, token: str, timeout: httpx2.Timeout
    ) -> None:
        self._transport = transport
        self._base = reach.endpoint.rstrip("/")
        self._extensions = {"timeout": timeout.as_dict()}
        agent = {"user-agent": reach.agent} if reach.agent else {}
        self._headers = {
            "accept": "*/*",
            "accept-encoding": "identity",
            "authorization": f"Bearer {token}",
            **agent,
        }

    def get(self, kind: type[R], name: str, namespace: str) -> R:
        body = self.body(f"{path_of(kind, namespace)}/{name}")
        found: R = decode_object(body, kind)
        return found

    def list(self, kind: type[R], namespace: str, **query: Mapping[str, str]) -> list[R]:
        """All objects; a reply is whole, because an incomplete list is refused.

        Args:
            query: `labelSelector` and `fieldSelector`.
        """
        selectors = {
            name: ",".join(f"{key}={value}" for key, value in found.items()) for name, found in query.items()
        }
        suffix = f"?{urlencode(selectors)}" if selectors else ""
        _, _, items = decode_list(self.body(path_of(kind, namespace) + suffix), kind)
        return items

    def body(self, path: str) -> bytes:
        answer = self.answer(path)
        raise_for_status(answer)
        return answer.content

    def answer(self, path: str) -> httpx2.Response:
        """The reply, also if its status is an error."""
        request = httpx2.Request(
            "GET", f"{self._base}/{path}", headers=self._headers, extensions=self._extensions
        )
        return self._transport.handle_request(request)


def path_of(kind: type[Resource], namespace: str) -> str:
    """Path of a collection, without the first slash."""
    about = api_info(kind)
    group = f"apis/{about.resource.group}" if about.resource.group else "api"
    return f"{group}/{about.resource.version}/namespaces/{namespace}/{about.plural}"


def raise_for_status(answer: httpx2.Response) -> None:
    """Raise ApiError for a Status, httpx2.HTTPStatusError for another reply that is not a success."""
    GenericSyncClient.raise_for_status(answer)  # type: ignore[no-untyped-call]  # as it is
