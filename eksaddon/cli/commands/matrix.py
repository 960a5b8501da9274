"""eksdns matrix"""

import json
from typing import Annotated

import typer

from eksaddon.app.fleet.request import TargetRequest
from eksaddon.cli import messages
from eksaddon.cli.option_groups import bundled
from eksaddon.domain.json import JsonObject

Shards = Annotated[
    int, typer.Option("--shards", envvar="EKSDNS_SHARDS", min=1, help="Maximum number of jobs.")
]


@bundled
def matrix(targets: TargetRequest, shards: Shards = 10) -> int:
    """Print a GitHub Actions matrix with one job for each shard, for use with --shard."""
    messages.rendered(json.dumps(dealt(targets, shards)) + "\n")
    return 0


def dealt(targets: TargetRequest, shards: int) -> JsonObject:
    """The GitHub Actions matrix as JSON."""
    from eksaddon.app.fleet.fleet import load_scope
    from eksaddon.app.fleet.matrix import matrix as deal
    from eksaddon.app.session import AccessBook
    from eksaddon.app.wiring import open_session

    fleet = load_scope(targets)
    session = open_session(AccessBook(), threads=targets.threads)
    try:
        return deal(fleet, session, shards)
    finally:
        session.close()
