"""Result of one lookup."""

from eksaddon.domain.probing.figures import OWN, Loss
from eksaddon.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Reply:
    """The server's answer.

    Attributes:
        rcode: In dnspython's spelling: NOERROR, NXDOMAIN, SERVFAIL, ...
        problem: Why it is not the expected answer: an rcode, NODATA, `wrong-answer` or `truncated`; empty if
            it is.
    """

    rcode: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class NoReply:
    """No readable answer.

    Attributes:
        detail: Message of the operating system or dnspython; can be empty.
    """

    loss: Loss
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Sample:
    """One lookup of a probe.

    Attributes:
        sent: Seconds since the epoch.
        took: Seconds until the reply or the timeout.
        late: Seconds between due time and sending: the delay of this process.
        tries: Number of packets sent for it; 0 if it could not be sent.
    """

    sent: float
    took: float
    result: Reply | NoReply
    late: float = 0.0
    tries: int = 1

    @property
    def answered(self) -> bool:
        """Whether the server answered; a SERVFAIL is an answer too."""
        return isinstance(self.result, Reply)

    @property
    def failure(self) -> str:
        """A `Loss` or a reply's problem; empty for an expected answer."""
        return self.result.problem if isinstance(self.result, Reply) else self.result.loss.value

    @property
    def is_measured(self) -> bool:
        """Whether it says something about the server; else it failed on this host."""
        return not (isinstance(self.result, NoReply) and self.result.loss.value in OWN)
