"""The simulator inside the SDK: no socket, no thread, and all of botocore above its connections is real."""

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
    """Carries requests to a handler, as a connection would.

    Args:
        sleep: Lets seconds pass that an answer takes; on virtual time the clock's own.
        read_timeout: Seconds after which an answer that never comes is given up, or one that is later.
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
        """Answer a request.

        Raises:
            ConnectionClosedError, EndpointConnectionError, ReadTimeoutError: As botocore's own HTTP
                session in the same case.
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
        """Answer for all clients that a session makes from now on.

        Behind every other handler of `before-send`: botocore's own limiter of the adaptive retry mode is
        one, and has to wait before a request is carried out.
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
    """Share what is read of botocore's models, which takes a session without it 35 ms more."""
    return create_loader()


def hermetic_session(
    handler: Handler | InProcess, *, account: str = "", access_key: str = "", region: str | None = None
) -> Session:
    """A botocore session whose clients reach the simulator and nothing else.

    No AWS file, profile, variable of the environment, instance metadata or network is used.

    Args:
        account: Whose keys the session has; empty for the simulator's default account.
        access_key: A key instead.
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
    """The same for boto3."""
    import boto3  # noqa: PLC0415  # who has no use for it does not load it

    session = hermetic_session(handler, account=account, access_key=access_key, region=region)
    return boto3.Session(botocore_session=session)
