"""Environment variables in tokens: `{%NAME%}` and `{$NAME}`.

Source: replaceEnvVars in caddyfile/parse.go of coredns/caddy 15135a9.
"""

from collections.abc import Mapping

_MOST_WORK = 1 << 24
"""Characters written before a replacing counts as endless; beyond any Corefile, a moment of work."""
_PASS = 64
"""Cost of one expansion round in addition to its characters."""


class EndlessVariableError(Exception):
    """A value holds its own name; CoreDNS would replace it forever."""

    def __init__(self, reference: str) -> None:
        super().__init__(f"environment variable {reference} expands without end")


def replace_variables(text: str, environment: Mapping[str, str]) -> str:
    """Replace all references; a variable that is not set is empty, and the result is scanned again.

    Raises:
        EndlessVariableError: The replacing does not come to an end.
    """
    if "{" not in text:
        return text
    return _replace(_replace(text, "{%", "%}", environment), "{$", "}", environment)


def _replace(text: str, opening: str, closing: str, environment: Mapping[str, str]) -> str:
    start = text.find(opening)
    work = 0
    while start != -1:
        end = text.find(closing, start)
        if end <= start + len(opening):
            return text  # not closed, or without a name
        reference = text[start : end + len(closing)]
        value = environment.get(reference[len(opening) : -len(closing)], "")
        work += _PASS + len(text) + text.count(reference) * len(value)
        if work > _MOST_WORK:
            raise EndlessVariableError(reference)
        text = text.replace(reference, value)
        start = text.find(opening)
    return text
