"""eksdns recommend"""

import json
from enum import StrEnum
from typing import Annotated

import typer


class RecommendFormat(StrEnum):
    TABLE = "table"
    JSON = "json"
    YAML = "yaml"


Propagation = Annotated[
    str | None,
    typer.Option(
        "--propagation",
        envvar="EKSDNS_PROPAGATION",
        help="How long nodes query a deleted pod; `eksdns prove` measures it. Default: 10s.",
    ),
]
Nodes = Annotated[
    int,
    typer.Option(
        "--nodes",
        envvar="EKSDNS_NODES",
        min=0,
        max=15_984,  # 1,000 replicas, see domain/audit/recommendation.py
        help="Number of nodes; 0: unknown.",
    ),
]
Cores = Annotated[
    int,
    typer.Option(
        "--cores",
        envvar="EKSDNS_CORES",
        min=0,
        max=255_744,
        help="CPU cores of all nodes together; 0: unknown.",
    ),
]
Autoscaling = Annotated[
    bool,
    typer.Option(
        "--autoscaling",
        envvar="EKSDNS_AUTOSCALING",
        help="Recommend values for the add-on's autoScaling too.",
    ),
]
Output = Annotated[
    RecommendFormat,
    typer.Option(
        "--output", "-o", envvar="EKSDNS_OUTPUT", help="Output format; yaml: a block for the fleet file."
    ),
]


def recommend(
    propagation: Propagation = None,
    nodes: Nodes = 0,
    cores: Cores = 0,
    autoscaling: Autoscaling = False,
    output: Output = RecommendFormat.TABLE,
) -> int:
    """Recommend values for a cluster, show how each is calculated, and compare them with common settings."""
    from rich.console import Group  # deferred to keep --help fast
    from rich.table import Table
    from rich.text import Text

    from eksaddon.app.advice.recommend import compared_rows, document, fleet_block
    from eksaddon.app.timeline import propagation_ns
    from eksaddon.cli import messages
    from eksaddon.cli.terminal import terminal
    from eksaddon.domain.audit.recommendation import Size, values_for
    from eksaddon.report.formats.table import RenderOptions, drawn

    length, size = propagation_ns(propagation), Size(nodes, cores, autoscaling)
    if output is RecommendFormat.JSON:
        messages.rendered(json.dumps(document(length, size), indent=2) + "\n")
        return 0
    values = values_for(length, size)
    if output is RecommendFormat.YAML:
        messages.rendered(fleet_block(values))
        return 0
    at = terminal()
    chosen = Table("setting", "value", "why", box=None, padding=(0, 2, 0, 0), header_style="bold")
    for one in values:
        chosen.add_row(Text(one.path), Text(one.text), Text(one.why))
    heads = ("compared", "lameduck", "grace", "preStop", "answers", "cut", "verdict")
    usual = Table(*heads, box=None, padding=(0, 2, 0, 0), header_style="bold")
    for row in compared_rows(length):
        usual.add_row(*map(Text, row))
    messages.rendered(drawn(Group(chosen, "", usual), RenderOptions(at.width, at.colour)))
    return 0
