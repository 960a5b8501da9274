"""HTTP out of bytes in any pieces."""

from collections.abc import Mapping
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.sim.http.messages import Request
from eksaddon.sim.http.parser import MOST_BODY, MOST_HEAD, BadRequestError, Parser, Received
from tests.support.examples import examples

TOKENS = st.text("abcXYZ-09", min_size=1, max_size=8)
REQUESTS = st.builds(
    Request,
    st.sampled_from(["GET", "POST", "DELETE"]),
    TOKENS.map(lambda word: f"/{word}%2F?x={word}"),
    st.dictionaries(TOKENS.map(lambda word: f"x-{word}".lower()), TOKENS, max_size=3),
    st.binary(max_size=40),
)


def plain(request: Request) -> bytes:
    headers = {**request.headers, "content-length": str(len(request.body))}
    return head(request, headers) + request.body


def chunked(request: Request, size: int = 7) -> bytes:
    pieces = [request.body[at : at + size] for at in range(0, len(request.body), size)]
    body = b"".join(b"%x;note=1\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    return head(request, {**request.headers, "transfer-encoding": "chunked"}) + body + b"0\r\nX-T: 1\r\n\r\n"


def head(request: Request, headers: Mapping[str, str]) -> bytes:
    lines = [
        f"{request.method} {request.target} HTTP/1.1",
        "host: localhost",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode()


@given(st.lists(st.tuples(REQUESTS, st.booleans()), min_size=1, max_size=4), st.data())
@examples(60)
def test_requests_come_out_whole_however_the_bytes_are_cut(sent, data):
    stream = b"".join(chunked(each) if is_chunked else plain(each) for each, is_chunked in sent)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    parser, received = Parser(), []
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        parser.feed(stream[start:end])
        received += [one.request for one in parser]
    assert [(one.method, one.target, one.body) for one in received] == [
        (each.method, each.target, each.body) for each, _ in sent
    ]
    for one, (each, _) in zip(received, sent, strict=True):
        assert each.headers.items() <= one.headers.items()


@given(st.binary(max_size=80))
@examples(100)
def test_no_bytes_crash_it(data):
    parser = Parser()
    parser.feed(data + b"\r\n\r\n")
    with suppress(BadRequestError):
        assert all(one.request.method for one in parser)


def whole(text: str) -> Received:
    parser = Parser()
    parser.feed(text.encode() + b"\r\nHost: localhost\r\n\r\n")
    (received,) = parser
    return received


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        ("GET / HTTP/1.1", True),
        ("GET / HTTP/1.1\r\nConnection: close", False),
        ("GET / HTTP/1.0", False),
        ("GET / HTTP/1.0\r\nConnection: Keep-Alive", False),
    ],
)
def test_whether_the_connection_stays_open(text, stays):
    assert whole(text).keep_alive is stays


def test_a_proxys_client_sends_the_whole_url():
    assert whole("GET http://localhost:1/clusters?a=b HTTP/1.1").request.target == "/clusters?a=b"


@pytest.mark.parametrize("pieces", [[b"\r\n\r\n"], [b"\r", b"\n"], [b"\r\n\r", b"\n"]])
def test_empty_lines_between_requests_are_passed_over(pieces):
    parser = Parser()
    for piece in (
        *pieces,
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        *pieces,
        b"PUT / HTTP/1.1\r\nHost: x\r\n\r\n",
    ):
        parser.feed(piece)
    assert [one.request.method for one in parser] == ["GET", "PUT"]


GET = b"GET / HTTP/1.1\r\nHost: x\r\n"
CHUNKED = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"


@pytest.mark.parametrize(
    ("sent", "status", "message"),
    [
        (b"GET /\r\n\r\n", 400, "illegal request line"),
        (b"get / HTTP/1.1\r\nHost: x\r\n\r\n", 400, "not an HTTP/1 request"),
        (b"GET / HTTP/2.0\r\nHost: x\r\n\r\n", 400, "not an HTTP/1 request"),
        (b"GET / HTTP/1.1\r\n\r\n", 400, "Host"),
        (GET + b": x\r\n\r\n", 400, "illegal header"),
        (GET + b"A : x\r\n\r\n", 400, "illegal header"),
        (GET + b"A: x\x00y\r\n\r\n", 400, "illegal header"),
        (GET + b"Content-Length: -1\r\n\r\n", 400, "Content-Length"),
        (GET + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n", 400, "Content-Length"),
        (GET + b"Content-Length: %d\r\n\r\n" % (MOST_BODY + 1), 413, "too large"),
        (GET + b"X: " + b"x" * MOST_HEAD, 431, "too long"),
        (GET + b"X: " + b"x" * MOST_HEAD + b"\r\n\r\n", 431, "too large"),
        (CHUNKED + b"\r\n0\r\nX: " + b"t" * MOST_HEAD + b"\r\n\r\n", 431, "too large"),
        (b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", 501, "chunked"),
        (CHUNKED + b"Content-Length: 1\r\n\r\n", 400, "contradict"),
        (CHUNKED + b"\r\nzz\r\n", 400, "illegal chunk header"),
        (CHUNKED + b"\r\n" + b"1" * (MOST_HEAD + 1), 431, "too long"),
        (CHUNKED + b"\r\n1\r\nabc", 400, "malformed chunk footer"),
        (CHUNKED + b"\r\nffffffff\r\n" + b"x" * (MOST_BODY + 1), 413, "too large"),
        (CHUNKED + b"\r\n0\r\n" + b"t" * (MOST_HEAD + 1), 431, "too long"),
    ],
)
def test_an_invalid_request_is_refused(sent, status, message):
    parser = Parser()
    parser.feed(sent)
    with pytest.raises(BadRequestError, match=message) as caught:
        parser.next()
    assert caught.value.status == status


def test_a_client_that_expects_to_be_told_so_is_reported_once():
    parser = Parser()
    parser.feed(b"POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n")
    assert parser.next() is None
    assert [parser.take_expect_continue() for _ in range(2)] == [True, False]
    parser.feed(b"x")
    assert [one.request.body for one in parser] == [b"x"]


def test_parts_of_a_path_are_decoded_on_their_own():
    assert Request("GET", "/clusters/a%2Fb%20c/addons?x=1").segments == ("clusters", "a/b c", "addons")
