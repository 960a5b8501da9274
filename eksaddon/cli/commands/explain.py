"""eksdns explain"""

import json
import sys
from typing import Annotated

import typer

from eksaddon.app.fleet.request import TargetRequest
from eksaddon.cli.option_groups import Only, bundled

Cluster = Annotated[str, typer.Argument(help="Name, ARN, or account/region/name.")]


@bundled
def explain(cluster: Cluster, targets: Annotated[TargetRequest, Only("config", "labels")]) -> int:
    """Show every desired field of a cluster, and the line of the fleet file that set it."""
    from eksaddon.app.fleet.explain import explain_cluster
    from eksaddon.domain.printable import on_one_line

    found = explain_cluster(cluster, targets.config, targets.selection().labels)
    for field in found.fields:
        value = json.dumps(field.winner.value, ensure_ascii=False)
        origin = field.winner.origin
        sys.stdout.write(f"{on_one_line(f'{field.path} = {value}')}  {origin.location} ({origin.layer})\n")
        for beaten in field.beaten:
            lost = json.dumps(beaten.value, ensure_ascii=False)
            sys.stdout.write(
                f"    over {on_one_line(lost)}  {beaten.origin.location} ({beaten.origin.layer})\n"
            )
        if field.waiver is not None:
            waiver = field.waiver
            words = f"left as it is until {waiver.until}: {waiver.reason} ({waiver.owner})"
            sys.stdout.write(f"    {on_one_line(words)}\n")
    for override in found.overrides:
        word = "matches" if override.matches else "does not match"
        sys.stderr.write(f"{override.origin.layer} at {override.origin.location} {word}\n")
    return 0
