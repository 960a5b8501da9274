"""DNS servers on the command line, and what they say about a wave."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import dns.message
import dns.rcode
import dns.rrset
import pytest

from eksaddon.app.runs.dns_probe import (
    WaveProbe,
    lines,
    probe_exit_code,
    probe_now,
    read_question,
    read_thresholds,
)
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.probing.server import read_server
from eksaddon.domain.probing.verdict import Thresholds
from eksaddon.domain.rollout.strategy import Strategy, Wave
from eksaddon.domain.run.progress import RunProgress, started
from eksaddon.domain.run.records import Opened
from eksaddon.probe.check import Probe
from eksaddon.probe.samples import Reply, Sample
from eksaddon.probe.totals import Totals, totals
from eksaddon.probe.verdict import Fail, Inconclusive, Pass, ProbeVerdict
from tests.support.rollouts import RUN, plan_of, refs_of

REFS = refs_of(2)
STORY: RunProgress = started(Opened(0.0, RUN, plan_of([("w", REFS)]), Strategy((Wave("w"),))))


class _Dns(asyncio.DatagramProtocol):
    def __init__(self, rcode: dns.rcode.Rcode) -> None:
        self.rcode = rcode

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        answer = dns.message.make_response(dns.message.from_wire(data))
        answer.set_rcode(self.rcode)
        if self.rcode is dns.rcode.NOERROR:
            answer.answer.append(dns.rrset.from_text(answer.question[0].name, 5, "IN", "A", "10.0.0.1"))
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
            check = WaveProbe(chosen, seconds=0.3, rate=100, timeout=30.0)
            return await check(STORY, STORY.waves[0])

    return asyncio.run(look())


def test_a_wave_passes_where_its_servers_answer_and_fails_where_they_do_not() -> None:
    assert looked(dns.rcode.NOERROR, lambda port: f"127.0.0.1:{port}") == ("pass", "1 server queried")
    verdict, why = looked(dns.rcode.SERVFAIL, lambda port: f"127.0.0.1:{port}")
    assert verdict == "fail"
    assert why.startswith("127.0.0.1: ")


def test_a_wave_without_a_server_proves_nothing() -> None:
    verdict, why = looked(dns.rcode.NOERROR, lambda port: f"other=127.0.0.1:{port}")
    assert (verdict, why) == ("inconclusive", "no --dns-server matches a cluster of this wave")


def test_what_the_verb_prints_and_how_it_ends() -> None:
    found = totals(Sample(number / 10, 0.002, Reply("NOERROR")) for number in range(20))
    found.missed, found.scheduled = 1, 21
    ends: dict[ExitCode, ProbeVerdict] = {
        ExitCode.DONE: Pass(found),
        ExitCode.ERROR: Fail(found, ("bad",)),
        ExitCode.PARTIAL: Inconclusive(found, ("too few",)),
    }
    for code, verdict in ends.items():
        assert probe_exit_code(verdict) is code
    assert list(lines(Probe(read_question("10.0.0.10")), ends[ExitCode.ERROR])) == [
        "fail: kubernetes.default.svc.cluster.local. A at 10.0.0.10:53",
        "  bad",
        "  20 of 20 lookups answered, longest outage 0.0 s",
        "  1 of 21 lookups were not sent in time by this host",
        "  answers: p50 2.0 ms, p90 2.0 ms, p99 2.0 ms, max 2.0 ms",
        "  sent: 20 packets, behind schedule by p50 0.0 ms, p90 0.0 ms, p99 0.0 ms, max 0.0 ms",
    ]


def test_failures_are_listed_by_kind() -> None:
    found = totals([Sample(0.0, 0.1, Reply("SERVFAIL", "SERVFAIL"))])
    assert list(lines(Probe(read_question("10.0.0.10")), Fail(found, ())))[-1] == "  failed: 1 SERVFAIL"
    assert len(list(lines(Probe(read_question("10.0.0.10")), Inconclusive(Totals(), ())))) == 2


@pytest.mark.parametrize(
    ("words", "limits"),
    [
        ((None, None, None), Thresholds(0)),
        ((3, None, None), Thresholds(3)),
        ((None, "1%", None), Thresholds(None, 0.01)),
        ((3, "1%", "1500ms"), Thresholds(3, 0.01, 1.5)),
    ],
)
def test_limits_are_read_and_none_may_fail_without_them(
    words: tuple[int | None, str | None, str | None], limits: Thresholds
) -> None:
    assert read_thresholds(*words) == limits


@pytest.mark.parametrize("text", ["1", "-1s", "x"])
def test_an_outage_that_is_no_duration_is_a_usage_error(text: str) -> None:
    with pytest.raises(EksdnsError) as caught:
        read_thresholds(None, None, text)
    assert caught.value.exit_code is ExitCode.USAGE


def test_a_port_that_nobody_listens_on_fails() -> None:
    verdict = probe_now(Probe(read_question("127.0.0.1:9"), rate=100), Thresholds(), 0.3)
    assert isinstance(verdict, Fail | Inconclusive)
