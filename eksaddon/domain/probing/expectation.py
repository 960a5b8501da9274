"""Which answers are good: an rcode, no data, or given addresses."""

import ipaddress
from collections.abc import Iterable

from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.frozen import dataclass

NODATA = "NODATA"
RCODES = (
    "NOERROR",
    "FORMERR",
    "SERVFAIL",
    "NXDOMAIN",
    "NOTIMP",
    "REFUSED",
    "YXDOMAIN",
    "YXRRSET",
    "NXRRSET",
    "NOTAUTH",
    "NOTZONE",
)
"""Source: IANA, DNS RCODEs, those of queries and updates without extensions."""

_HINT = "write NOERROR, NXDOMAIN, NODATA, any, or a record such as A=10.0.0.1"


@dataclass(frozen=True, slots=True)
class Expectation:
    """What counts as a good answer; everything else is a failure of its own kind.

    Attributes:
        outcomes: Of NOERROR (with data), NODATA and other rcodes; empty: any answer that can be read.
        addresses: Records that a NOERROR answer must hold, by type, as `("A", "10.0.0.1")`.
    """

    outcomes: frozenset[str] = frozenset({"NOERROR"})
    addresses: frozenset[tuple[str, str]] = frozenset()


DATA = Expectation()
ANY_ANSWER = Expectation(frozenset())


def read_expectation(texts: Iterable[str]) -> Expectation:
    """Read `NOERROR`, `NXDOMAIN`, `NODATA`, `any`, `A=10.0.0.1`, `AAAA=fd00::1`; several widen what is good.

    Raises:
        EksdnsError: One of them is none of these.
    """
    outcomes, addresses = set[str](), set[tuple[str, str]]()
    for text in texts:
        kind, equals, value = text.partition("=")
        if text.lower() == "any":
            return ANY_ANSWER
        if equals:
            addresses.add(_address(text, kind.upper(), value))
            outcomes.add("NOERROR")
        else:
            outcomes.add(_outcome(text))
    return Expectation(frozenset(outcomes or {"NOERROR"}), frozenset(addresses))


def _address(text: str, kind: str, value: str) -> tuple[str, str]:
    try:
        found = ipaddress.ip_address(value)
    except ValueError:
        raise _usage(text) from None
    if kind != ("A" if found.version == 4 else "AAAA"):  # noqa: PLR2004 - IP version
        raise _usage(text)
    return kind, str(found)


def _outcome(text: str) -> str:
    word = text.upper()
    if word != NODATA and word not in RCODES:
        raise _usage(text)
    return word


def _usage(text: str) -> EksdnsError:
    return EksdnsError(f"invalid expectation {text!r}", hint=_HINT, exit_code=ExitCode.USAGE)
