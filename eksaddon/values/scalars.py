"""Resolves YAML's plain scalars, and detects those that parsers read differently.

Scalars resolve by YAML 1.2's core schema (https://yaml.org/spec/1.2.2/#1032-tag-resolution). Which parser
EKS uses is not documented, so scalars that YAML 1.1 reads differently are ambiguous.
"""

import math
import re

from eksaddon.domain.json import Json
from eksaddon.regex import regex
from eksaddon.values.nodes import UnreadableError

LONGEST_NUMBER = 64
"""Characters; the time to parse a decimal grows with the square of its length."""

_NULL = regex(r"~|null|Null|NULL|")
_TRUE = regex(r"true|True|TRUE")
_FALSE = regex(r"false|False|FALSE")
_DECIMAL = regex(r"[-+]?[0-9]+")
_OCTAL = regex(r"0o[0-7]+")
_HEX = regex(r"0x[0-9a-fA-F]+")
_FLOAT = regex(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_ENDLESS = regex(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")

_DOUBTFUL = regex(
    r"""
    [yYnN] | yes | Yes | YES | no | No | NO | on | On | ON | off | Off | OFF   # true and false in YAML 1.1
    | [-+]? 0 [0-9_]+                                                          # octal in YAML 1.1
    | 0o [0-7]+ | [-+]? 0b [01_]+ | [-+] 0x [0-9a-fA-F_]+                      # in one version only
    | (?= .*_ ) [-+]? (0x)? [0-9a-fA-F_]+ ( \. [0-9_]* )?                      # underscores between digits
    | [-+]? [0-9]+ ( : [0-5]? [0-9] )+ ( \. [0-9_]* )?                         # base 60: 1:30 is 90
    | [-+]? ( [0-9]+ [eE] [-+]? | [0-9]* \. [0-9]* [eE] ) [0-9]+               # no dot, or no sign
    | [0-9]{4} - [0-9]{1,2} - [0-9]{1,2} ( [Tt\ ] .* )?                        # a date
    """,
    re.VERBOSE,
)

_SAFE = regex(r"[A-Za-z/][A-Za-z0-9_./-]*")
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})


def plain_value(text: str) -> Json:
    """The value of an unquoted scalar.

    Raises:
        UnreadableError: A number that JSON cannot represent.
    """
    if _NULL.fullmatch(text):
        return None
    if _TRUE.fullmatch(text):
        return True
    if _FALSE.fullmatch(text):
        return False
    if _ENDLESS.fullmatch(text):
        raise UnreadableError(f"{text} cannot be represented in JSON; quote it if it is text")
    return _number(text)


def _number(text: str) -> Json:
    if _DECIMAL.fullmatch(text):
        return integer(text)
    if _OCTAL.fullmatch(text) or _HEX.fullmatch(text):
        return integer(text, 0)
    return number(text) if _FLOAT.fullmatch(text) else text


def integer(text: str, base: int = 10) -> int:
    _limit(text)
    return int(text, base)


def number(text: str) -> int | float:
    """Parse a float; an integral one becomes an int, so that 3.0 and 3 are equal."""
    _limit(text)
    found = float(text)
    if not math.isfinite(found):
        raise UnreadableError(f"{text} is too large for JSON parsers")
    return int(found) if found.is_integer() else found


def _limit(text: str) -> None:
    if len(text) > LONGEST_NUMBER:
        raise UnreadableError(f"a number has {len(text)} digits, more than {LONGEST_NUMBER}")


def is_doubtful(text: str) -> bool:
    """Whether YAML 1.1 reads a plain scalar differently from YAML 1.2."""
    return _DOUBTFUL.fullmatch(text) is not None


def is_safe_plain(text: str) -> bool:
    """Whether every YAML parser reads the unquoted text as a string, as value or as key."""
    return _SAFE.fullmatch(text) is not None and text.lower() not in _WORDS
