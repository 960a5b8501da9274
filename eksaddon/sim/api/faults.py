"""Injected faults: matching calls, frequency and effect."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from random import Random

from eksaddon.frozen import dataclass
from eksaddon.sim.api.call_log import Call


@dataclass(frozen=True, slots=True)
class Refuse:
    """The service returns an error; the request is not executed."""

    status: int
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Page:
    """A proxy returns a page instead of the service."""

    status: int
    html: bytes


@dataclass(frozen=True, slots=True)
class Reset:
    """The connection is reset.

    Attributes:
        after: Whether the request is executed first.
    """

    after: bool


@dataclass(frozen=True, slots=True)
class Truncate:
    """The request is executed, and its response is truncated.

    Attributes:
        keep: Fraction of the body that arrives, 0 to 1.
    """

    keep: float = 0.5


@dataclass(frozen=True, slots=True)
class Slow:
    """The response is delayed."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Hang:
    """The request is read, but there is no response.

    Attributes:
        after: Whether the request is executed first.
    """

    after: bool = False


@dataclass(frozen=True, slots=True)
class Expire:
    """The caller's keys are reported as expired."""


@dataclass(frozen=True, slots=True)
class Deny:
    """The call is denied by the caller's policy or a service control policy."""

    by_guardrail: bool = False


@dataclass(frozen=True, slots=True)
class Cut:
    """The server cannot be reached."""


Effect = Refuse | Page | Reset | Truncate | Slow | Hang | Expire | Deny | Cut

TOO_MANY_REQUESTS = Refuse(429, "TooManyRequestsException", "Too Many Requests")
"""EKS's throttling error; not in its model (source: awslabs/amazon-eks-ami#218)."""

THROTTLING = Refuse(400, "ThrottlingException", "Rate exceeded")

CONFLICT = Refuse(
    409,
    "ConditionalRequestConflict",
    "The conditional request cannot succeed due to a conflicting operation against this resource.",
)
"""A concurrent write of the same object is in progress; S3 asks to retry (source: S3 API, PutObject)."""

SERVER_ERROR = Refuse(500, "ServerException", "Internal server error")

UNAVAILABLE = Refuse(503, "ServiceUnavailableException", "Service is unavailable")

UNAVAILABLE_PAGE = Page(
    503, b"<html><body><h1>503 Service Unavailable</h1>No server is available.</body></html>"
)


@dataclass(frozen=True, slots=True)
class Match:
    """Selects calls by globs; `*` for any."""

    service: str = "*"
    operation: str = "*"
    account: str = "*"
    region: str = "*"
    cluster: str = "*"

    def matches(self, call: Call) -> bool:
        return (
            fnmatchcase(call.operation, self.operation)
            and fnmatchcase(call.service, self.service)
            and fnmatchcase(call.account, self.account)
            and fnmatchcase(call.region, self.region)
            and fnmatchcase(call.cluster, self.cluster)
        )


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule.

    Attributes:
        nth: Indexes of the matching calls, from 1; empty for all.
        each: Count separately for each account, region, cluster and operation.
        times: Maximum number of faults, counted as in `each`.
        probability: Probability of the fault if all other conditions hold.
        begins: Seconds since the simulation began.
        ends: Likewise.
    """

    effect: Effect
    match: Match = Match()
    nth: frozenset[int] = frozenset()
    each: bool = False
    times: int | None = None
    probability: float = 1.0
    begins: float = 0.0
    ends: float = math.inf

    @property
    def name(self) -> str:
        return type(self.effect).__name__.lower()


Key = tuple[int, str, str, str, str]


class FaultBook:
    """Decides which faults apply to a call.

    Faults that are counted for each cluster, or random, do not depend on the order of threads.
    """

    def __init__(self, faults: Iterable[Fault] = (), *, seed: int = 0) -> None:
        self._faults: list[Fault] = list(faults)
        self._seed = seed
        self._seen: Counter[Key] = Counter()
        self._struck: Counter[Key] = Counter()

    def add(self, fault: Fault) -> None:
        self._faults.append(fault)

    def clear(self) -> None:
        self._faults.clear()
        self._seen.clear()
        self._struck.clear()

    def strike(self, call: Call, elapsed: float) -> Iterator[Fault]:
        """Yield the faults of a call: any number of delays, then at most one of another kind.

        Args:
            elapsed: Seconds since the simulation began.
        """
        for index, fault in enumerate(self._faults):
            if self._strikes(index, fault, call, elapsed):
                yield fault
                if not isinstance(fault.effect, Slow):
                    return

    def _strikes(self, index: int, fault: Fault, call: Call, elapsed: float) -> bool:
        if not (fault.begins <= elapsed < fault.ends and fault.match.matches(call)):
            return False
        counter_key = (index, call.operation, call.account, call.region, call.cluster)
        self._seen[counter_key] += 1
        shared = (index, "", "", "", "")
        self._seen[shared] += 1
        key = counter_key if fault.each else shared
        if fault.nth and self._seen[key] not in fault.nth:
            return False
        if fault.times is not None and self._struck[key] >= fault.times:
            return False
        if fault.probability < 1 and self._dice(counter_key).random() >= fault.probability:
            return False
        self._struck[key] += 1
        return True

    def _dice(self, counter_key: Key) -> Random:
        return Random(f"{self._seed}:{counter_key}:{self._seen[counter_key]}")  # noqa: S311  # no secret hangs on it
