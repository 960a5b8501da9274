"""eksdns probe"""

import json
from enum import StrEnum
from typing import Annotated

import typer

from eksaddon.cli import messages


class ProbeFormat(StrEnum):
    TABLE = "table"
    JSON = "json"


class ProbeTransport(StrEnum):
    UDP = "udp"
    TCP = "tcp"


class ProbePorts(StrEnum):
    WALKED = "walked"
    KEPT = "kept"
    RANDOM = "random"


LIMITS = "When it passes"
Place = Annotated[str, typer.Argument(metavar="ADDRESS[:PORT]", help="IP address of the DNS server.")]
Name = Annotated[
    str,
    typer.Option("--name", envvar="EKSDNS_DNS_NAME", help="Name to look up. Default: the API server's."),
]
RecordType = Annotated[str, typer.Option("--type", envvar="EKSDNS_DNS_TYPE", help="Record type.")]
Protocol = Annotated[
    ProbeTransport, typer.Option("--transport", envvar="EKSDNS_DNS_TRANSPORT", help="UDP or TCP.")
]
Seconds = Annotated[
    float, typer.Option("--seconds", envvar="EKSDNS_PROBE_SECONDS", min=1, max=86_400, help="Duration.")
]
Rate = Annotated[
    int, typer.Option("--rate", envvar="EKSDNS_PROBE_RATE", min=1, max=5000, help="Lookups a second.")
]
Ports = Annotated[
    ProbePorts,
    typer.Option(
        "--ports",
        envvar="EKSDNS_PROBE_PORTS",
        help="Source ports: walked meets new flows, kept stays on one flow, random mixes both.",
    ),
]
Timeout = Annotated[
    float,
    typer.Option("--timeout", envvar="EKSDNS_PROBE_TIMEOUT", min=0.01, max=60, help="Seconds of a try."),
]
Tries = Annotated[
    int, typer.Option("--tries", envvar="EKSDNS_PROBE_TRIES", min=1, max=10, help="Tries of a lookup.")
]
Expect = Annotated[
    list[str] | None,
    typer.Option(
        "--expect",
        envvar="EKSDNS_PROBE_EXPECT",
        metavar="ANSWER",
        help="NOERROR (default), NXDOMAIN, NODATA, any, A=10.0.0.1; repeatable.",
        rich_help_panel=LIMITS,
    ),
]
MaxLost = Annotated[
    int | None,
    typer.Option(
        "--max-lost",
        envvar="EKSDNS_PROBE_MAX_LOST",
        min=0,
        help="Failed lookups allowed. Default: 0, or no limit with --max-loss.",
        rich_help_panel=LIMITS,
    ),
]
MaxLoss = Annotated[
    str | None,
    typer.Option(
        "--max-loss",
        envvar="EKSDNS_PROBE_MAX_LOSS",
        metavar="PERCENT",
        help="Share of lookups that may fail, such as 0.1%.",
        rich_help_panel=LIMITS,
    ),
]
MaxOutage = Annotated[
    str | None,
    typer.Option(
        "--max-outage",
        envvar="EKSDNS_PROBE_MAX_OUTAGE",
        metavar="DURATION",
        help="Longest time in which at least 5 % of the lookups may fail, such as 1s.",
        rich_help_panel=LIMITS,
    ),
]
Output = Annotated[ProbeFormat, typer.Option("--output", "-o", envvar="EKSDNS_OUTPUT", help="Output format.")]


def probe(
    server: Place,
    name: Name = "",
    record_type: RecordType = "A",
    transport: Protocol = ProbeTransport.UDP,
    seconds: Seconds = 10.0,
    rate: Rate = 10,
    ports: Ports = ProbePorts.WALKED,
    timeout: Timeout = 1.0,
    tries: Tries = 1,
    expect: Expect = None,
    max_lost: MaxLost = None,
    max_loss: MaxLoss = None,
    max_outage: MaxOutage = None,
    output: Output = ProbeFormat.TABLE,
) -> int:
    """Query a DNS server at a steady rate; report loss, outages and answer times, and pass or fail."""
    from dataclasses import replace

    from eksaddon.app.probe import lines, probe_exit_code, probe_now, read_question, read_thresholds
    from eksaddon.domain.probing.expectation import read_expectation
    from eksaddon.domain.probing.lookup import PortMode, Transport
    from eksaddon.probe.check import Probe
    from eksaddon.probe.document import document

    question = replace(
        read_question(server, name),
        record_type=record_type,
        transport=Transport(transport.value),
        timeout=timeout,
    )
    wanted = Probe(question, rate, tries, PortMode(ports.value), read_expectation(expect or ()))
    verdict = probe_now(wanted, read_thresholds(max_lost, max_loss, max_outage), seconds)
    if output is ProbeFormat.JSON:
        messages.rendered(json.dumps(document(wanted, verdict), indent=2) + "\n")
    else:
        messages.rendered("".join(f"{line}\n" for line in lines(wanted, verdict)))
    return probe_exit_code(verdict)
