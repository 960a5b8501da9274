"""Parses assignments such as `".:53".forward[2].max_concurrent=1000`."""

from eksaddon.corefile.desired.address import (
    AddressError,
    assignment,
    canonical_address,
    checked_words,
    edit_of,
    read_address,
)
from eksaddon.corefile.editing.edits import Request
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Assignment:
    """One change of a Corefile.

    Attributes:
        block: A key of the server block, such as `.:53`; None if not given.
    """

    request: Request
    block: str | None


def read_assignment(text: str) -> Assignment:
    """Read `PATH=WORDS`; a property without words is removed.

    Raises:
        EksdnsError: Invalid syntax, or a directive or property that no CoreDNS has.
    """
    try:
        path, value = assignment(text)
        address = canonical_address(path)
        request = edit_of(address, checked_words(address, value))
        return Assignment(request, read_address(path).block)
    except AddressError as error:
        raise EksdnsError(str(error), hint=error.hint, exit_code=ExitCode.USAGE) from None
