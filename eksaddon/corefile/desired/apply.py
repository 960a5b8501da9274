"""Applies everything that is desired of a Corefile, and verifies that all of it holds at the same time."""

from collections.abc import Sequence
from dataclasses import replace

from eksaddon.corefile.desired.address import Address, read_address, request_of
from eksaddon.corefile.desired.servers import set_servers
from eksaddon.corefile.editing.edit import edit
from eksaddon.corefile.editing.edits import Reason, Refused, RefusedError
from eksaddon.corefile.meaning.marks import owned_blocks
from eksaddon.corefile.meaning.serving import matching_blocks
from eksaddon.corefile.syntax.parser import parse
from eksaddon.corefile.syntax.surroundings import STOCK, Surroundings
from eksaddon.domain.corefile.desired import CorefileSetting, DesiredCorefile
from eksaddon.frozen import dataclass

SETTINGS, SERVERS = "corefile.settings", "corefile.servers"


@dataclass(frozen=True, slots=True)
class NotApplied:
    """A desired value that cannot be set.

    Attributes:
        path: The setting, or `corefile.servers`.
    """

    path: str
    refused: Refused


def apply_desired(
    text: str, desired: DesiredCorefile, surroundings: Surroundings = STOCK
) -> str | NotApplied:
    """Apply servers and settings to a text; it is returned unchanged if it has them.

    The result does not depend on the order of the settings, and applying them again changes nothing.
    """
    if desired.servers is not None:
        try:
            text = set_servers(text, desired.servers, desired.left_alone, surroundings)
        except RefusedError as error:
            return NotApplied(SERVERS, error.refused)
    result = _all_set(text, desired.settings, surroundings)
    if isinstance(result, NotApplied):
        return result
    for setting in desired.settings:
        again = _set(result, setting, surroundings)
        if isinstance(again, NotApplied) or again != result:
            return _contradiction(text, setting, desired.settings, surroundings)
    return result


def _all_set(text: str, settings: Sequence[CorefileSetting], surroundings: Surroundings) -> str | NotApplied:
    for setting in sorted(settings, key=lambda one: one.path):
        found = _set(text, setting, surroundings)
        if isinstance(found, NotApplied):
            return found
        text = found
    return text


def _set(text: str, setting: CorefileSetting, surroundings: Surroundings) -> str | NotApplied:
    address = read_address(setting.path)
    owner = _owner(text, address, surroundings)
    if owner:
        message = f"the server block belongs to the server {owner}"
        hint = f"set it in {SERVERS}.{owner}.settings, as {str(replace(address, block=None))!r}"
        return NotApplied(_path(setting), Refused(Reason.NOT_OWNED, message, hint))
    answer = edit(text, request_of(setting), block=address.block, surroundings=surroundings)
    return NotApplied(_path(setting), answer) if isinstance(answer, Refused) else answer.text


def _owner(text: str, address: Address, surroundings: Surroundings) -> str:
    """Name of the owned block that an address selects; empty if it selects another one."""
    if address.block is None:
        return ""
    corefile = parse(text, surroundings)
    chosen = matching_blocks(corefile, address.block)
    return next(
        (one.name for one in owned_blocks(corefile) if any(one.block is block for block in chosen)), ""
    )


def _contradiction(
    text: str, setting: CorefileSetting, settings: Sequence[CorefileSetting], surroundings: Surroundings
) -> NotApplied:
    other = next(
        (
            one.path
            for one in settings
            if one.path != setting.path and not _agree(text, setting, one, surroundings)
        ),
        "another setting",
    )
    message = f"{setting.path} and {other} set the same words of this Corefile to different values"
    hint = "keep one of them; an override can set a path to null to stop managing it"
    return NotApplied(_path(setting), Refused(Reason.CONTRADICTORY, message, hint))


def _agree(text: str, one: CorefileSetting, other: CorefileSetting, surroundings: Surroundings) -> bool:
    both = _all_set(text, (one, other), surroundings)
    return not isinstance(both, NotApplied) and all(
        _set(both, each, surroundings) == both for each in (one, other)
    )


def _path(setting: CorefileSetting) -> str:
    return f"{SETTINGS}.{setting.path}"
