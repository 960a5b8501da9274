"""What single values of a probe gate look like."""

from eksaddon.config.model.scalars import WordError, text_of
from eksaddon.domain.errors import EksdnsError
from eksaddon.domain.probing.expectation import NODATA, RCODES, read_expectation
from eksaddon.domain.probing.server import read_server
from eksaddon.domain.probing.verdict import read_share

SERVER = (
    r"^([^=]+=)?(\[[0-9A-Fa-f:.]+\]|[0-9A-Fa-f]*:[0-9A-Fa-f:.]+|[0-9]{1,3}(\.[0-9]{1,3}){3})(:[0-9]{1,5})?$"
)
EXPECTED = f"^({'|'.join(RCODES)}|{NODATA}|any|A=[0-9.]+|AAAA=[0-9A-Fa-f:.]+)$"
SHARE = r"^(100(\.0{1,6})?|[0-9]{1,2}(\.[0-9]{1,6})?)%$"


def share(value: object) -> str:
    """A percentage such as `0.1%`."""
    text = text_of(value, "percentage", "a percentage such as 0.1%")
    try:
        read_share(text)
    except EksdnsError as error:
        raise WordError(str(error), error.hint) from None
    return text


def servers(value: object) -> list[str]:
    """A list of `[CLUSTER=]ADDRESS[:PORT]`."""
    if not isinstance(value, list) or not value:
        raise WordError("not a list of DNS servers", "example: [10.0.0.10]")
    found = [text_of(each, "DNS server", "an address such as 10.0.0.10") for each in value]
    for each in found:
        try:
            read_server(each)
        except EksdnsError as error:
            raise WordError(str(error), error.hint) from None
    return found


def expected(value: object) -> list[str]:
    """One or more words of `read_expectation`."""
    items = value if isinstance(value, list) and value else [value]
    found = [text_of(each, "answer", "NOERROR, NXDOMAIN, NODATA, any, or A=10.0.0.1") for each in items]
    try:
        read_expectation(found)
    except EksdnsError as error:
        raise WordError(str(error), error.hint) from None
    return found
