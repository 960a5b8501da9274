"""Client of GitHub's REST API: requests, responses and retries."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from http.client import HTTPException, HTTPResponse
from importlib.metadata import version
from typing import Any, Literal, Never
from urllib.parse import urlencode, urlsplit

from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt

from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.json import JsonObject
from eksaddon.domain.tracing.exchange import Exchange, NoResponse, Responded
from eksaddon.frozen import dataclass
from eksaddon.github.errors import GATEWAY, GitHubError, is_limited
from eksaddon.ports.trace import Trace

Method = Literal["GET", "POST", "PATCH"]

API = "https://api.github.com"
TIMEOUT = 20.0
ATTEMPTS = 4
LONGEST_WAIT = 60.0
"""Seconds; fail on a longer rate limit instead of paying for an idle runner."""

PER_PAGE = 100
MOST_PAGES = 100
_REQUEST_ID = "x-github-request-id"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Do not follow redirects: that would send the token to another host."""

    def redirect_request(self, *_: object, **__: object) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Rest:
    """A client with one token.

    Args:
        url: URL of the API; `https`, except on loopback addresses.
        token: Empty for anonymous requests.
        sleep: Waits between retries, in seconds.
        trace: Receives every request; None for no trace.

    Raises:
        EksdnsError: The URL would send the token unencrypted.
    """

    url: str = API
    token: str = field(default="", repr=False)
    sleep: Callable[[float], None] = time.sleep
    timeout: float = TIMEOUT
    trace: Trace | None = None

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
            raise EksdnsError(
                f"the GitHub API URL {self.url} does not use https",
                hint="check GITHUB_API_URL",
                exit_code=ExitCode.USAGE,
            )

    def get(self, path: str, **query: str | int) -> Any:  # noqa: ANN401  # JSON comes in here
        return self._send_with_retries("GET", f"{path}?{urlencode(query)}" if query else path, None)

    def pages(self, path: str, **query: str | int) -> Iterator[Any]:
        """Yield the elements of all pages; a page with fewer than `PER_PAGE` is the last."""
        for page in range(1, MOST_PAGES + 1):
            found = self.get(path, **query, per_page=PER_PAGE, page=page)
            if not isinstance(found, list):
                raise GitHubError(f"GET {path}", "the response is not a list")
            yield from found
            if len(found) < PER_PAGE:
                return

    def post(self, path: str, document: JsonObject) -> Any:  # noqa: ANN401  # as above
        """Send a POST, which is not retried after a lost response: it may have been executed."""
        return self._send_with_retries("POST", path, document)

    def patch(self, path: str, document: JsonObject) -> Any:  # noqa: ANN401  # as above
        return self._send_with_retries("PATCH", path, document)

    def _send_with_retries(self, method: Method, path: str, document: JsonObject | None) -> Any:  # noqa: ANN401  # as above
        retrying = Retrying(
            sleep=self.sleep,
            stop=stop_after_attempt(ATTEMPTS),
            wait=_wait,
            retry=retry_if_exception(lambda error: _is_retryable(method, error)),
            reraise=True,
        )
        return retrying(self._send, method, path, document)

    def _send(self, method: Method, path: str, document: JsonObject | None) -> Any:  # noqa: ANN401  # as above
        what, url = f"{method} {path.partition('?')[0]}", f"{self.url.rstrip('/')}{path}"
        request = urllib.request.Request(  # noqa: S310  # the scheme was checked
            url,
            data=None if document is None else json.dumps(document).encode(),
            method=method,
            headers=self._headers(),
        )
        start = self.trace.elapsed() if self.trace else 0.0
        end: Responded | NoResponse = NoResponse("interrupted")
        try:
            with urllib.request.build_opener(_NoRedirect).open(request, timeout=self.timeout) as response:
                end = Responded(response.status, response.headers.get(_REQUEST_ID, ""))
                return _read(response, what)
        except urllib.error.HTTPError as error:
            end = Responded(error.code, error.headers.get(_REQUEST_ID, ""))
            with error:
                _raise_error(error, what)
        except (OSError, HTTPException) as error:
            reason = getattr(error, "reason", None) or error
            end = NoResponse(f"{type(error).__name__}: {reason}")
            raise GitHubError(what, f"no response: {reason}", hint="check network and proxy") from None
        finally:
            if self.trace:
                self.trace.sent(Exchange("github", "", method, url, self.trace.elapsed() - start, end))

    def _headers(self) -> dict[str, str]:
        headers = {
            "Accept": "application/vnd.github+json",
            "Content-Type": "application/json",
            "User-Agent": f"eksdns/{version('eksaddon')}",
            "X-GitHub-Api-Version": "2022-11-28",
        }
        return {**headers, "Authorization": f"Bearer {self.token}"} if self.token else headers


def _read(response: HTTPResponse, what: str) -> Any:  # noqa: ANN401  # as above
    try:
        return json.loads(response.read() or b"null")
    except ValueError:
        raise GitHubError(
            what, "the response is not valid JSON", hint="check GITHUB_API_URL and proxies"
        ) from None


def _raise_error(error: urllib.error.HTTPError, what: str) -> Never:
    headers = {name.lower(): value for name, value in error.headers.items()}
    message = _message(error)
    if is_limited(error.code, headers, message):
        hint = "other jobs share the rate limit; run the job again later"
        raise GitHubError(what, message, status=429, wait=_requested_wait(headers), hint=hint)
    if "location" in headers:
        message, hint = f"moved to {headers['location']}", "use the current name of the repository"
        raise GitHubError(what, message, status=error.code, hint=hint)
    raise GitHubError(what, message, status=error.code)


def _message(error: urllib.error.HTTPError) -> str:
    try:
        found = json.loads(error.read())
    except (ValueError, OSError, HTTPException):
        found = None
    text = found.get("message") if isinstance(found, Mapping) else None
    return f"{error.code} {text if isinstance(text, str) and text else error.reason}"


def _requested_wait(headers: Mapping[str, str]) -> float:
    """Seconds to wait; a minute if GitHub does not specify it, as its documentation recommends."""
    if (retry_after := headers.get("retry-after", "")).isdecimal():
        return float(retry_after)
    reset = headers.get("x-ratelimit-reset", "")
    return max(1.0, float(reset) - time.time()) if reset.isdecimal() else LONGEST_WAIT


def _is_retryable(method: Method, error: BaseException) -> bool:
    if not isinstance(error, GitHubError):
        return False
    if error.wait is not None:
        return error.wait <= LONGEST_WAIT
    return method != "POST" and (error.status in GATEWAY or error.status == 0)


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    requested = error.wait if isinstance(error, GitHubError) else None
    return requested if requested is not None else float(2 ** (state.attempt_number - 1))
