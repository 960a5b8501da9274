"""A transport over the standard library's HTTP client, for an endpoint that is reached without a proxy.

It takes a third of the CPU time of httpx2's own transport for each request, which is most of what a read of a
fleet costs. What fails raises the exceptions of that transport.
"""

import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse, RemoteDisconnected

import httpx2
from urllib3.util.wait import wait_for_read

Connected = Callable[[socket.socket], None]
"""Receives the socket of each new connection, before and after TLS replaces it."""

_PART = 64 * 1024
_PORTS = {"http": 80, "https": 443}


class DirectTransport(httpx2.BaseTransport):
    """Sends to one endpoint, over connections that are kept for the next request; thread-safe.

    Args:
        tls: Context that verifies the chain and the host name; None for HTTP.
        connected: May raise, to stop a request before it is sent.
    """

    def __init__(
        self, endpoint: httpx2.URL, tls: ssl.SSLContext | None, connected: Connected = lambda _: None
    ) -> None:
        self._host = endpoint.raw_host.decode("ascii")
        self._port = endpoint.port or _PORTS[endpoint.scheme]
        self._tls = tls
        self._connected = connected
        self._idle: list[HTTPConnection] = []

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Return when the headers of the response were received; redirects are not followed.

        Raises:
            httpx2.TransportError: As by httpx2.HTTPTransport.
        """
        seconds: Mapping[str, float | None] = request.extensions.get("timeout", {})
        connection = self._open_connection(seconds.get("connect"))
        try:
            response = _sent(connection, request, seconds.get("read"))
        except BaseException:
            connection.close()
            raise
        return httpx2.Response(
            response.status,
            # As bytes: a Warning of an admission policy can be UTF-8, which http.client reads as Latin-1.
            headers=[
                (name.encode("latin-1"), value.encode("latin-1")) for name, value in response.getheaders()
            ],
            stream=_Body(response, connection, self._idle),
        )

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()

    def _open_connection(self, patience: float | None) -> HTTPConnection:
        while self._idle:
            with suppress(IndexError):  # another thread took it
                found = self._idle.pop()
                if _is_usable(found):
                    return found
                found.close()
        return self._connect(patience)

    def _connect(self, patience: float | None) -> HTTPConnection:
        try:
            plain = socket.create_connection((self._host, self._port), patience)
        except TimeoutError as error:
            raise httpx2.ConnectTimeout(str(error)) from error
        except (OSError, UnicodeError) as error:  # UnicodeError: a label of the name is empty or too long
            raise httpx2.ConnectError(str(error)) from error
        try:
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._connected(plain)
            connection = HTTPConnection(self._host, self._port)
            connection.auto_open = 0  # a new connection is made here alone
            connection.sock = plain if self._tls is None else self._secured(plain, self._tls)
        except BaseException:
            plain.close()
            raise
        return connection

    def _secured(self, plain: socket.socket, tls: ssl.SSLContext) -> ssl.SSLSocket:
        secure = tls.wrap_socket(plain, server_hostname=self._host, do_handshake_on_connect=False)
        try:
            self._connected(secure)
            secure.do_handshake()
        except BaseException as error:
            secure.close()
            if isinstance(error, TimeoutError):
                raise httpx2.ConnectTimeout(str(error)) from error
            if isinstance(error, OSError):  # includes what TLS refuses
                raise httpx2.ConnectError(str(error)) from error
            raise
        return secure


def _is_usable(connection: HTTPConnection) -> bool:
    """Whether the server has neither closed an idle connection nor sent what was not requested."""
    try:
        return not wait_for_read(connection.sock, timeout=0)
    except (OSError, ValueError):
        return False


def _sent(connection: HTTPConnection, request: httpx2.Request, patience: float | None) -> HTTPResponse:
    connection.sock.settimeout(patience)
    connection.putrequest(
        request.method, request.url.raw_path.decode("ascii"), skip_host=True, skip_accept_encoding=True
    )
    for name, value in request.headers.raw:
        connection.putheader(name, value)
    try:
        connection.endheaders(request.read() or None)
    except TimeoutError as error:
        raise httpx2.WriteTimeout(str(error)) from error
    except OSError:
        pass  # a server may respond before it has read all, and close
    with _translated():
        return connection.getresponse()


class _Body(httpx2.SyncByteStream):
    """The body of a response; read to its end, the connection is kept."""

    def __init__(
        self, response: HTTPResponse, connection: HTTPConnection, idle: list[HTTPConnection]
    ) -> None:
        self._response = response
        self._connection = connection
        self._idle = idle
        self._is_complete = False

    def __iter__(self) -> Iterator[bytes]:
        while part := self._part():
            yield part
        if self._response.length:
            raise httpx2.RemoteProtocolError(
                "peer closed connection without sending complete message body "
                f"({self._response.length} bytes are missing)"
            )
        self._is_complete = True

    def _part(self) -> bytes:
        """What has arrived, without waiting for more."""
        with _translated():
            return self._response.read1(_PART)

    def close(self) -> None:
        is_kept = self._is_complete and not self._response.will_close
        self._response.close()
        if is_kept:
            self._idle.append(self._connection)
        else:
            self._connection.close()


class _translated:  # noqa: N801  # used like a function
    """Translates what reading raises."""

    def __enter__(self) -> None: ...

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        match error:
            case TimeoutError():
                raise httpx2.ReadTimeout(str(error)) from error
            case RemoteDisconnected():
                raise httpx2.RemoteProtocolError("Server disconnected without sending a response.") from error
            case OSError():
                raise httpx2.ReadError(str(error)) from error
            case HTTPException():
                raise httpx2.RemoteProtocolError(f"{type(error).__name__}: {error}") from error
            case _:
                return
