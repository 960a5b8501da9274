"""eksdns probe"""

import json
import sys
from enum import StrEnum
from typing import Annotated

import typer


class ProbeFormat(StrEnum):
    TABLE = "table"
    JSON = "json"


class ProbeTransport(StrEnum):
    UDP = "udp"
    TCP = "tcp"


Place = Annotated[str, typer.Argument(metavar="ADDRESS[:PORT]", help="The DNS server, by its IP address.")]
Name = Annotated[
    str,
    typer.Option("--name", envvar="EKSDNS_DNS_NAME", help="Asked for. Default: the API server's own name."),
]
RecordType = Annotated[str, typer.Option("--type", envvar="EKSDNS_DNS_TYPE", help="Record type.")]
Protocol = Annotated[
    ProbeTransport, typer.Option("--transport", envvar="EKSDNS_DNS_TRANSPORT", help="UDP or TCP.")
]
Seconds = Annotated[
    float, typer.Option("--seconds", envvar="EKSDNS_PROBE_SECONDS", min=1, max=86_400, help="How long.")
]
Rate = Annotated[
    int, typer.Option("--rate", envvar="EKSDNS_PROBE_RATE", min=1, max=1000, help="Queries a second.")
]
Output = Annotated[
    ProbeFormat, typer.Option("--output", "-o", envvar="EKSDNS_OUTPUT", help="Form on stdout.")
]


def probe(
    server: Place,
    name: Name = "",
    record_type: RecordType = "A",
    transport: Protocol = ProbeTransport.UDP,
    seconds: Seconds = 10.0,
    rate: Rate = 10,
    output: Output = ProbeFormat.TABLE,
) -> int:
    """Query a DNS server at a steady pace, and say what was lost, for how long, and whether that is well."""
    from eksaddon.app.runs.dns_probe import asked, lines, probe_exit_code
    from eksaddon.probe.check import document

    question, verdict = asked(
        server, name, record_type=record_type, transport=transport.value, seconds=seconds, rate=rate
    )
    if output is ProbeFormat.JSON:
        sys.stdout.write(json.dumps(document(question, verdict), indent=2) + "\n")
    else:
        sys.stdout.write("".join(f"{line}\n" for line in lines(question, verdict)))
    return probe_exit_code(verdict)
