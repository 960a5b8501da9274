"""What the kubelet's probes see while CoreDNS stops: not ready at once, healthy and answering to the end."""

import asyncio

import pytest

from eksaddon.app.runtime import SystemClock
from eksaddon.domain.probing.lookup import Transport
from eksaddon.probe.ask import Question, ask, asking
from eksaddon.probe.coredns import LOOPBACK, free_port, running
from eksaddon.probe.samples import Reply
from tests.e2e.coredns_release import CURRENT, OLD, coredns

pytestmark = pytest.mark.e2e

COREFILE = """\
.:{dns} {{
    bind 127.0.0.1
    whoami
    ready 127.0.0.1:{ready}
    health 127.0.0.1:{health} {{
        lameduck 2s
    }}
}}
"""


async def status(port: int, path: str) -> str:
    """The HTTP status code, or `refused`."""
    try:
        reader, writer = await asyncio.open_connection(LOOPBACK, port)
    except ConnectionRefusedError:
        return "refused"
    writer.write(f"GET {path} HTTP/1.0\r\n\r\n".encode())
    line = await reader.readline()
    writer.close()
    await writer.wait_closed()
    return line.split()[1].decode()


@pytest.mark.parametrize("version", [CURRENT, OLD])
def test_ready_closes_at_sigterm_while_health_and_dns_continue(version: str) -> None:
    clock = SystemClock()
    ports = {"dns": free_port(), "ready": free_port(), "health": free_port()}
    queries = [
        Question(LOOPBACK, ports["dns"], "eksdns.invalid.", transport=transport) for transport in Transport
    ]

    async def render_options() -> tuple[str, str, bool]:
        replies = [await ask(query) for query in queries]
        answered = all(isinstance(reply, Reply) for reply in replies)
        return await status(ports["ready"], "/ready"), await status(ports["health"], "/health"), answered

    async def run_progress() -> list[tuple[str, str, bool]]:
        binary, corefile = coredns(version), COREFILE.format(**ports)
        async with running(binary, corefile, asking(queries[0]), clock) as process:
            seen = [await render_options()]
            process.terminate()
            for _ in range(3):
                await clock.sleep(0.5)
                seen.append(await render_options())
            await process.wait()
            return [*seen, await render_options()]

    assert asyncio.run(run_progress()) == [
        ("200", "200", True),
        ("refused", "200", True),
        ("refused", "200", True),
        ("refused", "200", True),
        ("refused", "refused", False),
    ]
