"""What may become of a query."""

from enum import StrEnum

from eksaddon.corefile.syntax.tokens import Token
from eksaddon.frozen import dataclass


class Answer(StrEnum):
    """What the client gets."""

    SERVFAIL = "SERVFAIL"
    REFUSED = "REFUSED"
    NXDOMAIN = "NXDOMAIN"
    EMPTY = "no records"
    NOTHING = "no answer"
    INVENTED = "a made-up address"


@dataclass(frozen=True, slots=True)
class Answered:
    """Attributes: plugin: That answers, from data that the text does not hold."""

    token: Token
    plugin: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Data, or a client, decides."""


@dataclass(frozen=True, slots=True)
class Failure:
    """The query fails.

    Attributes:
        rule: Id of the lint rule.
        token: The word that causes the failure.
        reason: Why, as a clause.
        advice: One sentence.
        is_certain: The text alone decides, regardless of files, upstreams and the pod's network.
        is_own: Worth a finding although other outcomes are possible.
    """

    rule: str
    answer: Answer
    token: Token
    reason: str
    advice: str
    is_certain: bool = True
    is_own: bool = False


Outcome = Answered | Unknown | Failure


@dataclass(frozen=True, slots=True)
class Step:
    """What one plugin makes of a query.

    Attributes:
        passes: The query may continue to the next plugin.
    """

    outcomes: tuple[Outcome, ...] = ()
    passes: bool = True


PASS = Step()


def ends(*outcomes: Outcome) -> Step:
    return Step(outcomes, passes=False)
