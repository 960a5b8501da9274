"""Options of commands that carry runs on."""

from dataclasses import dataclass
from typing import Annotated

import typer

from eksaddon.cli.options import OUTPUT, RUNNING, shared

State = Annotated[
    str,
    shared(
        "--state",
        says="Where runs are recorded: a folder or s3://bucket/prefix. Default: ~/.local/state/eksdns.",
        panel=RUNNING,
    ),
]
RunId = Annotated[str, typer.Argument(help="Id of the run, as `eksdns history` lists it.")]


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How a run is carried on."""

    max_concurrency: Annotated[
        int, shared("--max-concurrency", says="Clusters updated at once.", panel=RUNNING, min=1)
    ] = 10
    until_wave: Annotated[
        str, shared("--until-wave", says="Pause once this wave has ended.", panel=RUNNING)
    ] = ""
    max_wait: Annotated[
        str | None,
        shared(
            "--max-wait", says="Pause rather than wait longer than this for a soak, as 5m.", panel=RUNNING
        ),
    ] = None
    busy_timeout: Annotated[
        str | None, shared("--busy-timeout", says="Wait for other updates to end, as 30m.", panel=RUNNING)
    ] = None
    update_timeout: Annotated[
        str | None, shared("--update-timeout", says="Wait for an update to end, as 40m.", panel=RUNNING)
    ] = None
    settle_timeout: Annotated[
        str | None, shared("--settle-timeout", says="Wait for a healthy add-on, as 5m.", panel=RUNNING)
    ] = None
    consistency_timeout: Annotated[
        str | None,
        shared("--consistency-timeout", says="Wait for EKS to show a change, as 1m.", panel=RUNNING),
    ] = None
    read_timeout: Annotated[
        str | None, shared("--read-timeout", says="Wait for a failing read to work, as 2m.", panel=RUNNING)
    ] = None
    state: State = ""
    dns_server: Annotated[
        list[str] | None,
        shared(
            "--dns-server",
            says="Asked by the check dns-probe; repeatable.",
            panel=RUNNING,
            metavar="[CLUSTER=]ADDRESS[:PORT]",
        ),
    ] = None
    dns_name: Annotated[
        str,
        shared(
            "--dns-name",
            says="What dns-probe asks for. Default: the API server's own name.",
            panel=RUNNING,
        ),
    ] = ""
    events: Annotated[
        str | None,
        shared("--events", says="Write every event to this file as JSON Lines.", panel=OUTPUT),
    ] = None
