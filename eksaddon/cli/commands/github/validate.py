"""eksdns github validate"""

from typing import Annotated

from eksaddon.app.fleet.request import DesiredRequest, TargetRequest
from eksaddon.cli import messages
from eksaddon.cli.commands.validate import AddonVersionOption, File
from eksaddon.cli.option_groups import Only, bundled


@bundled
def validate(
    targets: Annotated[TargetRequest, Only("config")],
    desired: Annotated[DesiredRequest, Only("strict")],
    file: File = None,
    addon_version: AddonVersionOption = None,
) -> int:
    """Run `eksdns validate` with annotations on the lines of the file; makes no API call."""
    from eksaddon.app.github.validate import validated

    code, text = validated(file or targets.config, addon_version, strict=desired.strict)
    messages.rendered(text)
    return int(code)
