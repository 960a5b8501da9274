"""Reads the OIDC token of a GitHub Actions job."""

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
    """Whether the job can request a token (`permissions: id-token: write`)."""
    return bool(environ.get(URL) and environ.get(TOKEN))


def subject(environ: Mapping[str, str], audience: str = AUDIENCE) -> str:
    """The `sub` claim of the job's token; AWS verifies the signature, not eksdns.

    Raises:
        EksdnsError: GitHub returns no token, or the token cannot be decoded.
    """
    parts = urlsplit(environ[URL])
    rest = Rest(f"{parts.scheme}://{parts.netloc}", environ[TOKEN])
    query = "&".join(filter(None, (parts.query, urlencode({"audience": audience}))))
    found = rest.get(f"{parts.path}?{query}")
    claims = _claims(found.get("value") if isinstance(found, Mapping) else None)
    claim = claims.get("sub")
    if not isinstance(claim, str):
        raise GitHubError("the job's token", "it has no `sub` claim")
    return claim


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
