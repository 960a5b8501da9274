"""eksdns github shards"""

from typing import Annotated

import typer

from eksaddon.app.fleet.request import TargetRequest
from eksaddon.cli import messages
from eksaddon.cli.option_groups import bundled

Shards = Annotated[
    int, typer.Option("--shards", envvar="EKSDNS_SHARDS", min=1, help="Maximum number of jobs.")
]


@bundled
def shards(targets: TargetRequest, shards: Shards = 1) -> int:
    """Write the result of `eksdns matrix` to the step outputs `matrix` and `parts`."""
    from eksaddon.app.github.report import publish_shards
    from eksaddon.app.github.wiring import open_runner
    from eksaddon.cli.commands.matrix import dealt

    parts = publish_shards(open_runner(), dealt(targets, shards))
    messages.line(f"{parts} part(s)")
    return 0
