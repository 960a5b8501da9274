"""Reads the health plugin's configuration.

Source: plugin/health/setup.go of CoreDNS 1.14.7, net.SplitHostPort of Go 1.26.
"""

from dataclasses import field

from eksaddon.corefile.meaning.durations import NotADuration, parse_duration
from eksaddon.corefile.syntax.dispenser import Occurrence, Property, occurrences
from eksaddon.corefile.syntax.tokens import Token
from eksaddon.corefile.syntax.tree import Fault, FaultKind, ServerBlock
from eksaddon.frozen import dataclass

NAME = "health"
LAMEDUCK = "lameduck"


@dataclass(frozen=True, slots=True)
class Health:
    """The health of one server block.

    Attributes:
        address: The last one written; empty for CoreDNS's default `:8080`.
        nanoseconds: The last lameduck as written; zero or negative for none.
        value: Its token; None without lameduck.
        holder: Its occurrence; the last one without lameduck.
    """

    address: str
    nanoseconds: int
    value: Token | None
    holder: Occurrence
    occurrences: tuple[Occurrence, ...] = field(repr=False)

    @property
    def effective(self) -> int:
        """Nanoseconds that CoreDNS waits."""
        return max(0, self.nanoseconds)


class _RefusedError(Exception):
    def __init__(self, message: str, token: Token, *, placed: bool) -> None:
        super().__init__(message)
        self.token = token
        self.placed = placed


def read_health(block: ServerBlock, filename: str = "Corefile") -> Health | Fault | None:
    """Read like the plugin's setup: later values override; None if the block has no health.

    Args:
        filename: Name of the Corefile in CoreDNS's errors.
    """
    found = occurrences(block.groups.get(NAME, ()))
    if not found:
        return None
    address, nanoseconds, value, holder = "", 0, None, found[-1]
    try:
        for occurrence in found:
            address = _address(occurrence) or address
            for each in occurrence.properties:
                nanoseconds, value, holder = _lameduck(each), each.args[0], occurrence
    except _RefusedError as error:
        return _fault(error, filename)
    return Health(address, nanoseconds, value, holder, found)


def _fault(error: _RefusedError, filename: str) -> Fault:
    token = error.token
    line, file = (token.line, token.file or filename) if error.placed else (0, "")
    return Fault(FaultKind.PLUGIN, str(error), line, file, token, NAME)


def _address(occurrence: Occurrence) -> str:
    args = occurrence.args
    if len(args) > 1:
        raise _wrong_count(args[-1])
    if not args:
        return ""
    if problem := address_problem(args[0].text):
        raise _RefusedError(problem, args[0], placed=False)
    return args[0].text


def _lameduck(found: Property) -> int:
    if found.name.text != LAMEDUCK:
        raise _RefusedError(f"unknown property '{found.name.text}'", found.name, placed=True)
    if len(found.args) != 1:
        raise _wrong_count((found.name, *found.args)[-1])
    value = found.args[0]
    nanoseconds = parse_duration(value.text)
    if isinstance(nanoseconds, NotADuration):
        words = f"unable to parse lameduck duration value: '{value.text}' : {nanoseconds.message}"
        raise _RefusedError(words, value, placed=False)
    return nanoseconds


def _wrong_count(last: Token) -> _RefusedError:
    words = f"Wrong argument count or unexpected line ending after '{last.text}'"
    return _RefusedError(words, last, placed=True)


def address_problem(address: str) -> str:
    """Go's error for an invalid `host:port`; empty if valid."""
    reason = _why_no_address(address)
    return reason and (f"address {address}: {reason}" if address else reason)


def _why_no_address(address: str) -> str:
    missing, many = "missing port in address", "too many colons in address"
    colon = address.rfind(":")
    if colon < 0:
        return missing
    after_open, after_close = 0, 0
    if address.startswith("["):
        end = address.find("]")
        if end < 0:
            return "missing ']' in address"
        if end + 1 != colon:
            return many if address[end + 1 : end + 2] == ":" else missing
        after_open, after_close = 1, end + 1
    elif ":" in address[:colon]:
        return many
    if "[" in address[after_open:]:
        return "unexpected '[' in address"
    return "unexpected ']' in address" if "]" in address[after_close:] else ""
