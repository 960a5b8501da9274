"""Parses and formats Go durations, as used by `lameduck` and other properties.

Source: time.ParseDuration and time.Duration.String of Go 1.26; all values are whole nanoseconds.
"""

from eksaddon.frozen import dataclass
from eksaddon.regex import regex

_UNITS = {
    "ns": 1,
    "us": 1_000,
    "µs": 1_000,
    "μs": 1_000,
    "ms": 1_000_000,
    "s": 1_000_000_000,
    "m": 60_000_000_000,
    "h": 3_600_000_000_000,
}
_TOP = 1 << 63
_INVALID = "invalid duration"
_WRAP = (1 << 64) - 1
_TERM = regex(r"([0-9]*)(?:(\.)([0-9]*))?([^.0-9]*)")
_SIMPLE = regex(r"([0-9]{1,6})(ms|s|m|h)")
_LONE_SURROGATE = regex("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class NotADuration:
    """An invalid duration.

    Attributes:
        reason: Go's message without the quoted text, such as `missing unit in duration`.
    """

    text: str
    reason: str

    @property
    def message(self) -> str:
        """Go's full error message."""
        return f"time: {self.reason} {quoted_bytes(self.text)}"


class _UnreadableError(Exception):
    """Internal exception with the reason."""


def parse_duration(text: str) -> int | NotADuration:
    """Parse a duration like Go, including its overflow rules; returns nanoseconds."""
    if simple := _SIMPLE.fullmatch(text):
        return int(simple[1]) * _UNITS[simple[2]]
    unsigned = text[1:] if text.startswith(("-", "+")) else text
    try:
        size = _size(unsigned)
        if text.startswith("-"):
            return -size
        return _at_most(size, _TOP - 1)
    except _UnreadableError as error:
        return NotADuration(text, str(error))


def _size(unsigned: str) -> int:
    if unsigned == "0":
        return 0
    if not unsigned:
        raise _UnreadableError(_INVALID)
    total = 0
    for term in _TERM.finditer(unsigned):
        if term[0]:
            total = _at_most((total + _term(*term.groups(default=""))) & _WRAP, _TOP)
    return total


def _term(whole: str, dot: str, fraction: str, unit: str) -> int:
    """Nanoseconds of a term such as `1.5h`; checks are in Go's order."""
    number = _whole_number(whole)
    if not whole and not (dot and fraction):
        raise _UnreadableError(_INVALID)
    if not unit:
        raise _UnreadableError("missing unit in duration")
    scale = _UNITS.get(unit)
    if scale is None:
        raise _UnreadableError(f"unknown unit {quoted_bytes(unit)} in duration")
    numerator, denominator = _fraction(fraction)
    return _at_most(_at_most(number, _TOP // scale) * scale + int(numerator * (scale / denominator)), _TOP)


def _at_most(number: int, top: int) -> int:
    if number > top:
        raise _UnreadableError(_INVALID)
    return number


def _whole_number(digits: str) -> int:
    significant = digits.lstrip("0")
    if len(significant) > len(str(_TOP)):  # too long for 64 bits, and perhaps for Python's int()
        raise _UnreadableError(_INVALID)
    return _at_most(int(significant or "0"), _TOP)


def _fraction(digits: str) -> tuple[int, float]:
    """Numerator and denominator; digits that would overflow are dropped, as in Go."""
    numerator, denominator = 0, 1.0
    for digit in digits:
        if numerator > (_TOP - 1) // 10:
            break
        longer = numerator * 10 + ord(digit) - ord("0")
        if longer > _TOP:
            break
        numerator, denominator = longer, denominator * 10
    return numerator, denominator


def quoted_bytes(text: str) -> str:
    """Quote like Go's package time: bytes outside printable ASCII as hex escapes."""
    pieces = []
    for letter in _LONE_SURROGATE.sub("\ufffd", text):
        if letter < " " or letter > "\x7f":
            pieces += [f"\\x{byte:02x}" for byte in letter.encode()]
        else:
            pieces.append(f"\\{letter}" if letter in '"\\' else letter)
    return f'"{"".join(pieces)}"'


def format_duration(nanoseconds: int) -> str:
    """Format like Go's Duration.String: `1m0s`, `1.5s`, `250ms`, `0s`."""
    sign = "-" if nanoseconds < 0 else ""
    size = abs(nanoseconds)
    if size < _UNITS["s"]:
        return sign + _below_a_second(size)
    minutes, rest = divmod(size, _UNITS["m"])
    hours, minutes = divmod(minutes, 60)
    seconds = _decimal(rest, _UNITS["s"]) + "s"
    if hours:
        return f"{sign}{hours}h{minutes}m{seconds}"
    return f"{sign}{minutes}m{seconds}" if minutes else sign + seconds


def short_duration(nanoseconds: int) -> str:
    """The shortest text of a duration: `1m` instead of Go's `1m0s`."""
    text = format_duration(nanoseconds)
    if text.endswith("m0s"):
        text = text[:-2]
    return text[:-2] if text.endswith("h0m") else text.replace("h0m", "h")


def _below_a_second(size: int) -> str:
    if size == 0:
        return "0s"
    for unit in ("ms", "µs"):
        if size >= _UNITS[unit]:
            return _decimal(size, _UNITS[unit]) + unit
    return f"{size}ns"


def _decimal(size: int, unit: int) -> str:
    """Format the exact number of units, without trailing zeros."""
    whole, part = divmod(size, unit)
    digits = len(str(unit)) - 1
    return f"{whole}.{part:0{digits}d}".rstrip("0").rstrip(".") if part else str(whole)
