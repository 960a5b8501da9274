"""Server blocks that eksdns owns, known by the comment in the line above."""

import re
from bisect import bisect_left

from eksaddon.corefile.syntax.tree import Corefile, ServerBlock
from eksaddon.frozen import dataclass
from eksaddon.regex import regex

MARK = "# managed by eksdns: "
NAME = regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
"""Names of owned server blocks."""

_LINE = regex(rf"[ \t]*{re.escape(MARK)}({NAME.pattern})[ \t\r]*")


@dataclass(frozen=True, slots=True)
class OwnedBlock:
    """A server block below a marker.

    Attributes:
        start: Start of the marker's line.
    """

    name: str
    block: ServerBlock
    start: int


def owned_blocks(corefile: Corefile) -> tuple[OwnedBlock, ...]:
    """The marked server blocks in the order of the text, repeated names included."""
    found = (_owned(corefile, block) for block in corefile.blocks)
    return tuple(one for one in found if one is not None)


def is_owned(corefile: Corefile, block: ServerBlock) -> bool:
    return _owned(corefile, block) is not None


def _owned(corefile: Corefile, block: ServerBlock) -> OwnedBlock | None:
    key, text = block.key_tokens[0], corefile.text
    line = text.rfind("\n", 0, key.start) + 1
    if key.file or key.via is not None or not line or text[line : key.start].strip(" \t"):
        return None
    start = text.rfind("\n", 0, line - 1) + 1
    found = _LINE.fullmatch(text, start, line - 1)
    number = bisect_left(corefile.tokens, key.start, key=lambda token: token.start)
    is_comment = not number or corefile.tokens[number - 1].end <= start
    return OwnedBlock(found[1], block, start) if found is not None and is_comment else None
