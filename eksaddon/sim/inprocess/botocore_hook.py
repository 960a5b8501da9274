"""The simulator inside the SDK, without sockets and threads; botocore above its connections is real."""

import io
import os
import time
from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING, assert_never

import urllib3.exceptions
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES, ConfigValueStore, ConstantProvider
from botocore.exceptions import ConnectionClosedError, EndpointConnectionError, ReadTimeoutError
from botocore.loaders import Loader, create_loader
from botocore.session import Session

from eksaddon.sim.api.keys import access_key_of
from eksaddon.sim.http.messages import Handler, Lost, Reply, Request, Silent, Unconnected

if TYPE_CHECKING:
    import boto3

READ_TIMEOUT = 60.0
"""Seconds; botocore's own default."""


class InProcess:
    """Passes requests to a handler like a connection.

    Args:
        sleep: Waits for the delay of a response, in seconds; on virtual time the clock's sleep.
        read_timeout: Seconds to wait for a response.
    """

    def __init__(
        self,
        handler: Handler,
        *,
        sleep: Callable[[float], None] = time.sleep,
        read_timeout: float = READ_TIMEOUT,
    ) -> None:
        self._handler = handler
        self._sleep = sleep
        self._read_timeout = read_timeout

    def __call__(self, request: AWSPreparedRequest) -> AWSResponse:
        """Handle a request.

        Raises:
            ConnectionClosedError, EndpointConnectionError, ReadTimeoutError: Like botocore's HTTP session
                in the same case.
        """
        delivery = self._handler(_read(request))
        answer = delivery.answer
        if delivery.delay >= self._read_timeout:
            answer = Silent()
        elif delivery.delay:
            self._sleep(delivery.delay)
        match answer:
            case Reply():
                return _response(request, answer)
            case Lost():
                raise _broken(request)
            case Unconnected():
                raise _refused(request)
            case Silent():
                self._sleep(self._read_timeout)
                raise ReadTimeoutError(endpoint_url=request.url, error=TimeoutError("Read timed out."))
            case _:
                assert_never(answer)

    def install(self, session: Session) -> None:
        """Handle the requests of all clients that a session creates from now on.

        Registered after all other handlers of `before-send`, because the limiter of botocore's adaptive retry
        mode is one and must wait before a request is executed.
        """
        session.get_component("event_emitter").register_last("before-send", self._handle)

    def _handle(self, request: AWSPreparedRequest, **_: object) -> AWSResponse:
        return self(request)


def _read(request: AWSPreparedRequest) -> Request:
    body = request.body
    if body is not None and not isinstance(body, bytes | bytearray | str):
        body = body.read()
    return Request(
        request.method,
        "/" + request.url.split("://", 1)[1].partition("/")[2],
        {name.lower(): _text(value) for name, value in request.headers.items()},
        body.encode() if isinstance(body, str) else bytes(body or b""),
    )


def _text(value: str | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


class _Raw:
    """The part of urllib3's response that botocore reads."""

    def __init__(self, body: bytes) -> None:
        self._body = io.BytesIO(body)

    def stream(self, amount: int = 65536) -> Iterator[bytes]:
        while chunk := self._body.read(amount):
            yield chunk

    def read(self, amount: int | None = None) -> bytes:
        return self._body.read(-1 if amount is None else amount)

    def close(self) -> None:
        self._body.close()


def _response(request: AWSPreparedRequest, reply: Reply) -> AWSResponse:
    headers = urllib3.HTTPHeaderDict(
        {
            "Content-Type": reply.content_type,
            "Content-Length": str(len(reply.body) + reply.cut),
            **reply.headers,
        }
    )
    return AWSResponse(request.url, reply.status, headers, _Raw(reply.body))  # type: ignore[arg-type]  # as botocore passes them


def _broken(request: AWSPreparedRequest) -> ConnectionClosedError:
    cause = urllib3.exceptions.ProtocolError(
        "Connection aborted.", ConnectionResetError(104, "Connection reset by peer")
    )
    return ConnectionClosedError(error=cause, request=request, endpoint_url=request.url)


def _refused(request: AWSPreparedRequest) -> EndpointConnectionError:
    return EndpointConnectionError(
        error=ConnectionRefusedError(111, "Connection refused"), endpoint_url=request.url
    )


@cache
def _loader() -> Loader:
    """Share botocore's models, which saves 35 ms for each session."""
    return create_loader()


def hermetic_session(
    handler: Handler | InProcess, *, account: str = "", access_key: str = "", region: str | None = None
) -> Session:
    """Create a botocore session whose clients can reach only the simulator.

    No AWS file, profile, variable of the environment, instance metadata or network is used.

    Args:
        account: Account of the session's keys; empty for the simulator's default account.
        access_key: Use this key instead.
    """
    session = Session()
    settled = {
        "config_file": os.devnull,
        "credentials_file": os.devnull,
        "ignore_configured_endpoint_urls": True,
        "region": region,
    }
    defaults = {name: options[2] for name, options in BOTOCORE_DEFAUT_SESSION_VARIABLES.items()}
    providers = {name: ConstantProvider(value) for name, value in {**defaults, **settled}.items()}
    session.register_component("config_store", ConfigValueStore(mapping=providers))
    session.register_component("data_loader", _loader())
    key = access_key or (access_key_of(account) if account else "AKIASIMULATED")
    session.set_credentials(key, "simulated")
    hook = handler if isinstance(handler, InProcess) else InProcess(handler)
    hook.install(session)
    return session


def boto3_session(
    handler: Handler | InProcess, *, account: str = "", access_key: str = "", region: str | None = None
) -> "boto3.Session":
    """Like `hermetic_session`, for boto3."""
    import boto3  # noqa: PLC0415  # who has no use for it does not load it

    session = hermetic_session(handler, account=account, access_key=access_key, region=region)
    return boto3.Session(botocore_session=session)
