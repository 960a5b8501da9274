"""EKS' bearer tokens: a presigned GetCallerIdentity.

Source: kubernetes-sigs/aws-iam-authenticator, token.go.
"""

import base64
import binascii
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

PREFIX = "k8s-aws-v1."

LIFE = 15 * 60
"""Seconds for which the server accepts a token, regardless of X-Amz-Expires."""

_SIGNED = "x-k8s-aws-id"
_MOST_BYTES = 4096


def access_key(authorization: str, now: float) -> str | None:
    """The key that signed a token; None for an invalid token."""
    token = authorization.removeprefix("Bearer ")
    if token == authorization or not token.startswith(PREFIX) or len(token) > _MOST_BYTES:
        return None
    query = _query(token.removeprefix(PREFIX))
    if query.get("Action") != "GetCallerIdentity" or not _is_signed(query):
        return None
    signed_at = _when(query.get("X-Amz-Date", ""))
    if signed_at is None or not signed_at - LIFE <= now < signed_at + LIFE:
        return None
    return query.get("X-Amz-Credential", "").partition("/")[0] or None


def _query(coded: str) -> dict[str, str]:
    try:
        url = base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4)).decode("ascii")
    except (binascii.Error, UnicodeDecodeError):
        return {}
    parts = urlsplit(url)
    if parts.scheme != "https" or parts.path != "/":
        return {}
    return {name: values[0] for name, values in parse_qs(parts.query).items()}


def _is_signed(query: dict[str, str]) -> bool:
    return _SIGNED in query.get("X-Amz-SignedHeaders", "").split(";")


def _when(text: str) -> float | None:
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()
    except ValueError:
        return None
