"""eksdns validate"""

from pathlib import Path
from typing import Annotated

import typer

from eksaddon.app.fleet.request import DesiredRequest, TargetRequest
from eksaddon.cli import messages
from eksaddon.cli.option_groups import Only, bundled

File = Annotated[Path | None, typer.Argument(help="Fleet file. Default: same as --config.")]
AddonVersionOption = Annotated[
    str | None,
    typer.Option(
        "--addon-version",
        envvar="EKSDNS_ADDON_VERSION",
        help="Also check values against the schema of this add-on version.",
    ),
]


@bundled
def validate(
    targets: Annotated[TargetRequest, Only("config")],
    desired: Annotated[DesiredRequest, Only("strict")],
    file: File = None,
    addon_version: AddonVersionOption = None,
) -> int:
    """Check a fleet file offline; with --addon-version, also check its values."""
    from eksaddon.app.exit_table import Result, Tally, decide
    from eksaddon.app.fleet.validate import validate as check
    from eksaddon.domain.diagnostic import Severity

    found = check(file or targets.config, addon_version, strict=desired.strict)
    for layer, diagnostic in found.diagnostics:
        location_text = f"{diagnostic.location}: " if diagnostic.location else ""
        text = f"{layer}: {location_text}{diagnostic.summary} [{diagnostic.rule}]"
        messages.problem(diagnostic.severity.value, text, diagnostic.detail)
    errors = sum(1 for _, diagnostic in found.diagnostics if diagnostic.severity is Severity.ERROR)
    messages.line(f"{found.source}: {'not valid' if errors else 'valid'}")
    return int(decide(Result.LINT, Tally(lost=errors)))
