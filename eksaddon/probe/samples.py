"""What one query came to."""

from dataclasses import dataclass
from enum import StrEnum


class Loss(StrEnum):
    """Why a query has no answer. Published in JSON output, so that a value is never renamed."""

    TIMEOUT = "timeout"
    REFUSED = "connection-refused"
    BROKEN = "connection-lost"
    UNREADABLE = "unreadable-reply"
    NOT_SENT = "not-sent"


@dataclass(frozen=True, slots=True)
class Reply:
    """The server's answer, whatever it says.

    Attributes:
        rcode: As dnspython spells it: NOERROR, NXDOMAIN, SERVFAIL, ...
    """

    rcode: str


@dataclass(frozen=True, slots=True)
class NoReply:
    """Nothing that could be read as an answer.

    Attributes:
        detail: The operating system's or dnspython's own words; may be empty.
    """

    loss: Loss
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Sample:
    """One query of a probe.

    Attributes:
        sent: Seconds since the epoch.
        took: Seconds until the reply, or until it was given up.
    """

    sent: float
    took: float
    result: Reply | NoReply

    @property
    def answered(self) -> bool:
        """Somebody is there and answers; a SERVFAIL is an answer too."""
        return isinstance(self.result, Reply)
