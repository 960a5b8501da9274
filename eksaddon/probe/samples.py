"""Result of one lookup."""

from dataclasses import dataclass

from eksaddon.domain.probing.figures import Loss


@dataclass(frozen=True, slots=True)
class Reply:
    """The server's answer.

    Attributes:
        rcode: As dnspython spells it: NOERROR, NXDOMAIN, SERVFAIL, ...
        problem: Why it is not the expected answer: an rcode, NODATA, `wrong-answer` or `truncated`; empty for
            one that is.
    """

    rcode: str
    problem: str = ""


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
    """One lookup of a probe.

    Attributes:
        sent: Seconds since the epoch.
        took: Seconds until the reply, or until it was given up.
        late: Seconds between its turn and its sending: this process's own delay.
        tries: Packets that were sent for it.
    """

    sent: float
    took: float
    result: Reply | NoReply
    late: float = 0.0
    tries: int = 1

    @property
    def answered(self) -> bool:
        """Somebody is there and answers; a SERVFAIL is an answer too."""
        return isinstance(self.result, Reply)

    @property
    def failure(self) -> str:
        """A `Loss` or a reply's problem; empty for an expected answer."""
        return self.result.problem if isinstance(self.result, Reply) else self.result.loss.value
