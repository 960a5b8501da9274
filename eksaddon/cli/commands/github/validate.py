"""eksdns github validate"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from eksaddon.cli.options import Config, Strict

File = Annotated[Path | None, typer.Argument(help="Fleet file. Default: as --config.")]
AddonVersion = Annotated[
    str | None,
    typer.Option(
        "--addon-version", envvar="EKSDNS_ADDON_VERSION", help="Also check every layer against this version."
    ),
]


def validate(
    file: File = None, config: Config = None, addon_version: AddonVersion = None, strict: Strict = False
) -> int:
    """As `eksdns validate`, with annotations beside the lines of the file; asks neither AWS nor GitHub."""
    from eksaddon.app.github.validate import validated

    code, text = validated(file or config, addon_version, strict=strict)
    sys.stdout.write(text)
    return int(code)
