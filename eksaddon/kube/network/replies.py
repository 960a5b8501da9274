"""Reads whole replies of Kubernetes endpoints and checks them before the client library decodes them.

An endpoint can be anything: a load balancer, a captive portal, a proxy, a program that never stops sending.
Every reply results in a value or in an exception that `troubles.py` translates.
"""

from collections.abc import Callable, Iterator, Mapping

import httpx2
import msgspec
from lightkube.core.decoders import decode_status

from eksaddon.regex import regex

LARGEST = 16 * 1024 * 1024
"""Maximum bytes of a reply. etcd limits objects to 1.5 MB, and a pod of kube-dns has about 10 kB."""

LONGEST = 60.0
"""Maximum seconds for a reply, even if it keeps arriving."""

_KINDS: Mapping[str, str] = {
    "configmaps": "ConfigMap",
    "deployments": "Deployment",
    "events": "Event",
    "horizontalpodautoscalers": "HorizontalPodAutoscaler",
    "jobs": "Job",
    "poddisruptionbudgets": "PodDisruptionBudget",
    "pods": "Pod",
    "replicasets": "ReplicaSet",
    "scaledobjects": "ScaledObject",
    "selfsubjectaccessreviews": "SelfSubjectAccessReview",
    "services": "Service",
}
_TEXTS = ("/log", "/proxy/metrics")
"""Ends of URLs whose replies are text: what a container has printed, and the metrics of a pod."""

_NUMBER = regex(r"[0-9]{1,5}")
_TOKEN = regex(rb"k8s-aws-v1\.[\w-]+|(?<=[Bb]earer )[\w.~+/-]{16,}=*")
_HINTS = (b"k8s-aws-v1.", b"earer ")
"""What every match of it contains."""

_REMOVED = b"[token removed]"
_SUCCESS = range(200, 300)


class UnexpectedReplyError(ValueError):
    """Not a reply of a Kubernetes API; the message is the reason."""


class _ListMetadata(msgspec.Struct):
    more: str | None = msgspec.field(name="continue", default=None)


class _Head(msgspec.Struct):
    kind: str | None = None
    metadata: _ListMetadata | None = None


class _Version(msgspec.Struct):
    major: str
    minor: str


class CheckedReplies(httpx2.BaseTransport):
    """Forwards requests, and checks size, time, encoding and kind of their replies.

    The request's token is removed from replies, in case an endpoint echoes it.

    Args:
        now: Seconds since the epoch.
    """

    def __init__(self, inner: httpx2.BaseTransport, now: Callable[[], float]) -> None:
        self._inner = inner
        self._now = now

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Return a reply without headers other than Content-Type.

        Raises:
            UnexpectedReplyError: It is not a reply of a Kubernetes API.
            httpx2.ReadTimeout: It takes longer than LONGEST.
            httpx2.TransportError: Raised by the inner transport.
        """
        request.headers["accept-encoding"] = "identity"
        deadline = self._now() + LONGEST
        reply = self._inner.handle_request(request)
        try:
            if reply.headers.get("content-encoding", "identity").strip().lower() != "identity":
                raise UnexpectedReplyError("an unrequested content encoding")
            body = _without_token(b"".join(self._parts(reply, deadline)), request)
        finally:
            reply.close()
        return httpx2.Response(
            reply.status_code,
            headers={"content-type": _content_type(reply.status_code, body, request)},
            content=body,
            request=request,
        )

    def _parts(self, reply: httpx2.Response, deadline: float) -> Iterator[bytes]:
        size, stream = 0, reply.stream
        assert isinstance(stream, httpx2.SyncByteStream)  # noqa: S101  # of a transport that is not async
        for part in stream:
            size += len(part)
            if size > LARGEST:
                raise UnexpectedReplyError(f"larger than {LARGEST // 2**20} MB")
            if self._now() > deadline:
                raise httpx2.ReadTimeout("the reply takes too long")
            yield part

    def close(self) -> None:
        self._inner.close()


def _without_token(body: bytes, request: httpx2.Request) -> bytes:
    own = request.headers.get("authorization", "").removeprefix("Bearer ").encode()
    if own:
        body = body.replace(own, _REMOVED)
    # The expression is slow where it finds nothing, which is nearly always.
    return _TOKEN.sub(_REMOVED, body) if any(each in body for each in _HINTS) else body


def _content_type(status: int, body: bytes, request: httpx2.Request) -> str:
    """Content-Type for the client library, which decodes errors by this header and fails without it."""
    try:
        if status in _SUCCESS and request.url.path.endswith(_TEXTS):
            return "text/plain"
        if status in _SUCCESS:
            _check_kind(_head(body), request)
            return "application/json"
        return "application/json" if _is_status(body) else "text/plain"
    except RecursionError as error:
        raise UnexpectedReplyError("nested too deeply") from error


def _head(body: bytes) -> _Head:
    try:
        return msgspec.json.decode(body, type=_Head)
    except msgspec.MsgspecError as error:
        what = "an HTML page" if body.lstrip()[:1] == b"<" else "not a Kubernetes object"
        raise UnexpectedReplyError(what if body.strip() else "empty") from error


def _check_kind(head: _Head, request: httpx2.Request) -> None:
    expected = _expected(request)
    if expected and head.kind != expected:
        raise UnexpectedReplyError(f"not of kind {expected}")
    if head.metadata is not None and head.metadata.more:
        raise UnexpectedReplyError("an incomplete list")


def _expected(request: httpx2.Request) -> str:
    """Kind of the reply; empty for URLs without a kind, such as /version, and for what is deleted.

    A deletion is answered with the object or with a Status, as the API server likes.
    """
    if request.method == "DELETE":
        return ""
    *_, above, last = ("", *request.url.path.split("/"))
    if last in _KINDS:
        return _KINDS[last] + ("" if request.method == "POST" else "List")
    return _KINDS.get(above, "")


def _is_status(body: bytes) -> bool:
    try:
        return decode_status(body).kind == "Status" and msgspec.json.decode(body, type=_Head).kind == "Status"
    except msgspec.MsgspecError:
        return False


def version_of(body: bytes) -> tuple[int, int]:
    """The version in a reply of /version; managed clusters append a plus sign to the minor version.

    Raises:
        UnexpectedReplyError: The reply has no version.
    """
    try:
        found = msgspec.json.decode(body, type=_Version)
    except msgspec.MsgspecError as error:
        raise UnexpectedReplyError("no version") from error
    major, minor = found.major, found.minor.rstrip("+")
    if not (_NUMBER.fullmatch(major) and _NUMBER.fullmatch(minor)):
        raise UnexpectedReplyError("no version")
    return int(major), int(minor)
