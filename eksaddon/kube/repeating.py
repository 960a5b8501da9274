"""Requests to a Kubernetes API, repeated with a bound where the answer says that a later one may succeed."""

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
    """Whether a fault may be gone at the next attempt; an endpoint out of reach is not asked again."""
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
    """What the work returns, or raises at the last attempt; it may be done more than once.

    Args:
        sleep: Takes seconds.
    """
    retrying = Retrying(
        sleep=sleep,
        stop=stop_after_attempt(ATTEMPTS),
        wait=wait_exponential(FIRST_PAUSE, LONGEST_PAUSE) + wait_random(0, FIRST_PAUSE),
        retry=retry_if_exception(may_pass),
        reraise=True,
    )
    return retrying(work)
