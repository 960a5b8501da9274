"""eksdns explain"""

import json
from typing import Annotated

import typer

from eksaddon.app.fleet.request import TargetRequest
from eksaddon.cli import messages
from eksaddon.cli.option_groups import Only, bundled

Cluster = Annotated[str, typer.Argument(help="Name, ARN, or account/region/name.")]


@bundled
def explain(
    cluster: Cluster,
    targets: Annotated[
        TargetRequest,
        Only("config", "accounts", "regions", "labels", "profiles", "accounts_file", "role", "threads"),
    ],
) -> int:
    """Show every desired field of a cluster and the line of the fleet file that sets it.

    Account, region and labels are those of the fleet file's cluster, or else of the cluster in AWS.
    """
    from eksaddon.app.fleet.explain import explain_cluster
    from eksaddon.app.fleet.fleet import closing
    from eksaddon.app.wiring import open_session

    found = explain_cluster(
        cluster, targets, lambda book: closing(open_session(book, threads=targets.threads))
    )
    account = found.target.ref.account
    labels = ", ".join(f"{key}={value}" for key, value in found.target.labels)
    labels_text = f", labels: {labels}" if labels else ""
    messages.message(f"cluster {found.target.label} in account {account}{labels_text}")
    for field in found.fields:
        value = json.dumps(field.winner.value, ensure_ascii=False)
        origin = field.winner.origin
        messages.line(f"{field.path} = {value}  {origin.location} ({origin.layer})")
        for lower in field.overridden:
            overridden = json.dumps(lower.value, ensure_ascii=False)
            messages.line(f"    overrides {overridden}  {lower.origin.location} ({lower.origin.layer})")
        if field.waiver is not None:
            waiver = field.waiver
            text = f"waived until {waiver.until}: {waiver.reason} ({waiver.owner})"
            messages.line(f"    {text}")
    for override in found.overrides:
        word = "matches" if override.matches else "does not match"
        messages.message(f"{override.origin.layer} at {override.origin.location} {word}")
    return 0
