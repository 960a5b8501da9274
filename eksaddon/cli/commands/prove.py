"""eksdns prove"""

from typing import Annotated

import typer

from eksaddon.app.fleet.request import TargetRequest
from eksaddon.cli.commands.probe import (
    Image,
    Namespace,
    Nodes,
    Output,
    Ports,
    ProbeFormat,
    ProbePorts,
    Report,
    Svg,
    Timeout,
)
from eksaddon.cli.option_groups import bundled
from eksaddon.cli.options import Yes

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
SCALING = "Scaling instead of a restart, in a test cluster"
ScaleTo = Annotated[
    int | None,
    typer.Option(
        "--scale-to",
        envvar="EKSDNS_SCALE_TO",
        min=0,
        max=1000,
        help="Scale CoreDNS to this number of replicas and back; needs --test-cluster.",
        rich_help_panel=SCALING,
    ),
]
TestCluster = Annotated[
    bool,
    typer.Option(
        "--test-cluster",
        envvar="EKSDNS_TEST_CLUSTER",
        help="The cluster is a test cluster, in which DNS may fail.",
        rich_help_panel=SCALING,
    ),
]
ConfirmName = Annotated[
    str,
    typer.Option(
        "--confirm-name",
        envvar="EKSDNS_CONFIRM_NAME",
        help="Name of the cluster, in place of typing it; --yes does not confirm a scaling.",
        rich_help_panel=SCALING,
    ),
]
Restore = Annotated[
    bool,
    typer.Option(
        "--restore",
        envvar="EKSDNS_RESTORE",
        help="Only restore replicas that an interrupted --scale-to has left.",
        rich_help_panel=SCALING,
    ),
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
    scale_to: ScaleTo = None,
    test_cluster: TestCluster = False,
    confirm_name: ConfirmName = "",
    restore: Restore = False,
    svg: Svg = None,
    yes: Yes = False,
    report: Report = None,
    output: Output = ProbeFormat.TABLE,
) -> int:
    """Restart CoreDNS in one cluster and measure, inside the cluster, whether lookups are lost."""
    from eksaddon.cli.probing.proving import Approval, proving, restoring
    from eksaddon.cli.probing.reports import outputs
    from eksaddon.domain.probing.gate import ProbeFrom, ProbeGate
    from eksaddon.domain.probing.lookup import PortMode

    if restore:
        return restoring(targets)
    gate = ProbeGate(
        ProbeFrom.CLUSTER,
        ports=PortMode(ports.value),
        rate=rate,
        timeout=timeout,
        image=image,
        nodes=nodes,
        namespace=namespace,
    )
    approval = Approval(yes, test_cluster, confirm_name)
    return proving(targets, gate, outputs(output, report or (), svg), approval, scale_to=scale_to)
