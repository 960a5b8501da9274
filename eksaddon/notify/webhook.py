"""Sends an event to a URL, signed."""

import hmac
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import field
from http import HTTPStatus
from http.client import HTTPException
from urllib.parse import urlsplit

from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.frozen import dataclass

ATTEMPTS = 3
TIMEOUT = 10.0
SIGNATURE = "X-Eksdns-Signature"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Do not follow redirects: the event would go to another host."""

    def redirect_request(self, *_: object, **__: object) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Webhook:
    """A URL with the secret that it shares with us.

    Args:
        url: `https`, except on loopback addresses.
        secret: Key of the HMAC-SHA256 over the body, in the header `X-Eksdns-Signature: sha256=HEX`.
        sleep: Waits between attempts, in seconds.

    Raises:
        EksdnsError: The URL is invalid or not encrypted, or the secret is missing.
    """

    url: str
    secret: str = field(repr=False)
    sleep: Callable[[float], None] = time.sleep

    def __post_init__(self) -> None:
        try:
            parts = urlsplit(self.url)
            host, _ = parts.hostname, parts.port  # both are parsed on access
        except ValueError as error:
            raise EksdnsError(
                f"--notify-url is not a URL: {error}",
                hint="use an https URL",
                exit_code=ExitCode.USAGE,
            ) from None
        is_local = parts.scheme == "http" and host in LOOPBACK
        if not host or (parts.scheme != "https" and not is_local):
            raise EksdnsError(
                "--notify-url does not use https", hint="use an https URL", exit_code=ExitCode.USAGE
            )
        if not self.secret:
            raise EksdnsError(
                "--notify-url needs a secret to sign the event with",
                hint="set EKSDNS_NOTIFY_SECRET",
                exit_code=ExitCode.USAGE,
            )

    def send(self, body: bytes) -> str:
        """Send an event; returns why it was not delivered after all attempts, empty if it was."""
        problem = ""
        for attempt in range(ATTEMPTS):
            if attempt:
                self.sleep(2.0 ** (attempt - 1))
            problem, is_final = self._send(body)
            if not problem or is_final:
                break
        return problem

    def _send(self, body: bytes) -> tuple[str, bool]:
        """Why it was not delivered, and whether another attempt is useless."""
        digest = hmac.digest(self.secret.encode(), body, "sha256").hex()
        headers = {"Content-Type": "application/json", SIGNATURE: f"sha256={digest}"}
        request = urllib.request.Request(self.url, data=body, headers=headers)  # noqa: S310  # checked above
        try:
            with urllib.request.build_opener(_NoRedirect).open(request, timeout=TIMEOUT):
                return "", True
        except urllib.error.HTTPError as error:
            with error:
                is_retryable = error.code >= HTTPStatus.INTERNAL_SERVER_ERROR or error.code in {
                    HTTPStatus.TOO_MANY_REQUESTS,
                    HTTPStatus.REQUEST_TIMEOUT,
                }
                return f"the webhook answered {error.code}", not is_retryable
        except (OSError, HTTPException, ValueError) as error:
            return f"the webhook did not answer: {getattr(error, 'reason', None) or error}", False
