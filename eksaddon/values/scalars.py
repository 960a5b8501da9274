"""YAML's plain scalars: what they mean, and where parsers disagree.

YAML 1.2's core schema is what counts here (https://yaml.org/spec/1.2.2/#1032-tag-resolution). Which parser
EKS uses is published nowhere, so what YAML 1.1 reads otherwise is doubtful.
"""

import math
import re

from eksaddon.domain.json import Json
from eksaddon.values.nodes import UnreadableError

LONGEST_NUMBER = 64
"""Characters; reading a decimal takes time by the square of its length."""

_NULL = re.compile(r"~|null|Null|NULL|")
_TRUE = re.compile(r"true|True|TRUE")
_FALSE = re.compile(r"false|False|FALSE")
_DECIMAL = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEX = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_ENDLESS = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")

_DOUBTFUL = re.compile(
    r"""
    [yYnN] | yes | Yes | YES | no | No | NO | on | On | ON | off | Off | OFF   # true and false in YAML 1.1
    | [-+]? 0 [0-9_]+                                                          # octal there
    | 0o [0-7]+ | [-+]? 0b [01_]+ | [-+] 0x [0-9a-fA-F_]+                      # known to one of the two only
    | (?= .*_ ) [-+]? (0x)? [0-9a-fA-F_]+ ( \. [0-9_]* )?                      # underscores between digits
    | [-+]? [0-9]+ ( : [0-5]? [0-9] )+ ( \. [0-9_]* )?                         # sixties: 1:30 is 90
    | [-+]? ( [0-9]+ [eE] [-+]? | [0-9]* \. [0-9]* [eE] ) [0-9]+               # no dot, or no sign
    | [0-9]{4} - [0-9]{1,2} - [0-9]{1,2} ( [Tt\ ] .* )?                        # a date
    """,
    re.VERBOSE,
)

_SAFE = re.compile(r"[A-Za-z/][A-Za-z0-9_./-]*")
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})


def plain_value(text: str) -> Json:
    """What a scalar without quotes means.

    Raises:
        UnreadableError: A number that JSON cannot hold.
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
    """A float; a whole one is the integer it equals, so that 3.0 and 3 are one value."""
    _limit(text)
    found = float(text)
    if not math.isfinite(found):
        raise UnreadableError(f"{text} is too large for JSON parsers")
    return int(found) if found.is_integer() else found


def _limit(text: str) -> None:
    if len(text) > LONGEST_NUMBER:
        raise UnreadableError(f"a number has {len(text)} digits, more than {LONGEST_NUMBER}")


def is_doubtful(text: str) -> bool:
    """Whether YAML 1.1 would read a plain scalar otherwise than YAML 1.2 does."""
    return _DOUBTFUL.fullmatch(text) is not None


def is_safe_plain(text: str) -> bool:
    """Whether every YAML parser takes this for a text even without quotes, as value or as key."""
    return _SAFE.fullmatch(text) is not None and text.lower() not in _WORDS
