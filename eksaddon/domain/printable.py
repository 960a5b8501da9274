"""Text of others on its way to a person: names, Corefiles and messages that nobody here wrote."""

import re

_ACTS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)


def printable(text: str) -> str:
    """Control, direction and invisible characters and stray surrogates, spelt out so that they cannot act.

    Line feeds and tabs stay.
    """
    return _ACTS.sub(lambda found: ascii(found[0])[1:-1], text)


def on_one_line(text: str) -> str:
    """As `printable`, with line feeds and tabs spelt out too."""
    return printable(text).replace("\n", "\\n").replace("\t", "\\t")
