"""eksdns github validate"""

from pathlib import Path
from typing import Annotated

import typer

from eksaddon.app.fleet.request import DesiredRequest, TargetRequest
from eksaddon.cli import messages
from eksaddon.cli.option_groups import Only, bundled

File = Annotated[Path | None, typer.Argument(help="Fleet file. Default: same as --config.")]
AddonVersion = Annotated[
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
    addon_version: AddonVersion = None,
) -> int:
    """Run `eksdns validate` with annotations on the lines of the file; makes no API call."""
    from eksaddon.app.github.validate import validated

    code, text = validated(file or targets.config, addon_version, strict=desired.strict)
    messages.rendered(text)
    return int(code)
