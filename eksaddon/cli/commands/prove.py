"""eksdns prove"""

from pathlib import Path
from typing import Annotated

import typer

from eksaddon.app.fleet.request import TargetRequest
from eksaddon.cli.commands.probe import Image, Namespace, Nodes, Ports, ProbeFormat, ProbePorts, Timeout
from eksaddon.cli.option_groups import bundled
from eksaddon.cli.options import OUTPUT, Yes

Rate = Annotated[
    int,
    typer.Option(
        "--rate",
        envvar="EKSDNS_PROBE_RATE",
        min=10,
        max=1000,
        help="Lookups per second for each server and pod; a higher rate times the propagation more exactly.",
    ),
]
Svg = Annotated[
    Path | None,
    typer.Option(
        "--svg", envvar="EKSDNS_SVG", help="Also write a picture to this file.", rich_help_panel=OUTPUT
    ),
]
Output = Annotated[
    ProbeFormat,
    typer.Option("--output", "-o", envvar="EKSDNS_OUTPUT", help="Output format.", rich_help_panel=OUTPUT),
]


@bundled
def prove(
    targets: TargetRequest,
    image: Image = "",
    nodes: Nodes = 2,
    namespace: Namespace = "eksdns-probe",
    rate: Rate = 100,
    ports: Ports = ProbePorts.WALKED,
    timeout: Timeout = 1.0,
    svg: Svg = None,
    yes: Yes = False,
    output: Output = ProbeFormat.TABLE,
) -> int:
    """Restart CoreDNS in one cluster and measure, inside the cluster, whether lookups are lost."""
    from eksaddon.cli.probing.proving import proving
    from eksaddon.domain.probing.gate import ProbeFrom, ProbeGate
    from eksaddon.domain.probing.lookup import PortMode

    gate = ProbeGate(
        ProbeFrom.CLUSTER,
        ports=PortMode(ports.value),
        rate=rate,
        timeout=timeout,
        image=image,
        nodes=nodes,
        namespace=namespace,
    )
    return proving(targets, gate, svg, yes=yes, as_json=output is ProbeFormat.JSON)
