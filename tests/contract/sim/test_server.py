"""The HTTP server as a server: connections, TLS, many clients, and bytes that are no request."""

import asyncio
import json
import os
import signal
import socket
import threading
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pytest

from eksaddon.domain.errors import EksdnsError
from eksaddon.sim.console import CALLS, with_console
from eksaddon.sim.http.messages import Delivery, Reply, Request, Silent
from eksaddon.sim.http.server import Address, listen, running, serve
from tests.support.aws.backends import CLUSTERS, REGION, Aws, TestClock, over_http, world
from tests.support.network.authority import Authority

AUTHORIZATION = "AWS4-HMAC-SHA256 Credential=AKIAX/20260101/eu-west-1/eks/aws4_request, Signature=0"


@pytest.fixture
def http():
    with over_http() as backend:
        yield backend


def address_of(aws: Aws) -> tuple[str, int]:
    host, port = (aws.endpoint or "").rpartition("/")[2].split(":")
    return host, int(port)


def exchange(aws: Aws, *pieces: bytes) -> bytes:
    """Send bytes, and read until the server closes."""
    with socket.create_connection(address_of(aws), timeout=5) as connection:
        for piece in pieces:
            connection.sendall(piece)
        answer = b""
        while chunk := connection.recv(65536):
            answer += chunk
    return answer


def lines(first: str, *head: str, body: bytes = b"") -> bytes:
    return "\r\n".join([first, "Host: localhost", *head, "", ""]).encode() + body


def test_several_requests_go_over_one_connection_in_order(http):
    first = lines("GET /clusters HTTP/1.1", f"Authorization: {AUTHORIZATION}")
    last = lines("GET /clusters/c-001 HTTP/1.1", f"Authorization: {AUTHORIZATION}", "Connection: close")
    answer = exchange(http, first + last)
    assert answer.count(b"HTTP/1.1 200 OK") == 2
    assert answer.index(b'"clusters"') < answer.index(b'"cluster"')


def test_a_chunked_body_is_taken(http):
    head = lines(
        "POST /clusters/c-001/addons/coredns/update HTTP/1.1",
        f"Authorization: {AUTHORIZATION}",
        "Transfer-Encoding: chunked",
        "Connection: close",
    )
    answer = exchange(http, head, b'1\r\n{\r\n18\r\n"addonVersion":"v1.0.0"}\r\n', b"0\r\n\r\n")
    assert b"Addon version specified is not supported" in answer


def test_a_client_that_waits_for_permission_gets_it(http):
    head = lines(
        "POST /clusters/c-001/addons/coredns/update HTTP/1.1",
        f"Authorization: {AUTHORIZATION}",
        "Content-Length: 2",
        "Expect: 100-continue",
        "Connection: close",
    )
    with socket.create_connection(address_of(http), timeout=5) as connection:
        connection.sendall(head)
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"{}")
        assert connection.recv(100).startswith(b"HTTP/1.1 200 OK")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"nonsense\r\n\r\n", b"400"),
        (lines("GET / HTTP/1.1", "no colon"), b"400"),
        (lines("POST / HTTP/1.1", "Content-Length: many"), b"400"),
        (lines("POST / HTTP/1.1", "Content-Length: 99999999"), b"413"),
        (lines("GET / HTTP/1.1", "X: " + "x" * 70000), b"431"),
    ],
)
def test_bytes_that_are_no_request_end_the_connection_with_the_reason(http, sent, status):
    assert exchange(http, sent).startswith(b"HTTP/1.1 " + status)


def test_an_unsigned_request_is_refused(http):
    answer = exchange(http, lines("GET /clusters HTTP/1.1", "Connection: close"))
    assert b"HTTP/1.1 403 Forbidden" in answer
    assert b"MissingAuthenticationTokenException" in answer


def test_another_service_is_refused(http):
    other = AUTHORIZATION.replace("/eks/", "/sqs/")
    answer = exchange(http, lines("GET / HTTP/1.1", f"Authorization: {other}", "Connection: close"))
    assert b"The simulator has no service sqs" in answer


def test_many_threads_get_their_own_answers(http):
    eks = http.client("eks")

    def describe(name: str) -> str:
        return str(eks.describe_cluster(name=name)["cluster"]["name"])

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(describe, CLUSTERS * 4)) == CLUSTERS * 4
    assert http.simulation.calls.counts["DescribeCluster"] == 4 * len(CLUSTERS)


def test_tls_is_served_where_a_context_is_given(tmp_path):
    authority = Authority(tmp_path)
    simulated = world(TestClock())
    with running(simulated.handle, tls=authority.server()) as address:
        assert address.url == f"https://127.0.0.1:{address.port}"
        eks: Any = boto3.Session("AKIAX", "secret", region_name=REGION).client(
            "eks", endpoint_url=f"https://localhost:{address.port}", verify=str(authority.bundle)
        )
        assert eks.list_clusters()["clusters"] == CLUSTERS
        eks.close()


def test_the_console_counts_calls_for_other_processes():
    simulated = world(TestClock())
    with running(with_console(simulated)) as address:
        exchange_once(address, "/clusters")
        with urllib.request.urlopen(f"{address.url}{CALLS}") as answer:
            assert json.load(answer) == {"calls": {"ListClusters": 1}}


def exchange_once(address: Address, path: str) -> None:
    request = urllib.request.Request(f"{address.url}{path}", headers={"Authorization": AUTHORIZATION})
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 200


def silent(_: Request) -> Delivery:
    return Delivery(Silent())


def test_a_port_that_is_taken_is_an_error_with_a_remedy():
    with running(silent) as first, pytest.raises(EksdnsError) as caught, running(silent, port=first.port):
        pytest.fail("two servers on one port")
    assert caught.value.message.startswith(f"cannot listen on 127.0.0.1:{first.port}")
    assert "--port" in caught.value.hint


def test_stopping_hangs_up_on_clients_that_still_wait():
    arrived = threading.Event()

    def handler(request: Request) -> Delivery:
        arrived.set()
        return silent(request)

    with running(handler) as address:
        connection = socket.create_connection(("127.0.0.1", address.port), timeout=5)
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 100)
        assert arrived.wait(5)
    with connection:
        assert was_hung_up(connection)


def test_stopping_hangs_up_on_clients_that_have_only_just_come():
    for _ in range(20):
        with running(silent) as address:
            connection = socket.create_connection(("127.0.0.1", address.port), timeout=5)
        with connection:
            assert was_hung_up(connection)


def was_hung_up(connection: socket.socket) -> bool:
    try:
        return connection.recv(1) == b""
    except ConnectionResetError:
        return True


def test_an_answer_that_is_late_does_not_hold_up_others():
    def handler(request: Request) -> Delivery:
        reply = Reply(200, request.target.encode(), "text/plain")
        return Delivery(reply, delay=30 if request.target == "/slow" else 0)

    async def main() -> bytes:
        stop = asyncio.Event()
        listening = asyncio.get_running_loop().create_future()
        serving = asyncio.create_task(listen(handler, "127.0.0.1", 0, ready=listening.set_result, stop=stop))
        address = await listening
        _, slow = await asyncio.open_connection("127.0.0.1", address.port)
        slow.write(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
        reader, quick = await asyncio.open_connection("127.0.0.1", address.port)
        quick.write(b"GET /quick HTTP/1.0\r\n\r\n")
        answer = await reader.read()
        stop.set()
        await serving
        slow.close()
        quick.close()
        return answer

    assert asyncio.run(main()).endswith(b"/quick")


def test_an_ipv6_address_is_written_as_urls_want_it():
    assert Address("::1", 80).url == "http://[::1]:80"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_process_that_is_told_to_end_ends_its_server(number):
    addresses: list[Address] = []

    def ready(address: Address) -> None:
        addresses.append(address)
        os.kill(os.getpid(), number)

    serve(silent, port=0, ready=ready)
    assert addresses[0].port > 0


def test_an_odd_status_has_a_phrase_too():
    with (
        running(lambda _: Delivery(Reply(599, b"", "text/plain"))) as address,
        socket.create_connection(("127.0.0.1", address.port), timeout=5) as connection,
    ):
        connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 599 Unknown\r\n")
