"""What one argument of a plugin may be, as Go's own parsing functions have it.

Each value answers `problem(text)`: a clause that says what is wrong, empty if nothing is.
"""

import ipaddress
import re
from functools import lru_cache
from typing import Protocol

from eksaddon.corefile.meaning.durations import NotADuration, parse_duration
from eksaddon.corefile.meaning.health import address_problem
from eksaddon.corefile.plugins.go_regexp import Refused, read_regexp
from eksaddon.corefile.plugins.label_selector import selector_problem
from eksaddon.corefile.syntax.zones import normal_zones
from eksaddon.frozen import dataclass
from eksaddon.regex import regex

SECOND = 1_000_000_000
"""In nanoseconds, the unit of durations."""

MAX_REGEXP = 10_000
"""Longer patterns are refused by plugins of CoreDNS 1.14.0 and later (maxRegexpLen); unread here."""

_INT64 = 1 << 63
_INTEGER = regex(r"[+-]?[0-9]+")
_DIGITS = regex(r"[0-9]+")
_FLOAT = regex(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_QUOTED = regex(r'"(?:[^"\\\n]|\\.)*"|`[^`]*`|\'(?:[^\'\\\n]|\\.)*\'')
_OPERATORS = "and|or|not|in|matches|contains|startsWith|endsWith|let|if|else|true|false|nil"
_TWO_NAMES = regex(
    rf"\b(?!(?:{_OPERATORS})\b)[A-Za-z_]\w*[ \t]+(?!(?:{_OPERATORS})\b)([A-Za-z_]\w*)\b", re.ASCII
)
_COMMENT = regex(r"\{\{(?:- )?/\*")
_INTERFACE = regex(r"[^\s/:]{1,15}")
_LONGEST_NUMBER = 400
"""Longer digit strings fit no type; also keeps int() away from Python's limit."""


class Value(Protocol):
    def problem(self, text: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Anything:
    """A word, a zone, a file: nothing that could be refused offline."""

    def problem(self, text: str) -> str:  # noqa: ARG002 - the protocol's name
        return ""


@dataclass(frozen=True, slots=True)
class OneOf:
    """Attributes: folded: Whether upper and lower case are the same."""

    words: tuple[str, ...]
    folded: bool = False

    def problem(self, text: str) -> str:
        word = text.lower() if self.folded else text
        if word in self.words:
            return ""
        return f"must be one of {', '.join(f'`{each}`' for each in self.words)}"


@dataclass(frozen=True, slots=True)
class Integer:
    """Go's strconv.Atoi and the range that follows it."""

    low: int = -_INT64
    high: int = _INT64 - 1
    zero: bool = True

    def problem(self, text: str) -> str:
        number = read_integer(text)
        if number is None:
            return "is not a whole number"
        if number == 0 and not self.zero:
            return "must not be 0"
        return _out_of_range(number, self.low, self.high)


@dataclass(frozen=True, slots=True)
class Unsigned:
    """Go's strconv.ParseUint with base 10: no sign."""

    high: int

    def problem(self, text: str) -> str:
        if not _DIGITS.fullmatch(text) or len(text) > _LONGEST_NUMBER:
            return "is not an unsigned whole number"
        return _out_of_range(int(text), 0, self.high)


@dataclass(frozen=True, slots=True)
class Number:
    """A decimal number; hexadecimal and infinite forms, which Go reads too, are let through."""

    low: float = 0.0
    high: float = float("inf")

    def problem(self, text: str) -> str:
        if re.fullmatch(r"[+-]?(?:inf|infinity|nan|0x[0-9a-f_.p+-]+)", text, re.IGNORECASE):
            return ""
        if not _FLOAT.fullmatch(text):
            return "is not a number"
        return "" if self.low <= float(text) <= self.high else f"must be at least {self.low:g}"


@dataclass(frozen=True, slots=True)
class Percentage:
    low: int
    high: int

    def problem(self, text: str) -> str:
        if not text.endswith("%"):
            return "must end with `%`"
        number = read_integer(text[:-1])
        if number is None or not self.low <= number <= self.high:
            return f"must be between {self.low}% and {self.high}%"
        return ""


@dataclass(frozen=True, slots=True)
class Duration:
    """Go's time.ParseDuration and the range that follows it.

    Attributes:
        low: In nanoseconds, as `high`.
        zero: Whether 0 passes though it is below `low`.
        bare: Whether a plain number counts as seconds.
        whole: Whether fractions of a second are refused.
    """

    low: int = -_INT64
    high: int = _INT64 - 1
    zero: bool = False
    bare: bool = False
    whole: bool = False

    def problem(self, text: str) -> str:
        if self.bare and read_integer(text) is not None:
            text = f"{text}s"
        found = parse_duration(text)
        if isinstance(found, NotADuration):
            return f"is not a duration (examples: `30s`, `1m30s`): {found.reason}"
        if self.zero and found == 0:
            return ""
        if self.whole and found % SECOND:
            return "must be whole seconds"
        return self._range_problem(found)

    def _range_problem(self, found: int) -> str:
        if found < self.low:
            return f"must be at least {self.low / SECOND:g}s"
        return f"must be at most {self.high / SECOND:g}s" if found > self.high else ""


@dataclass(frozen=True, slots=True)
class ListenAddress:
    """What Go's net.SplitHostPort splits: `:8080`, `127.0.0.1:8080`, `[::1]:8080`."""

    def problem(self, text: str) -> str:
        found = address_problem(text)
        return f"is not a listen address: {found}" if found else ""


@dataclass(frozen=True, slots=True)
class IpAddress:
    def problem(self, text: str) -> str:
        return "" if is_ip(text) else "is not an IP address"


@dataclass(frozen=True, slots=True)
class IpOrInterface:
    """An address, or what could be the name of a network interface of Linux."""

    def problem(self, text: str) -> str:
        if is_mistyped_ip(text):
            return "is not a valid IP address"
        known = is_ip(text) or _INTERFACE.fullmatch(text)
        return "" if known else "is neither an IP address nor an interface name"


@dataclass(frozen=True, slots=True)
class IpAndPort:
    """An IP address with or without a port."""

    def problem(self, text: str) -> str:
        return "" if is_ip(strip_port(text)) else "is not an IP address with an optional port"


@dataclass(frozen=True, slots=True)
class Cidr:
    def problem(self, text: str) -> str:
        return "" if read_cidr(text) else "is not a network (example: `10.0.0.0/8`)"


@dataclass(frozen=True, slots=True)
class NetworkOrAddress:
    """A network, an address, or `*` for all."""

    def problem(self, text: str) -> str:
        if text == "*" or read_cidr(text) or (is_ip(text) and "/" not in text):
            return ""
        return "is not a network, an address or `*`"


@dataclass(frozen=True, slots=True)
class TranslationPrefix:
    """A prefix for DNS64: an IPv6 network of 32 to 96 bits in steps of 8."""

    def problem(self, text: str) -> str:
        network = read_cidr(text)
        if network is None or network.version != 6:  # noqa: PLR2004 - IP versions have no names
            return "is not an IPv6 network"
        fits = network.prefixlen % 8 == 0 and 32 <= network.prefixlen <= 96  # noqa: PLR2004 - RFC 6052
        return "" if fits else "must be 32, 40, 48, 56, 64, 72, 80, 88 or 96 bits long"


@dataclass(frozen=True, slots=True)
class Regexp:
    """Attributes: groups: How many capturing groups it must have at least."""

    groups: int = 0

    def problem(self, text: str) -> str:
        if len(text) > MAX_REGEXP:
            return ""
        found = read_regexp(text)
        if isinstance(found, Refused):
            return f"is not a valid Go regular expression: {found.reason}"
        return "" if found.groups >= self.groups else "needs at least one capture group"


@dataclass(frozen=True, slots=True)
class Template:
    """A text/template; only its brackets are checked."""

    def problem(self, text: str) -> str:
        return "" if _actions_close(text) else "is not a valid Go template: unclosed action"


@dataclass(frozen=True, slots=True)
class LabelSelector:
    """All arguments together, as the plugin joins them."""

    def problem(self, text: str) -> str:
        found = selector_problem(text)
        return f"is not a label selector: {found}" if found else ""


@dataclass(frozen=True, slots=True)
class TransferTarget:
    """`*`, or an IP address with or without a port."""

    def problem(self, text: str) -> str:
        return (
            ""
            if text == "*" or is_ip(strip_ip_zone(strip_port(text)))
            else ("is neither an IP address nor `*`")
        )


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression of expr-lang; only two names side by side without an operator are found."""

    def problem(self, text: str) -> str:
        found = _TWO_NAMES.search(_QUOTED.sub('""', text))
        return f"is not an expression: no operator before `{found[1]}`" if found else ""


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone that must be readable; where CoreDNS skips unreadable ones in silence, use Anything."""

    def problem(self, text: str) -> str:
        return "" if normal_zones(text) else "is not a zone"


def read_integer(text: str) -> int | None:
    """As Go's strconv.Atoi: decimal, optional sign, 64 bits."""
    if not _INTEGER.fullmatch(text) or len(text) > _LONGEST_NUMBER:
        return None
    number = int(text)
    return number if -_INT64 <= number < _INT64 else None


def _out_of_range(number: int, low: int, high: int) -> str:
    if number < low:
        return f"must be at least {low}"
    return f"must be at most {high}" if number > high else ""


_FOUR_NUMBERS = regex(r"[0-9]+(?:\.[0-9]+){3}")


def is_mistyped_ip(text: str) -> bool:
    """Four numbers that are not an IPv4 address: no host and no interface is called that.

    A name whose last label is a number cannot be resolved (source: RFC 3696, section 2).
    """
    return bool(_FOUR_NUMBERS.fullmatch(text)) and not is_ip(text)


@lru_cache(maxsize=4096)  # upstreams of long Corefiles are few
def is_ip(text: str) -> bool:
    """As Go's net.ParseIP: no zone, no leading zeros."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return "%" not in text


def strip_ip_zone(text: str) -> str:
    """Without the `%eth0` of a scoped address."""
    return text.rpartition("%")[0] if "%" in text else text


def strip_port(text: str) -> str:
    """The host if a port follows it, else the text itself."""
    return text if address_problem(text) else text.rpartition(":")[0].strip("[]")


def read_cidr(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    """As Go's net.ParseCIDR: host bits may be set, the mask is a number of bits."""
    address, slash, bits = text.partition("/")
    if not slash or not is_ip(address) or not _DIGITS.fullmatch(bits) or len(bits) > len("000128"):
        return None
    version = ipaddress.ip_address(address).version
    if int(bits) > ipaddress.ip_network("::/0" if version == 6 else "0.0.0.0/0").max_prefixlen:  # noqa: PLR2004
        return None
    return ipaddress.ip_network(f"{address}/{int(bits)}", strict=False)


def _actions_close(text: str) -> bool:
    at = text.find("{{")
    while at >= 0:
        comment = _COMMENT.match(text, at)
        end = text.find("*/", comment.end()) if comment else _action_end(text, at + 2)
        end = text.find("}}", end) if end >= 0 else end
        if end < 0:
            return False
        at = text.find("{{", end)
    return True


def _action_end(text: str, at: int) -> int:
    """Where the `}}` of the action at this place stands, quotes jumped over; -1 if nowhere."""
    while at < len(text):
        if text.startswith("}}", at):
            return at
        quoted = _QUOTED.match(text, at)
        if quoted is None and text[at] in "\"`'":
            return -1
        at = quoted.end() if quoted else at + 1
    return -1
