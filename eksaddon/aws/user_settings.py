"""Request settings in the user's AWS configuration."""

import os
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from botocore.exceptions import InvalidConfigError
from botocore.session import Session

from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.frozen import dataclass
from eksaddon.regex import regex

_NOT_ALLOWED = regex(r"[^A-Za-z0-9!$%&'*+.^_`|~,-]")
"""Characters that botocore also replaces in a part of the user agent."""

_LAST_PORT = 65535


@dataclass(frozen=True, slots=True)
class UserSettings:
    """Settings of the user; empty or 0 if not set.

    Attributes:
        mode: AWS_RETRY_MODE or `retry_mode`.
        attempts: AWS_MAX_ATTEMPTS or `max_attempts`: maximum requests for one call.
        app_id: AWS_SDK_UA_APP_ID or `sdk_ua_app_id`, as used in the user agent.
    """

    mode: str = ""
    attempts: int = 0
    app_id: str = ""


def user_settings(session: Session) -> UserSettings:
    """Read from the environment and the session's profile.

    Raises:
        ProfileNotFound: The profile does not exist.
        InvalidConfigError: A number is invalid.
    """
    mode = os.environ.get("AWS_RETRY_MODE") or session.get_scoped_config().get("retry_mode") or ""
    try:
        attempts = session.get_config_variable("max_attempts") or 0
    except ValueError:
        given = os.environ.get("AWS_MAX_ATTEMPTS") or session.get_scoped_config().get("max_attempts")
        text = f"AWS_MAX_ATTEMPTS or max_attempts is {given!r}, not a whole number"
        raise InvalidConfigError(error_msg=text) from None
    app_id = session.get_config_variable("user_agent_appid") or ""
    return UserSettings(str(mode), int(str(attempts)), _NOT_ALLOWED.sub("-", str(app_id)))


def check_endpoints(session: Session, environ: Mapping[str, str] = os.environ) -> None:
    """Reject an invalid endpoint URL.

    Raises:
        EksdnsError: Its scheme, host or port is invalid.
    """
    for name, url in _endpoints(session, environ):
        reason = _misfit(url)
        if reason:
            place = urlsplit(url.replace("[", "").replace("]", "")).netloc.rpartition("@")[2] or url
            raise EksdnsError(
                f"invalid endpoint {place} in {name}: {reason}",
                hint="write it as https://HOST or http://HOST:PORT",
                exit_code=ExitCode.USAGE,
            )


def _endpoints(session: Session, environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, value in sorted(environ.items()):
        if name == "AWS_ENDPOINT_URL" or name.startswith("AWS_ENDPOINT_URL_"):
            yield name, value
    try:
        found = session.get_scoped_config().get("endpoint_url")
    except Exception:  # noqa: BLE001  # an invalid configuration is reported when a client is created
        return
    if isinstance(found, str):
        yield "endpoint_url of the profile", found


def _misfit(url: str) -> str:
    """Why the URL is invalid; empty if it is valid."""
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return f"the port must be a number from 1 to {_LAST_PORT}"
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return "it is not a URL"
    return f"the port must be a number from 1 to {_LAST_PORT}" if port == 0 else ""
