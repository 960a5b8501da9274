"""Expands patterns of cluster names, such as `app-{region}-{n:03}`."""

import re

from eksaddon.regex import regex

_FIELD = regex(r"\{(?:(?P<word>account|region)|n(?::0(?P<width>[1-9]))?)\}")
_CLUSTER = regex(r"[0-9A-Za-z][A-Za-z0-9_-]{0,99}")
"""Source: ClusterName of the eks 2017-11-01 model."""


class PatternError(Exception):
    """Invalid pattern; the text is the reason."""


def unfold(pattern: str, *, number: int, account: str, region: str) -> str:
    """Fill in `{n}`, `{n:03}`, `{account}` and `{region}`.

    Raises:
        PatternError: The result is not a valid cluster name.
    """

    def fill(field: re.Match[str]) -> str:
        match field["word"]:
            case "account":
                return account
            case "region":
                return region
            case _:
                return f"{number:0{field['width'] or 1}}"

    name = _FIELD.sub(fill, pattern)
    if not _CLUSTER.fullmatch(name):
        raise PatternError(
            f"invalid cluster name {name!r}; placeholders: {{n}}, {{n:03}}, {{account}} and {{region}}"
        )
    return name


def is_numbered(pattern: str) -> bool:
    return any(field["word"] is None for field in _FIELD.finditer(pattern))
