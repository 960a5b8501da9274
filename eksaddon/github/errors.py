"""Errors of the GitHub API."""

from collections.abc import Mapping
from types import MappingProxyType

from eksaddon.domain.errors import EksdnsError
from eksaddon.domain.printable import on_one_line

LONGEST_MESSAGE = 300
GATEWAY = frozenset({500, 502, 503, 504})
"""Status codes after which an idempotent request is retried."""

_HINTS: Mapping[int, str] = MappingProxyType(
    {
        401: "the token is invalid or expired; in a workflow, set `GITHUB_TOKEN: ${{ github.token }}`",
        403: "add the missing `permissions:` to the job; tokens of pull requests from forks are read-only",
        404: "check the repository and the number; GitHub also returns this if the token lacks permission",
        410: "issues are disabled in this repository; enable them in its settings",
        422: "GitHub rejected the text; see its message",
    }
)


class GitHubError(EksdnsError):
    """GitHub rejected the request or did not respond.

    Attributes:
        status: HTTP status; 0 without a response.
        wait: Seconds to wait before a retry as requested by GitHub; None if not requested.
    """

    def __init__(
        self, what: str, problem: str, *, status: int = 0, wait: float | None = None, hint: str = ""
    ) -> None:
        self.status = status
        self.wait = wait
        shown = on_one_line(problem)[:LONGEST_MESSAGE]
        super().__init__(f"GitHub: {what}: {shown}", hint=hint or _HINTS.get(status, "run the job again"))


def is_limited(status: int, headers: Mapping[str, str], message: str) -> bool:
    """Whether a primary or secondary rate limit was exceeded.

    (Source: docs.github.com, "Rate limits for the REST API".)
    """
    if status not in {403, 429}:
        return False
    spent = headers.get("x-ratelimit-remaining") == "0"
    return status == 429 or spent or "retry-after" in headers or "secondary rate limit" in message.lower()  # noqa: PLR2004  # HTTP
