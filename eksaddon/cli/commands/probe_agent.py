"""eksdns probe-agent"""

from typing import Annotated

import typer

from eksaddon.cli import messages
from eksaddon.cli.commands.probe import (
    Expect,
    Name,
    Ports,
    ProbePorts,
    ProbeTransport,
    Protocol,
    Rate,
    RecordType,
    Seconds,
    Timeout,
    Tries,
)

Servers = Annotated[
    list[str],
    typer.Option(
        "--server",
        envvar="EKSDNS_PROBE_SERVER",
        metavar="NAME=ADDRESS[:PORT]",
        help="DNS server and its name in the lines; repeatable.",
    ),
]


def probe_agent(
    server: Servers,
    name: Name = "",
    record_type: RecordType = "A",
    transport: Protocol = ProbeTransport.UDP,
    seconds: Seconds = 10.0,
    rate: Rate = 10,
    ports: Ports = ProbePorts.WALKED,
    timeout: Timeout = 1.0,
    tries: Tries = 1,
    expect: Expect = None,
) -> int:
    """Query several DNS servers and print one JSON line per second; runs in the pods of a probe."""
    import signal

    from eksaddon.domain.probing.gate import ProbeGate
    from eksaddon.domain.probing.lookup import PortMode, Transport
    from eksaddon.domain.probing.server import read_server
    from eksaddon.probe.agent import Agent
    from eksaddon.probe.live import probe_of

    gate = ProbeGate(
        name=name,
        record_type=record_type,
        transport=Transport(transport.value),
        ports=PortMode(ports.value),
        rate=rate,
        timeout=timeout,
        tries=tries,
        expect=tuple(expect or ()),
    )
    named = (each.rpartition("=") for each in server)
    probes = {label or place: probe_of(gate, read_server(place)) for label, _, place in named}
    agent = Agent(probes, lambda line: messages.rendered_now(f"{line}\n"))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: agent.stopped.set())
    agent.run(seconds)
    return 0
