"""Options of commands that execute runs."""

from typing import Annotated

import typer

from eksaddon.cli.options import OUTPUT, RUNNING, shared
from eksaddon.frozen import dataclass

State = Annotated[
    str,
    shared(
        "--state",
        says="Where runs are recorded: a folder or s3://bucket/prefix. Default: ~/.local/state/eksdns.",
        panel=RUNNING,
    ),
]
RunId = Annotated[str, typer.Argument(help="Run ID, as listed by `eksdns history`.")]


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How a run is executed."""

    max_concurrency: Annotated[
        int,
        shared(
            "--max-concurrency",
            says="Maximum number of clusters updated in parallel.",
            panel=RUNNING,
            min=1,
        ),
    ] = 10
    until_wave: Annotated[
        str, shared("--until-wave", says="Pause the run after this wave.", panel=RUNNING)
    ] = ""
    max_wait: Annotated[
        str | None,
        shared(
            "--max-wait",
            says="Pause the run if a soak takes longer than this (example: 5m).",
            panel=RUNNING,
        ),
    ] = None
    busy_timeout: Annotated[
        str | None,
        shared(
            "--busy-timeout",
            says="How long to wait for other updates to finish (example: 30m).",
            panel=RUNNING,
        ),
    ] = None
    update_timeout: Annotated[
        str | None,
        shared(
            "--update-timeout", says="How long to wait for an update to finish (example: 40m).", panel=RUNNING
        ),
    ] = None
    settle_timeout: Annotated[
        str | None,
        shared(
            "--settle-timeout", says="How long to wait for a healthy add-on (example: 5m).", panel=RUNNING
        ),
    ] = None
    consistency_timeout: Annotated[
        str | None,
        shared(
            "--consistency-timeout",
            says="How long to wait until EKS returns a change (example: 1m).",
            panel=RUNNING,
        ),
    ] = None
    read_timeout: Annotated[
        str | None,
        shared("--read-timeout", says="How long to retry a failing read (example: 2m).", panel=RUNNING),
    ] = None
    state: State = ""
    dns_server: Annotated[
        list[str] | None,
        shared(
            "--dns-server",
            says="DNS server queried by probe gates; repeatable.",
            panel=RUNNING,
            metavar="[CLUSTER=]ADDRESS[:PORT]",
        ),
    ] = None
    dns_name: Annotated[
        str,
        shared(
            "--dns-name",
            says="Name queried by probe gates. Default: the name in the gate, or the API server's.",
            panel=RUNNING,
        ),
    ] = ""
    events: Annotated[
        str | None,
        shared("--events", says="Append every event to this file, as JSON Lines.", panel=OUTPUT),
    ] = None
