"""Retries requests to a Kubernetes API, with a limit, if a later one can succeed."""

from collections.abc import Callable
from typing import TypeVar

import httpx2
from lightkube.core.exceptions import ApiError
from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_exponential, wait_random

T = TypeVar("T")

ATTEMPTS = 3
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 4.0
"""Seconds; an API server that is replaced, or a load balancer in front of it, answers 503 for that long."""

_PASSING = frozenset({429, 500, 502, 503, 504})


def may_pass(error: BaseException) -> bool:
    """Whether an error is transient; an unreachable endpoint is not retried."""
    match error:
        case ApiError():
            return (error.status.code or error.response.status_code) in _PASSING
        case httpx2.HTTPStatusError():
            return error.response.status_code in _PASSING
        case httpx2.ReadError() | httpx2.RemoteProtocolError():
            return True
        case _:
            return False


def repeated(work: Callable[[], T], sleep: Callable[[float], None]) -> T:
    """Return the result of `work`, or raise the error of the last attempt; `work` can run more than once.

    Args:
        sleep: Waits, in seconds.
    """
    retrying = Retrying(
        sleep=sleep,
        stop=stop_after_attempt(ATTEMPTS),
        wait=wait_exponential(FIRST_PAUSE, LONGEST_PAUSE) + wait_random(0, FIRST_PAUSE),
        retry=retry_if_exception(may_pass),
        reraise=True,
    )
    return retrying(work)
