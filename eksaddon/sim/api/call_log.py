"""Log of all calls, for tests and for measuring the cost of a run."""

import threading
from collections import Counter, deque
from collections.abc import Iterator

from eksaddon.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Call:
    """A call.

    Attributes:
        at: Seconds since the epoch.
        operation: Such as `DescribeAddon`; empty for a request unknown to the service.
        account: The account of the call; for AssumeRole that of the role.
        cluster: Empty for operations without a cluster.
        status: HTTP status of the response; 0 if the service never received the request.
        code: Error code; empty for a success.
        fault: The injected fault; empty for none.
    """

    at: float
    service: str
    operation: str
    account: str
    region: str
    cluster: str = ""
    status: int = 0
    code: str = ""
    fault: str = ""


class CallLog:
    """Counts all calls and keeps the last ones; thread-safe.

    Args:
        keep: Number of calls to keep; None for all.
    """

    def __init__(self, keep: int | None = None) -> None:
        self._lock = threading.Lock()
        self._calls: deque[Call] = deque(maxlen=keep)
        self._counts: Counter[str] = Counter()

    def add(self, call: Call) -> None:
        with self._lock:
            self._calls.append(call)
            self._counts[call.operation] += 1

    def clear(self) -> None:
        with self._lock:
            self._calls.clear()
            self._counts.clear()

    @property
    def counts(self) -> Counter[str]:
        """Number of calls by operation since the start or the last `clear`."""
        with self._lock:
            return Counter(self._counts)

    def __iter__(self) -> Iterator[Call]:
        with self._lock:
            return iter(tuple(self._calls))

    def __len__(self) -> int:
        return len(self._calls)

    def of(self, operation: str, *, account: str = "", region: str = "", cluster: str = "") -> list[Call]:
        """Kept calls of an operation, filtered by the arguments."""
        return [
            call
            for call in self
            if call.operation == operation
            and account in ("", call.account)
            and region in ("", call.region)
            and cluster in ("", call.cluster)
        ]
