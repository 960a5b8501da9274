"""Results of a trial run of a Corefile in a real CoreDNS."""

from typing import assert_never

from eksaddon.frozen import dataclass

ANSWERED = "NOERROR"
FAILING = frozenset({"SERVFAIL", "REFUSED", "no answer"})
"""Answers that fail a further query; whether its name exists is not for the trial to judge."""


@dataclass(frozen=True, slots=True)
class TrialQuery:
    """A query of a trial.

    Attributes:
        name: With its final dot.
        type: Such as `A`.
        is_stock: One of the queries of every cluster, for which stand-ins hold an answer.
    """

    name: str
    type: str
    is_stock: bool = False

    def __str__(self) -> str:
        return f"{self.name.rstrip('.') or '.'} {self.type}"


@dataclass(frozen=True, slots=True)
class Asked:
    """A query and its answers.

    Attributes:
        udp: Rcode, `no records` or `no answer`.
        tcp: As over UDP.
    """

    query: TrialQuery
    udp: str
    tcp: str

    @property
    def is_failed(self) -> bool:
        if self.query.is_stock:
            return (self.udp, self.tcp) != (ANSWERED, ANSWERED)
        return bool(FAILING & {self.udp, self.tcp})

    @property
    def text(self) -> str:
        return self.udp if self.udp == self.tcp else f"{self.udp} over UDP, {self.tcp} over TCP"


@dataclass(frozen=True, slots=True)
class Started:
    """CoreDNS started and was asked.

    Attributes:
        replaced: What was replaced by stand-ins or omitted.
    """

    asked: tuple[Asked, ...]
    replaced: tuple[str, ...] = ()

    @property
    def failed(self) -> tuple[Asked, ...]:
        return tuple(one for one in self.asked if one.is_failed)


@dataclass(frozen=True, slots=True)
class DidNotStart:
    """CoreDNS did not start, or did not answer on the port of the cluster's DNS Service.

    Attributes:
        reason: The last line of its log, or what is wrong with the text.
    """

    reason: str
    replaced: tuple[str, ...] = ()


Trial = Started | DidNotStart


def new_failures(before: Trial | None, after: Trial) -> tuple[str, ...]:
    """What fails after a change and did not fail before it, as clauses; not to start always counts.

    Args:
        before: None if not known; then every failure counts.
    """
    match after:
        case DidNotStart(reason=reason):
            return (f"CoreDNS does not start: {reason}",)
        case Started(failed=failed):
            known = {one.query for one in before.failed} if isinstance(before, Started) else set()
            return tuple(f"{one.query} gets {one.text}" for one in failed if one.query not in known)
        case _:
            assert_never(after)


@dataclass(frozen=True, slots=True)
class NotTried:
    """Nothing was learned, such as without a CoreDNS of the right version."""

    reason: str


@dataclass(frozen=True, slots=True)
class Tried:
    """What a trial shows.

    Attributes:
        failures: What fails and did not fail before, as clauses.
    """

    coredns: str
    failures: tuple[str, ...]


Judged = Tried | NotTried
