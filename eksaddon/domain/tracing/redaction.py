"""Removes credentials from texts that are written for others to read."""

import re
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl, urlsplit

from eksaddon.regex import regex

REMOVED = "[removed]"

SHORTEST_SECRET = 6
"""Characters; a shorter value of a variable would also be found in harmless words."""

_SECRET_VARIABLE = regex(r"KEY|TOKEN|SECRET|PASSW|CREDENTIAL|AUTH|COOKIE|SIGNATURE", re.IGNORECASE)
_SHOWN_QUERY = frozenset(
    {
        *("addonName", "addonVersion", "kubernetesVersion", "include", "maxResults"),
        *("container", "dryRun", "fieldManager", "fieldSelector", "fieldValidation", "force"),
        *("labelSelector", "limit", "propagationPolicy", "resourceVersion", "tailLines", "watch"),
        *("delimiter", "encoding-type", "list-type", "max-keys", "prefix", "page", "per_page"),
    }
)
"""Parameters of a query whose values are shown; the values of all others are removed.

A list of what may be shown, because signed URLs, page tokens and proxies have parameters that no list of
secrets knows (source: Signature Version 4, X-Amz-Signature, X-Amz-Credential and X-Amz-Security-Token).
"""

_CREDENTIALS = (
    regex(r"(?<=//)[^/\s@]+(?=@)"),  # user and password of a URL
    regex(r"(?i)(?<=authorization: )[^\r\n]+|(?<=authorization=)[^\r\n]+"),
    regex(r"(?i)\b(?:bearer|basic|negotiate)\s+[\w.~+/=-]{6,}"),
    regex(r"k8s-aws-v1\.[\w-]+"),  # a token of aws-iam-authenticator is a signed URL in Base64
    regex(r"\beyJ[\w-]+\.[\w-]*\.?[\w-]*"),  # a JSON Web Token
    regex(r"\b(?:AKIA|ASIA|AIDA|AROA|ABIA|ACCA)[A-Z0-9]{12,}\b"),  # source: IAM, unique identifiers
    regex(r"\b(?:gh[opusr]_|github_pat_|glpat-|xox[abprs]-)[\w-]{10,}"),
    regex(r"-----BEGIN [A-Z ]+-----.*?(?:-----END [A-Z ]+-----|\Z)", re.DOTALL),
    regex(
        r"(?i)(?<![a-z])(?:[\w-]*(?:secret|token|password|passwd|signature|credential|api[_-]?key)[\w-]*)"
        r"[\"']?\s*[=:]\s*[\"']?[^\s\"'&,;]+"
    ),
)


def secret_values(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Values of variables with a secret's name, and passwords in URLs of all variables; longest first."""
    named = {value for name, value in environ.items() if _SECRET_VARIABLE.search(name)}
    in_urls = {found for value in environ.values() for found in _password_of(value)}
    known = {value for value in named | in_urls if len(value) >= SHORTEST_SECRET}
    return tuple(sorted(known, key=lambda value: (-len(value), value)))


def _password_of(value: str) -> tuple[str, ...]:
    try:
        password = urlsplit(value).password
    except ValueError:
        return ()
    return (password,) if password else ()


def without_secrets(text: str, known: Iterable[str] = ()) -> str:
    """Remove everything that looks like a credential.

    Args:
        known: Secret values of this process, of which every occurrence is removed.
    """
    for value in known:
        text = text.replace(value, REMOVED)
    for pattern in _CREDENTIALS:
        text = pattern.sub(REMOVED, text)
    return text


def shown_url(url: str) -> str:
    """A URL without user, password and fragment, and with harmless values of its query only."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", f":{parts.port}" if parts.port else ""
    except ValueError:
        return REMOVED
    address = f"[{host}]" if ":" in host else host
    query = "&".join(
        f"{name}={value if name in _SHOWN_QUERY else REMOVED}"
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
    )
    scheme = f"{parts.scheme}://" if parts.scheme else ""
    return f"{scheme}{address}{port}{parts.path}{f'?{query}' if query else ''}"
