"""Every call that was ever made, for tests and for whoever wants to know what a run costs."""

import threading
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Call:
    """A call.

    Attributes:
        at: Seconds since the epoch.
        operation: As `DescribeAddon`; empty where the request is none that the service knows.
        account: The account that is asked; for AssumeRole that of the role.
        cluster: Empty where the operation is about none.
        status: The HTTP status of what the service answered; 0 where it never got the request.
        code: The error code, empty for a success.
        fault: What was done to the request or its answer, empty for nothing.
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
    """Counts all calls and remembers the last ones; safe in threads.

    Args:
        keep: How many calls are remembered; None for all.
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
        """Calls by operation, since the beginning or the last `clear`."""
        with self._lock:
            return Counter(self._counts)

    def __iter__(self) -> Iterator[Call]:
        with self._lock:
            return iter(tuple(self._calls))

    def __len__(self) -> int:
        return len(self._calls)

    def of(self, operation: str, *, account: str = "", region: str = "", cluster: str = "") -> list[Call]:
        """Remembered calls of an operation, narrowed by what is given."""
        return [
            call
            for call in self
            if call.operation == operation
            and account in ("", call.account)
            and region in ("", call.region)
            and cluster in ("", call.cluster)
        ]
