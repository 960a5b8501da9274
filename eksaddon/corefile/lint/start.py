"""Whether CoreDNS would start with a Corefile."""

from functools import lru_cache

from eksaddon.corefile.lint.linter import lint
from eksaddon.corefile.syntax.versions import Version
from eksaddon.domain.diagnostic import Diagnostic, Severity


@lru_cache(maxsize=512)  # builds of one CoreDNS say the same, and a fleet shares texts
def start_errors(text: str, coredns: Version) -> tuple[Diagnostic, ...]:
    """Why CoreDNS of a version would not start with a Corefile; empty if it would."""
    found = (one.diagnostic for one in lint(text, version=coredns))
    return tuple(one for one in found if one.severity is Severity.ERROR)
