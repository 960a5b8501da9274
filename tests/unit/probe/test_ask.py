import asyncio
import socket

import dns.message
import dns.rcode
import pytest

from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.probing.figures import Loss
from eksaddon.domain.probing.lookup import Transport
from eksaddon.probe.ask import Question, ask, asking
from eksaddon.probe.samples import NoReply, Reply
from tests.unit.probe.server import Serve, answering, tcp_server, udp_server

NAME = "kubernetes.default.svc.cluster.local."


def unused_port() -> int:
    with socket.socket(type=socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        return int(udp.getsockname()[1])


def asked_over_udp(serve: Serve, *, host: str = "127.0.0.1", timeout: float = 5.0) -> Reply | NoReply:
    async def run_progress() -> Reply | NoReply:
        async with udp_server(serve, host) as port:
            return await asking(Question(host, port, NAME, timeout=timeout))()

    return asyncio.run(run_progress())


@pytest.mark.parametrize("rcode", [dns.rcode.NOERROR, dns.rcode.NXDOMAIN, dns.rcode.SERVFAIL])
def test_an_answer_is_told_by_its_rcode(rcode: dns.rcode.Rcode) -> None:
    assert asked_over_udp(answering(rcode)) == Reply(dns.rcode.to_text(rcode))


def test_ipv6_servers_are_asked_too() -> None:
    assert asked_over_udp(answering(), host="::1") == Reply("NOERROR")


def test_silence_is_a_timeout() -> None:
    assert asked_over_udp(lambda _: b"", timeout=0.05) == NoReply(Loss.TIMEOUT)


@pytest.mark.parametrize("reply", [b"\0", b"not dns at all"])
def test_noise_is_an_unreadable_reply(reply: bytes) -> None:
    result = asked_over_udp(lambda _: reply)
    assert isinstance(result, NoReply)
    assert result.loss is Loss.UNREADABLE
    assert result.detail


def test_another_query_s_answer_is_not_an_answer() -> None:
    other = dns.message.make_response(dns.message.make_query("other.example.", "A")).to_wire()
    result = asked_over_udp(lambda _: other)
    assert isinstance(result, NoReply)
    assert result.loss is Loss.UNREADABLE


@pytest.mark.parametrize("transport", Transport)
def test_a_port_without_a_listener_refuses_at_once(transport: Transport) -> None:
    question = Question("127.0.0.1", unused_port(), NAME, transport=transport, timeout=5.0)
    result = asyncio.run(ask(question))
    assert isinstance(result, NoReply)
    assert result.loss is Loss.REFUSED


def test_tcp_asks_over_tcp() -> None:
    async def run_progress() -> Reply | NoReply:
        async with tcp_server(answering()) as port:
            return await ask(Question("127.0.0.1", port, NAME, transport=Transport.TCP, timeout=5.0))

    assert asyncio.run(run_progress()) == Reply("NOERROR")


def test_a_connection_that_ends_without_an_answer_is_lost() -> None:
    async def run_progress() -> Reply | NoReply:
        async with tcp_server(lambda _: b"") as port:
            return await ask(Question("127.0.0.1", port, NAME, transport=Transport.TCP, timeout=5.0))

    result = asyncio.run(run_progress())
    assert isinstance(result, NoReply)
    assert result.loss is Loss.BROKEN


def test_an_address_without_a_route_was_never_sent() -> None:
    result = asyncio.run(ask(Question("255.255.255.255", 53, NAME, timeout=5.0)))
    assert isinstance(result, NoReply)
    assert result.loss is Loss.NOT_SENT


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"server": "coredns"}, "'coredns' is not an IP address"),
        ({"server": ""}, "'' is not an IP address"),
        ({"port": 0}, "0 is not a port"),
        ({"port": 65_536}, "65536 is not a port"),
        ({"timeout": 0.0}, "invalid timeout of 0.0 seconds"),
        ({"timeout": float("nan")}, "invalid timeout of nan seconds"),
        ({"name": "a..b"}, "cannot query 'a..b' 'A': "),
        ({"name": "a" * 64}, "cannot query "),
        ({"record_type": "APPLE"}, "cannot query .* 'APPLE': "),
    ],
)
def test_an_invalid_query_is_refused_with_a_remedy(wrong: dict[str, object], message: str) -> None:
    fields: dict[str, object] = {"server": "127.0.0.1", **wrong}
    with pytest.raises(EksdnsError, match=message) as caught:
        Question(**fields)  # type: ignore[arg-type]  # the wrong ones are the point
    assert caught.value.exit_code is ExitCode.USAGE
    assert caught.value.hint


def test_every_query_has_an_id_of_its_own() -> None:
    question = Question("127.0.0.1")
    assert len({question.query().id for _ in range(20)}) > 1
