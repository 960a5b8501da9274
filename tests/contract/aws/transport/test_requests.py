"""Requests over a real socket: repeats, cut replies, shared connections."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from eksaddon.aws.connect import Aws
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.target import CurrentCredentials, Scope
from tests.support.aws.sockets import PAGE, SETTINGS, clusters, eks, opened
from tests.support.network.loopback import Answer, Loopback, Reply, Reset, Silence, error, loopback


@pytest.mark.parametrize(
    "fault",
    [
        Reset(),
        Reply(b'{"clusters": ["a"', announced=40),
        Reply(b"", announced=25),
        Reply(b"<html>Service Unavailable</html>", 503),
        error(500, "ServerException", "internal"),
        error(429, "TooManyRequestsException", "slow down"),
        error(400, "ThrottlingException", "slow down"),
        Reply(b'[["no object"]]', 502),
    ],
    ids=["reset", "cut", "cut to nothing", "html 503", "500", "429", "400 throttling", "502 of odd json"],
)
def test_a_passing_fault_is_repeated_and_is_not_noticed(
    pointed: Callable[..., Loopback], fault: Answer, pauses: list[float]
) -> None:
    server = pointed(fault, fault, PAGE)
    with opened() as accounts:
        assert clusters(eks(accounts)) == ["a", "b"]
    assert len(server.seen) == 3
    assert len(pauses) == 2


def test_each_response_that_throttles_is_reported_with_its_account_and_region(
    pointed: Callable[..., Loopback],
) -> None:
    pointed(
        error(429, "TooManyRequestsException", "slow down"),
        error(500, "ServerException", "internal"),
        error(400, "ThrottlingException", "slow down"),
        PAGE,
    )
    scope, throttled = Scope("111122223333", "eu-west-1"), list[Scope]()
    aws = Aws(lambda _: CurrentCredentials(), settings=SETTINGS, throttled=throttled.append)
    assert aws.addons.clusters(scope) == ("a", "b")
    assert throttled == [scope, scope]
    aws.close()


@pytest.mark.parametrize(
    ("fault", "cause", "attempts"),
    [
        (Reset(), Cause.TRANSPORT, 4),
        (Reply(b'{"clusters": ["a"', announced=40), Cause.TRUNCATED, 4),
        (Reply(b"<html>Service Unavailable</html>", 503), Cause.SERVER, 4),
        (error(503, "ServiceUnavailableException", "later"), Cause.SERVER, 4),
        (error(429, "TooManyRequestsException", "slow down"), Cause.THROTTLED, 4),
        (Reply(b"<html>Log in first</html>"), Cause.UNREADABLE, 1),
        (Reply(b""), Cause.UNREADABLE, 1),
        (Reply(b'{"clusters": {}}'), Cause.UNREADABLE, 1),
        (Reply(b"<html>Not here</html>", 404), Cause.UNREADABLE, 1),
        (Reply(b"", 302, {"Location": "https://portal"}), Cause.UNREADABLE, 1),
        (Reply(b'{"__type": 5}', 400), Cause.UNREADABLE, 1),
        (error(403, "AccessDeniedException", "no"), Cause.DENIED, 1),
        (error(403, "ExpiredTokenException", "old"), Cause.CREDENTIALS_EXPIRED, 1),
        (error(403, "UnrecognizedClientException", "who?"), Cause.CREDENTIALS_INVALID, 1),
        (error(409, "ResourceInUseException", "busy"), Cause.BUSY, 1),
        (error(400, "InvalidParameterException", "no"), Cause.INVALID, 1),
    ],
)
def test_a_lasting_fault_becomes_its_cause(
    pointed: Callable[..., Loopback], fault: Answer, cause: Cause, attempts: int
) -> None:
    server = pointed(fault)
    with opened() as accounts:
        trouble = clusters(eks(accounts))
    assert isinstance(trouble, Trouble)
    assert (trouble.cause, trouble.operation) == (cause, "ListClusters")
    assert len(server.seen) == attempts


def test_a_reply_in_chunks_is_as_long_as_its_chunks(pointed: Callable[..., Loopback]) -> None:
    pointed(Reply(b'10\r\n{"clusters": []}\r\n0\r\n\r\n', headers={"Transfer-Encoding": "chunked"}))
    with opened() as accounts:
        assert clusters(eks(accounts)) == []


def test_a_server_that_says_nothing_is_left_after_the_time_limit(pointed: Callable[..., Loopback]) -> None:
    server = pointed(Silence())
    with opened(replace(SETTINGS, attempts=2, read_timeout=0.05)) as accounts:
        trouble = clusters(eks(accounts))
    assert isinstance(trouble, Trouble)
    assert trouble.cause is Cause.TRANSPORT
    assert len(server.seen) == 2


def test_without_a_listener_the_connection_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    with loopback(lambda _: PAGE) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
    with opened() as accounts:
        trouble = clusters(eks(accounts))
    assert isinstance(trouble, Trouble)
    assert trouble.cause is Cause.TRANSPORT


def test_all_clients_of_all_accounts_and_regions_share_the_connections(
    pointed: Callable[..., Loopback],
) -> None:
    server = pointed(PAGE)
    with opened() as accounts:
        lines = [eks(accounts, region) for region in ("eu-west-1", "us-east-1", "ap-south-1") * 4]
        for line in lines:
            clusters(line)
    assert len(server.seen) == 12
    assert server.connections == 1


def test_each_thread_gets_a_connection_and_keeps_it(pointed: Callable[..., Loopback]) -> None:
    together = threading.Barrier(8, timeout=5)
    server = pointed(PAGE)
    with opened() as accounts, ThreadPoolExecutor(8) as threads:
        line = eks(accounts)

        def three_times(_: int) -> None:
            together.wait()
            for _ in range(3):
                clusters(line)

        list(threads.map(three_times, range(8)))
    assert len(server.seen) == 24
    assert server.connections <= 8


def test_a_request_says_who_we_are_and_signs_for_the_region(pointed: Callable[..., Loopback]) -> None:
    server = pointed(PAGE)
    with opened() as accounts:
        clusters(eks(accounts, "sa-east-1"))
    assert server.seen[0].headers["user-agent"].startswith("eksdns/")
    assert len(server.seen[0].headers["user-agent"]) < 30
    assert "/sa-east-1/eks/aws4_request" in server.seen[0].headers["authorization"]
