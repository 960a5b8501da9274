"""Text of others on its way to a terminal."""

import re

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def plain(text: str) -> str:
    """Control, direction and stray surrogate characters made visible, so that they cannot act."""
    return _CONTROL.sub(lambda match: ascii(match[0])[1:-1], text)
