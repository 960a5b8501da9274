"""Options of commands that carry runs on."""

from dataclasses import dataclass
from typing import Annotated

import typer

from eksaddon.cli.options import OUTPUT, RUNNING

MaxConcurrency = Annotated[
    int,
    typer.Option(
        "--max-concurrency",
        envvar="EKSDNS_MAX_CONCURRENCY",
        min=1,
        help="Clusters updated at once.",
        rich_help_panel=RUNNING,
    ),
]
UntilWave = Annotated[
    str,
    typer.Option(
        "--until-wave",
        envvar="EKSDNS_UNTIL_WAVE",
        help="Pause once this wave has ended.",
        rich_help_panel=RUNNING,
    ),
]
MaxWait = Annotated[
    str | None,
    typer.Option(
        "--max-wait",
        envvar="EKSDNS_MAX_WAIT",
        help="Pause rather than wait longer than this for a soak, as 5m.",
        rich_help_panel=RUNNING,
    ),
]
State = Annotated[
    str,
    typer.Option(
        "--state",
        envvar="EKSDNS_STATE",
        help="Where runs are recorded: a folder or s3://bucket/prefix. Default: ~/.local/state/eksdns.",
        rich_help_panel=RUNNING,
    ),
]
Events = Annotated[
    str | None,
    typer.Option(
        "--events",
        envvar="EKSDNS_EVENTS",
        help="Write every event to this file as JSON Lines.",
        rich_help_panel=OUTPUT,
    ),
]
DnsServers = Annotated[
    list[str] | None,
    typer.Option(
        "--dns-server",
        envvar="EKSDNS_DNS_SERVER",
        metavar="[CLUSTER=]ADDRESS[:PORT]",
        help="Asked by the check dns-probe; repeatable.",
        rich_help_panel=RUNNING,
    ),
]
DnsName = Annotated[
    str,
    typer.Option(
        "--dns-name",
        envvar="EKSDNS_DNS_NAME",
        help="What dns-probe asks for. Default: the API server's own name.",
        rich_help_panel=RUNNING,
    ),
]
RunId = Annotated[str, typer.Argument(help="Id of the run, as `eksdns history` lists it.")]


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How a run is carried on."""

    max_concurrency: MaxConcurrency = 10
    until_wave: UntilWave = ""
    max_wait: MaxWait = None
    state: State = ""
    dns_server: DnsServers = None
    dns_name: DnsName = ""
    events: Events = None
