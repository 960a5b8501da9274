"""DNS servers on the command line, and what they say about a wave."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import dns.message
import dns.rcode
import pytest

from eksaddon.app.runs.dns_probe import WaveProbe, asked, lines, probe_exit_code, read_question, read_server
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.rollout.strategy import Strategy, Wave
from eksaddon.domain.run.progress import RunProgress, started
from eksaddon.domain.run.records import Opened
from eksaddon.probe.prober import Pace
from eksaddon.probe.verdict import Fail, Inconclusive, Pass, ProbeVerdict, Summary
from tests.support.network.stepping_clock import SteppingClock
from tests.support.rollouts import RUN, plan_of, refs_of

REFS = refs_of(2)
STORY: RunProgress = started(Opened(0.0, RUN, plan_of([("w", REFS)]), Strategy((Wave("w"),))))


@pytest.mark.parametrize(
    ("text", "address", "port"),
    [
        ("10.0.0.10", "10.0.0.10", 53),
        ("10.0.0.10:5353", "10.0.0.10", 5353),
        ("[fd00::a]:5353", "fd00::a", 5353),
        ("[fd00::a]", "fd00::a", 53),
        ("fd00::a", "fd00::a", 53),
    ],
)
def test_an_address_is_read_with_or_without_a_port(text: str, address: str, port: int) -> None:
    found = read_question(text)
    assert (found.server, found.port) == (address, port)


@pytest.mark.parametrize(
    "text", ["", "dns.example", "10.0.0.10:", "10.0.0.10:x", "10.0.0.10:99999", "[fd00::a", "a b=10.0.0.1"]
)
def test_what_is_no_server_is_a_usage_error(text: str) -> None:
    with pytest.raises(EksdnsError) as caught:
        read_server(text)
    assert caught.value.exit_code is ExitCode.USAGE
    assert caught.value.hint


def test_a_server_answers_for_the_clusters_before_its_equals_sign() -> None:
    one = read_server("c00*=10.0.0.10:53", "example.org.")
    assert one.question.name == "example.org."
    assert one.answers_for(REFS[0], "")
    assert not read_server("other=10.0.0.10").answers_for(REFS[0], "")
    assert read_server("10.0.0.10").answers_for(REFS[0], "")


class _Dns(asyncio.DatagramProtocol):
    def __init__(self, rcode: dns.rcode.Rcode) -> None:
        self.rcode = rcode

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        answer = dns.message.make_response(dns.message.from_wire(data))
        answer.set_rcode(self.rcode)
        self.transport.sendto(answer.to_wire(), addr)  # type: ignore[attr-defined]  # a datagram transport


@asynccontextmanager
async def serving(rcode: dns.rcode.Rcode) -> AsyncIterator[int]:
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: _Dns(rcode), ("127.0.0.1", 0))
    try:
        yield transport.get_extra_info("sockname")[1]
    finally:
        transport.close()


def looked(rcode: dns.rcode.Rcode, *servers: Callable[[int], str]) -> tuple[str, str]:
    async def look() -> tuple[str, str]:
        async with serving(rcode) as port:
            chosen = [read_server(server(port)) for server in servers]
            return await WaveProbe(chosen, SteppingClock(), seconds=0.3, pace=Pace(100))(
                STORY, STORY.waves[0]
            )

    return asyncio.run(look())


def test_a_wave_passes_where_its_servers_answer_and_fails_where_they_do_not() -> None:
    assert looked(dns.rcode.NOERROR, lambda port: f"127.0.0.1:{port}") == ("pass", "1 server asked")
    verdict, why = looked(dns.rcode.SERVFAIL, lambda port: f"127.0.0.1:{port}")
    assert verdict == "fail"
    assert why.startswith("127.0.0.1: ")


def test_a_wave_without_a_server_proves_nothing() -> None:
    verdict, why = looked(dns.rcode.NOERROR, lambda port: f"other=127.0.0.1:{port}")
    assert (verdict, why) == ("inconclusive", "no --dns-server answers for a cluster of this wave")


def test_what_the_verb_says_and_how_it_ends() -> None:
    summary = Summary(20, 20, (), 0.0, 1.0, 0.5, 2.0)
    ends: dict[ExitCode, ProbeVerdict] = {
        ExitCode.DONE: Pass(summary),
        ExitCode.ERROR: Fail(summary, ("bad",)),
        ExitCode.PARTIAL: Inconclusive(summary, ("too few",)),
    }
    for code, verdict in ends.items():
        assert probe_exit_code(verdict) is code
    replay = list(lines(read_question("10.0.0.10"), ends[ExitCode.ERROR]))
    assert replay[0] == "fail: kubernetes.default.svc.cluster.local. A at 10.0.0.10:53"
    assert "  bad" in replay
    assert "  20 of 20 answered, longest gap 0.0 s" in replay


def test_a_port_that_nobody_listens_on_fails() -> None:
    _, verdict = asked("127.0.0.1:9", "", record_type="A", transport="udp", seconds=0.3, rate=100)
    assert isinstance(verdict, Fail | Inconclusive)
