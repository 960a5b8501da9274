"""The identity that GitHub gives to a job."""

import base64
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from eksaddon.domain.access.trust import AUDIENCE
from eksaddon.github.errors import GitHubError
from eksaddon.github.rest import Rest

URL, TOKEN = "ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"


def may_have_identity(environ: Mapping[str, str]) -> bool:
    """Whether the job has `permissions: id-token: write`."""
    return bool(environ.get(URL) and environ.get(TOKEN))


def subject(environ: Mapping[str, str]) -> str:
    """Of the job's own token, read without checking its signature: AWS does that.

    Raises:
        EksdnsError: GitHub gives no token, or one that cannot be read.
    """
    parts = urlsplit(environ[URL])
    rest = Rest(f"{parts.scheme}://{parts.netloc}", environ[TOKEN])
    query = "&".join(filter(None, (parts.query, urlencode({"audience": AUDIENCE}))))
    found = rest.get(f"{parts.path}?{query}")
    claims = _claims(found.get("value") if isinstance(found, Mapping) else None)
    named = claims.get("sub")
    if not isinstance(named, str):
        raise GitHubError("the job's token", "it has no `sub` claim")
    return named


def _claims(token: Any) -> Mapping[str, Any]:  # noqa: ANN401  # JSON
    parts = token.split(".") if isinstance(token, str) else []
    try:
        body = parts[1]
        found = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except (IndexError, ValueError):
        found = None
    if not isinstance(found, Mapping):
        raise GitHubError("the job's token", "it cannot be decoded")
    return found
