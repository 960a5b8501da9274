"""Escapes untrusted text for output: names, Corefiles and messages of other systems."""

from eksaddon.regex import regex

_UNSAFE = regex(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f\xad"  # controls, soft hyphen
    "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0"  # invisible joiners and fillers
    "\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2"  # marks of Arabic and Syriac, direction
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f"  # zero width, line and paragraph separators, direction
    "\ufe00-\ufe0f\ufeff\ufff0-\ufffb"  # variation selectors, byte order mark, annotations
    "\ud800-\udfff"  # unpaired surrogates
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"  # tags, more variation selectors
    "]"
)
"""What Unicode calls control, format or surrogate, and what it calls default-ignorable.

U+2800 is included: it looks like a space but is not one. Source: Unicode 15, DerivedGeneralCategory.txt and
DerivedCoreProperties.txt.
"""


def printable(text: str) -> str:
    """Escape control, direction and invisible characters and unpaired surrogates.

    Line feeds and tabs are kept.
    """
    return _UNSAFE.sub(lambda found: ascii(found[0])[1:-1], text)


def on_one_line(text: str) -> str:
    """Escape as `printable` does, and line feeds and tabs too."""
    return printable(text).replace("\n", "\\n").replace("\t", "\\t")
