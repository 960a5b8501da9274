"""eksdns schema"""

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from eksaddon.app.fleet.request import TargetRequest
from eksaddon.cli import messages
from eksaddon.cli.option_groups import Only, bundled

if TYPE_CHECKING:
    from eksaddon.report.documents.schema_matrix import SchemaMatrixDocument


class MatrixFormat(StrEnum):
    TABLE = "table"
    JSON = "json"


Version = Annotated[
    str | None,
    typer.Argument(help="Add-on version (example: v1.11.4-eksbuild.28). Default: the newest known."),
]
OfConfig = Annotated[bool, typer.Option("--config", help="Print the schema of the fleet file.")]
OfDocument = Annotated[
    str | None,
    typer.Option(
        "--output-kind", help="Print the schema of this JSON document, such as plan, run, drift or status."
    ),
]
Matrix = Annotated[
    bool,
    typer.Option(
        "--matrix",
        help="Show which version supports which key, and since when. With --all or another selection: the "
        "versions that the clusters have and would move to.",
    ),
]
MatrixOutput = Annotated[
    MatrixFormat, typer.Option("--output", "-o", envvar="EKSDNS_OUTPUT", help="Format of --matrix.")
]
Clusters = Annotated[
    TargetRequest,
    Only(
        "clusters",
        "everything",
        "regions",
        "accounts",
        "not_accounts",
        "labels",
        "units",
        "profiles",
        "accounts_file",
        "role",
        "threads",
    ),
]
"""Without `--config`, which asks for the schema of the fleet file."""


@bundled
def schema(
    targets: Clusters,
    version: Version = None,
    config: OfConfig = False,
    output_kind: OfDocument = None,
    matrix: Matrix = False,
    output: MatrixOutput = MatrixFormat.TABLE,
) -> int:
    """Print the JSON Schema of an add-on version, the fleet file or an output document."""
    from eksaddon.app.schemas import addon_schema, document_schema

    if matrix:
        _print_matrix(targets, output)
        return 0
    if config:
        from eksaddon.config.json_schema import config_schema

        found: object = config_schema()
    else:
        found = document_schema(output_kind) if output_kind else addon_schema(version)
    messages.rendered(json.dumps(found, indent=2) + "\n")
    return 0


def _print_matrix(targets: TargetRequest, output: MatrixFormat) -> None:
    from eksaddon.app.fleet.schema_matrix import known_matrix
    from eksaddon.cli.columns import columns
    from eksaddon.domain.document import as_json
    from eksaddon.report.documents.schema_matrix import matrix_heads, matrix_rows

    document = _of_fleet(targets) if targets.is_chosen else known_matrix()
    if output is MatrixFormat.JSON:
        messages.rendered(json.dumps(as_json(document), indent=2) + "\n")
    else:
        messages.rendered(columns(matrix_heads(document), matrix_rows(document)))


def _of_fleet(targets: TargetRequest) -> "SchemaMatrixDocument":
    from eksaddon.app.fleet.fleet import load_scope
    from eksaddon.app.fleet.plan import doubts, observe
    from eksaddon.app.fleet.schema_matrix import fleet_matrix
    from eksaddon.app.session import AccessBook
    from eksaddon.app.wiring import open_session
    from eksaddon.cli.plan_session import tell

    targets.selection()
    fleet, book = load_scope(targets), AccessBook()
    session = open_session(book, threads=targets.threads)
    try:
        seen = observe(fleet, session, book)
        tell(doubts(fleet, seen))
        return fleet_matrix(fleet, session, seen)
    finally:
        session.close()
