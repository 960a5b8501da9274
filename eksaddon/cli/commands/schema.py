"""eksdns schema"""

import json
from typing import Annotated

import typer

from eksaddon.cli import messages

Version = Annotated[
    str | None,
    typer.Argument(help="Add-on version (example: v1.11.4-eksbuild.28). Default: the newest known."),
]
OfConfig = Annotated[bool, typer.Option("--config", help="Print the schema of the fleet file.")]
OfDocument = Annotated[
    str | None,
    typer.Option("--output-kind", help="The kind of a JSON document, such as plan, run, drift or status."),
]


def schema(version: Version = None, config: OfConfig = False, output_kind: OfDocument = None) -> int:
    """Print the JSON Schema of an add-on version, the fleet file or an output document."""
    from eksaddon.app.schemas import addon_schema, document_schema

    if config:
        from eksaddon.config.json_schema import config_schema

        found: object = config_schema()
    else:
        found = document_schema(output_kind) if output_kind else addon_schema(version)
    messages.rendered(json.dumps(found, indent=2) + "\n")
    return 0
