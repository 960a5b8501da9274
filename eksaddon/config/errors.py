"""Collects all errors of a file in one exception."""

from collections.abc import Sequence

from eksaddon.domain.diagnostic import Diagnostic, Location, Severity
from eksaddon.domain.errors import EksdnsError


class ConfigError(EksdnsError):
    """The file is invalid.

    Attributes:
        diagnostics: All errors, in the order of the file.
    """

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        self.diagnostics = tuple(sorted(set(diagnostics), key=_order))
        first = self.diagnostics[0]
        if len(self.diagnostics) == 1:
            super().__init__(_line(first), hint=first.detail)
            return
        lines = [
            f"  {_line(each)}" + (f" ({each.detail})" if each.detail else "") for each in self.diagnostics
        ]
        source = first.location.source if first.location else "configuration"
        super().__init__("\n".join([f"{source} has {len(lines)} errors", *lines]))
        self.parts = tuple((_line(each), each.detail) for each in self.diagnostics)


def fault(location: Location, rule: str, summary: str, detail: str = "") -> Diagnostic:
    """Build an error diagnostic."""
    return Diagnostic(Severity.ERROR, rule, summary, detail, location)


def _order(diagnostic: Diagnostic) -> tuple[str, int, int, str]:
    at = diagnostic.location or Location("")
    return at.source, at.line, at.column, diagnostic.summary


def _line(diagnostic: Diagnostic) -> str:
    return f"{diagnostic.location}: {diagnostic.summary}" if diagnostic.location else diagnostic.summary
