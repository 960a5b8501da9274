"""Converts YAML scalars to JSON values."""

import math

from eksaddon.domain.json import Json
from eksaddon.frozen import dataclass
from eksaddon.regex import regex

_INTEGER = regex(r"[-+]?[0-9]{1,18}|0o[0-7]{1,20}|0x[0-9a-fA-F]{1,15}")
_TOO_LONG = regex(r"[-+]?[0-9]{19,}")
_OCTAL = regex(r"[-+]?0[0-7]+")
_ACCOUNT_DIGITS = 12
_TRUE = frozenset({"true", "yes", "on"})
_FALSE = frozenset({"false", "no", "off"})
_CORE = "tag:yaml.org,2002:"


@dataclass(frozen=True, slots=True)
class NotPlain:
    """A scalar that JSON cannot represent."""

    summary: str
    detail: str = ""


def plain_scalar(tag: str, text: str) -> Json | NotPlain:
    """Read a scalar by its resolved tag; dates remain text, as in JSON."""
    match tag.removeprefix(_CORE):
        case "str" | "timestamp" | "value":
            return text
        case "null":
            return None
        case "bool" if text.lower() in _TRUE | _FALSE:
            return text.lower() in _TRUE
        case "int":
            return _integer(text)
        case "float":
            return _float(text)
        case other:
            return NotPlain(f"`{text}` with tag {other} is not supported", "remove the tag")


def _integer(text: str) -> int | NotPlain:
    if _TOO_LONG.fullmatch(text):
        return NotPlain(f"{text[:40]} is too large", "use at most 18 digits, or quote it if it is text")
    if not _INTEGER.fullmatch(text):
        return NotPlain(f"{text[:40]} is not a decimal number", "quote it if it is text")
    if _OCTAL.fullmatch(text) and len(text) != _ACCOUNT_DIGITS:
        octal = int(text, 8)
        summary = f"{text} is {int(text)} in YAML 1.2, and {octal} in YAML 1.1"
        return NotPlain(summary, "remove the leading zero, or quote it if it is text")
    return int(text, 0 if text.startswith(("0o", "0x")) else 10)


def _float(text: str) -> float | NotPlain:
    try:
        number = float(text)
    except ValueError:
        return NotPlain(f"{text[:40]} is not a number", "quote it if it is text")
    return number if math.isfinite(number) else NotPlain(f"{text} cannot be represented in JSON")
