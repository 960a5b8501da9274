"""DirectTransport on real sockets: every way in which a server can answer, or not."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from eksaddon.domain.errors import LeavingError
from eksaddon.kube.network.direct import Connected, DirectTransport
from eksaddon.kube.network.tls import shared_context, tls_context, transport
from tests.support.network.authority import Authority
from tests.support.network.loopback import Reply, Reset, Seen, Silence, loopback
from tests.support.network.refusing import refusing_port

GIVES_UP = {"timeout": httpx2.Timeout(0.05, connect=1.0).as_dict()}
PATIENT = {"timeout": httpx2.Timeout(5.0).as_dict()}


def send(carrier: DirectTransport, url: str, **options: object) -> httpx2.Response:
    request = httpx2.Request("GET", f"{url}/a/b?c=d%3De", extensions=PATIENT, **options)  # type: ignore[arg-type]  # by name
    response = carrier.handle_request(request)
    try:
        response.read()
    finally:
        response.close()
    return response


OPEN: list[DirectTransport] = []


def direct(
    url: str, tls: ssl.SSLContext | None = None, connected: Connected = lambda _: None
) -> DirectTransport:
    OPEN.append(DirectTransport(httpx2.URL(url), tls, connected))
    return OPEN[-1]


@pytest.fixture(autouse=True)
def closed_at_the_end() -> Iterator[None]:
    yield
    while OPEN:
        OPEN.pop().close()


@contextmanager
def raw(*replies: bytes) -> Iterator[str]:
    """A server that sends these bytes, one after each request of one connection, and hangs up."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            for reply in replies:
                connection.recv(65536)
                connection.sendall(reply)

    server = threading.Thread(target=serve, daemon=True)
    server.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.join(5)
        listener.close()


def test_a_request_arrives_as_it_was_made_and_its_connection_is_used_again() -> None:
    with loopback(lambda seen: Reply(seen.body or b"none")) as server:
        carrier = direct(server.url)
        assert send(carrier, server.url, headers={"authorization": "Bearer x"}).content == b"none"
        request = httpx2.Request("PATCH", server.url, content=b"{}", extensions=PATIENT)
        answer = carrier.handle_request(request)
        assert answer.read() == b"{}"
        answer.close()
        first, second = server.seen
        assert (first.method, first.target) == ("GET", "/a/b?c=d%3De")
        assert first.headers["authorization"] == "Bearer x"
        assert first.headers["host"] == server.url.removeprefix("http://")
        assert (second.method, second.headers["content-length"]) == ("PATCH", "2")


def test_one_connection_serves_all_requests_of_a_thread_and_a_second_one_those_of_another() -> None:
    with loopback(lambda _: Reply()) as server:
        carrier = direct(server.url)
        for _ in range(3):
            send(carrier, server.url)
        assert server.connections == 1
        first = carrier.handle_request(httpx2.Request("GET", server.url, extensions=PATIENT))
        send(carrier, server.url)
        first.read()
        first.close()
        assert server.connections == 2


def test_a_connection_that_the_server_has_closed_is_not_used_again() -> None:
    with loopback(lambda _: Reply(headers={"connection": "close"})) as server:
        carrier = direct(server.url)
        send(carrier, server.url)
        send(carrier, server.url)
        assert server.connections == 2
    with raw(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}") as url:
        carrier = direct(url)
        send(carrier, url)
    with pytest.raises(httpx2.ConnectError):  # it is connected again, where nobody listens now
        send(carrier, url)


def test_a_connection_that_was_closed_here_is_not_used_again() -> None:
    opened: list[socket.socket] = []
    with loopback(lambda _: Reply()) as server:
        carrier = direct(server.url, connected=opened.append)
        send(carrier, server.url)
        opened[0].close()
        send(carrier, server.url)
        assert server.connections == 2


def test_a_response_that_is_not_read_to_its_end_costs_its_connection() -> None:
    with loopback(lambda _: Reply(b"x" * 100)) as server:
        carrier = direct(server.url)
        carrier.handle_request(httpx2.Request("GET", server.url, extensions=PATIENT)).close()
        assert send(carrier, server.url).content == b"x" * 100
        assert server.connections == 2


def test_a_redirect_is_an_answer() -> None:
    moved = Reply(b"", 307, {"location": "http://elsewhere.invalid/"})
    with loopback(lambda _: moved) as server:
        assert send(direct(server.url), server.url).status_code == 307
        assert len(server.seen) == 1


@pytest.mark.parametrize(
    "reply",
    [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nab\r\n\r\n2\r\ncd\r\n0\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nab\r\ncd",
        b"HTTP/1.0 200 OK\r\n\r\nab\r\ncd",
    ],
)
def test_a_body_in_any_framing_is_read_whole(reply: bytes) -> None:
    with raw(reply) as url:
        assert send(direct(url), url).content == b"ab\r\ncd"


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (b"", httpx2.RemoteProtocolError),
        (b"220 mail.example.org ESMTP\r\n", httpx2.RemoteProtocolError),
        (b"HTTP/2 200\r\n\r\n", httpx2.RemoteProtocolError),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}", httpx2.RemoteProtocolError),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{}", httpx2.RemoteProtocolError),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", httpx2.RemoteProtocolError),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n", httpx2.RemoteProtocolError),
        (b"HTTP/1.1 200 OK\r\nA: " + b"b" * 70_000 + b"\r\n\r\n", httpx2.RemoteProtocolError),
        (b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n", httpx2.RemoteProtocolError),
    ],
)
def test_what_is_not_a_whole_response_is_an_error(reply: bytes, error: type[Exception]) -> None:
    with raw(reply) as url, pytest.raises(error):
        send(direct(url), url)


@pytest.mark.parametrize(
    ("answer", "error"),
    [(Reset(), (httpx2.ReadError, httpx2.RemoteProtocolError)), (Silence(), httpx2.ReadTimeout)],
)
def test_a_connection_that_is_lost_or_silent_is_an_error(
    answer: Reset | Silence, error: type[Exception] | tuple[type[Exception], ...]
) -> None:
    with loopback(lambda _: answer) as server, pytest.raises(error):
        direct(server.url).handle_request(httpx2.Request("GET", server.url, extensions=GIVES_UP))


def test_an_answer_before_the_whole_body_was_sent_is_read() -> None:
    """As of an API server that refuses a body that is too large, and closes."""
    refused = b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(1024)
            connection.sendall(refused)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(1 << 20):
                pass

    server = threading.Thread(target=serve, daemon=True)
    server.start()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    request = httpx2.Request("POST", url, content=b"x" * (1 << 22), extensions=PATIENT)
    response = direct(url).handle_request(request)
    response.close()
    assert response.status_code == 413
    server.join(5)
    listener.close()


def test_a_broken_pipe_is_left_to_the_answer_and_a_stalled_one_is_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(error: OSError) -> Callable[..., None]:
        def endheaders(*_: object, **__: object) -> None:
            raise error

        return endheaders

    with loopback(lambda _: Reply()) as server:
        monkeypatch.setattr("http.client.HTTPConnection.endheaders", broken(TimeoutError("timed out")))
        with pytest.raises(httpx2.WriteTimeout):
            send(direct(server.url), server.url)
        monkeypatch.setattr("http.client.HTTPConnection.endheaders", broken(BrokenPipeError("gone")))
        with pytest.raises(httpx2.TransportError):
            send(direct(server.url), server.url)


@pytest.mark.parametrize(
    ("cause", "error"),
    [
        (TimeoutError("timed out"), httpx2.ConnectTimeout),
        (socket.gaierror(-2, "Name or service not known"), httpx2.ConnectError),
        (UnicodeError("label empty or too long"), httpx2.ConnectError),
    ],
)
def test_what_prevents_a_connection_is_an_error(
    cause: Exception, error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> socket.socket:
        raise cause

    monkeypatch.setattr("socket.create_connection", refuse)
    with pytest.raises(error, match=str(cause).replace("[", r"\[").replace("]", r"\]")):
        send(direct("http://127.0.0.1:1"), "http://127.0.0.1:1")


def test_a_port_where_nobody_listens_is_an_error() -> None:
    with refusing_port() as port, pytest.raises(httpx2.ConnectError):
        send(direct(f"http://127.0.0.1:{port}"), f"http://127.0.0.1:{port}")


def test_a_server_without_tls_and_one_that_never_ends_its_handshake_are_errors(tmp_path: Path) -> None:
    context = ssl.create_default_context(cadata=Authority(tmp_path).bundle.read_text())
    with raw(b"220 hello\r\n") as url:
        secure = url.replace("http:", "https:")
        with pytest.raises(httpx2.ConnectError):
            send(direct(secure, context), secure)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        secure = f"https://127.0.0.1:{silent.getsockname()[1]}"
        request = httpx2.Request(
            "GET", secure, extensions={"timeout": httpx2.Timeout(5.0, connect=0.05).as_dict()}
        )
        with pytest.raises(httpx2.ConnectTimeout):
            direct(secure, context).handle_request(request)


@pytest.mark.parametrize("registered", [0, 1])
def test_whoever_is_told_of_connections_can_stop_a_request_before_and_after_tls(
    registered: int, tmp_path: Path
) -> None:
    authority = Authority(tmp_path)
    seen: list[socket.socket] = []

    def connected(connection: socket.socket) -> None:
        seen.append(connection)
        if len(seen) > registered:
            raise LeavingError

    def answer(_: Seen) -> Reply:
        raise AssertionError("nothing was to be sent")

    with loopback(answer, authority.server("localhost")) as server:
        context = ssl.create_default_context(cadata=authority.bundle.read_text())
        carrier = direct(server.url, context, connected)
        with pytest.raises(LeavingError):
            send(carrier, server.url)
        assert [isinstance(each, ssl.SSLSocket) for each in seen] == [False, True][: registered + 1]
        assert all(each.fileno() == -1 for each in seen), "all are closed"


def test_a_context_is_made_once_for_a_ca_while_it_is_used() -> None:
    one, other = shared_context(""), shared_context("")
    assert one is other
    assert tls_context("") is not one


def test_a_proxy_of_the_environment_is_left_to_httpx2(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    assert isinstance(transport("https://k.example", ""), httpx2.HTTPTransport)
    monkeypatch.setenv("NO_PROXY", "k.example")
    assert isinstance(transport("https://k.example", ""), DirectTransport)


def test_a_warning_of_an_admission_policy_can_be_in_any_language() -> None:
    """Kubernetes allows UTF-8 in the header Warning, also in the reply to a write that succeeded."""
    warning = 'Warning: 299 - "유예 시간"\r\n'.encode()
    with raw(b"HTTP/1.1 200 OK\r\n" + warning + b"Content-Length: 2\r\n\r\n{}") as url:
        response = send(direct(url), url)
    assert (response.status_code, response.content) == (200, b"{}")
    assert dict(response.headers.raw)[b"Warning"].decode() == '299 - "유예 시간"'
