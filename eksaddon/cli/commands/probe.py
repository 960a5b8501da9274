"""eksdns probe"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from eksaddon.app.fleet.request import TargetRequest
from eksaddon.cli.option_groups import bundled
from eksaddon.cli.options import OUTPUT, Quiet


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
IN_CLUSTER = "In a cluster"
Place = Annotated[
    str | None, typer.Argument(metavar="[ADDRESS[:PORT]]", help="IP address of the DNS server.")
]
InCluster = Annotated[
    bool,
    typer.Option(
        "--in-cluster",
        envvar="EKSDNS_PROBE_IN_CLUSTER",
        help="Send lookups from pods in the cluster to kube-dns and to each CoreDNS pod; needs --cluster.",
        rich_help_panel=IN_CLUSTER,
    ),
]
Clean = Annotated[
    bool,
    typer.Option(
        "--clean",
        envvar="EKSDNS_PROBE_CLEAN",
        help="Remove Jobs of probes that a killed process left in the cluster; needs --cluster.",
        rich_help_panel=IN_CLUSTER,
    ),
]
Image = Annotated[
    str,
    typer.Option(
        "--image",
        envvar="EKSDNS_PROBE_IMAGE",
        help="Image of the pods; must contain eksdns. Default: that of this release.",
        rich_help_panel=IN_CLUSTER,
    ),
]
Nodes = Annotated[
    int,
    typer.Option(
        "--nodes",
        envvar="EKSDNS_PROBE_NODES",
        min=1,
        max=20,
        help="Number of pods, on different nodes.",
        rich_help_panel=IN_CLUSTER,
    ),
]
Namespace = Annotated[
    str,
    typer.Option(
        "--namespace",
        envvar="EKSDNS_PROBE_NAMESPACE",
        help="Namespace of the pods.",
        rich_help_panel=IN_CLUSTER,
    ),
]
RunId = Annotated[
    str,
    typer.Option(
        "--run",
        envvar="EKSDNS_PROBE_RUN",
        help="With --clean: only what this run or probe created.",
        rich_help_panel=IN_CLUSTER,
    ),
]
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
    int, typer.Option("--rate", envvar="EKSDNS_PROBE_RATE", min=1, max=5000, help="Lookups per second.")
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
    typer.Option(
        "--timeout",
        envvar="EKSDNS_PROBE_TIMEOUT",
        min=0.01,
        max=60,
        help="How long to wait for an answer, per try.",
    ),
]
Tries = Annotated[
    int, typer.Option("--tries", envvar="EKSDNS_PROBE_TRIES", min=1, max=10, help="Tries per lookup.")
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
        help="Share of failed lookups allowed (example: 0.1%).",
        rich_help_panel=LIMITS,
    ),
]
MaxOutage = Annotated[
    str | None,
    typer.Option(
        "--max-outage",
        envvar="EKSDNS_PROBE_MAX_OUTAGE",
        metavar="DURATION",
        help="Longest outage allowed (example: 1s). In an outage, 5 % or more of each second's lookups fail.",
        rich_help_panel=LIMITS,
    ),
]
Svg = Annotated[
    Path | None,
    typer.Option(
        "--svg", envvar="EKSDNS_SVG", help="Also write a picture to this file.", rich_help_panel=OUTPUT
    ),
]
Report = Annotated[
    list[str] | None,
    typer.Option(
        "--report",
        envvar="EKSDNS_REPORT",
        metavar="FORMAT=PATH",
        help="Also write a report: table, json or svg; repeatable.",
        rich_help_panel=OUTPUT,
    ),
]
Output = Annotated[
    ProbeFormat,
    typer.Option("--output", "-o", envvar="EKSDNS_OUTPUT", help="Output format.", rich_help_panel=OUTPUT),
]


@bundled
def probe(
    targets: TargetRequest,
    server: Place = None,
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
    in_cluster: InCluster = False,
    clean: Clean = False,
    image: Image = "",
    nodes: Nodes = 2,
    namespace: Namespace = "eksdns-probe",
    run_id: RunId = "",
    svg: Svg = None,
    report: Report = None,
    quiet: Quiet = False,
    output: Output = ProbeFormat.TABLE,
) -> int:
    """Query a DNS server at a steady rate; report loss, outages and answer times, and pass or fail."""
    from dataclasses import replace

    from eksaddon.cli.probing.reports import outputs
    from eksaddon.domain.errors import EksdnsError, ExitCode

    if clean:
        from eksaddon.cli.probing.cluster_probe import cleaning

        return cleaning(targets, namespace, run_id)
    if in_cluster:
        from eksaddon.app.probe import read_thresholds
        from eksaddon.cli.probing.cluster_probe import probing
        from eksaddon.domain.probing.gate import ProbeFrom, ProbeGate
        from eksaddon.domain.probing.lookup import PortMode, Transport

        gate = ProbeGate(
            ProbeFrom.CLUSTER,
            name=name,
            record_type=record_type,
            transport=Transport(transport.value),
            ports=PortMode(ports.value),
            rate=rate,
            timeout=timeout,
            tries=tries,
            expect=tuple(expect or ()),
            image=image,
            nodes=nodes,
            namespace=namespace,
            limits=read_thresholds(max_lost, max_loss, max_outage),
        )
        return probing(targets, gate, seconds, outputs(output, report or (), svg), quiet=quiet)
    if server is None:
        hint = "give an address such as 10.100.0.10, or --in-cluster with --cluster"
        raise EksdnsError("no DNS server is given", hint=hint, exit_code=ExitCode.USAGE)
    from eksaddon.app.probe import read_question, read_thresholds
    from eksaddon.cli.probing.server_probe import probing_server
    from eksaddon.domain.probing.expectation import read_expectation
    from eksaddon.domain.probing.lookup import PortMode, Transport
    from eksaddon.probe.check import Probe

    question = replace(
        read_question(server, name),
        record_type=record_type,
        transport=Transport(transport.value),
        timeout=timeout,
    )
    wanted = Probe(question, rate, tries, PortMode(ports.value), read_expectation(expect or ()))
    thresholds = read_thresholds(max_lost, max_loss, max_outage)
    return probing_server(wanted, thresholds, seconds, outputs(output, report or (), svg), quiet=quiet)
