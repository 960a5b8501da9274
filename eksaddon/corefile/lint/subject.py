"""The common input of lint rules, and construction of findings."""

from collections.abc import Mapping
from dataclasses import field

from eksaddon.corefile.editing.spans import Planner
from eksaddon.corefile.lint.findings import Finding, Fix
from eksaddon.corefile.syntax.lines import Lines
from eksaddon.corefile.syntax.tokens import Token
from eksaddon.corefile.syntax.tree import Corefile
from eksaddon.corefile.syntax.versions import Version
from eksaddon.corefile.syntax.wording import cut
from eksaddon.domain.diagnostic import Diagnostic, Location, Severity
from eksaddon.frozen import dataclass
from eksaddon.regex import regex

_BLANK = " \t\r\n"


@dataclass(frozen=True, slots=True)
class Subject:
    """A Corefile and a CoreDNS version.

    Attributes:
        corefile: Parsed with all directive names accepted.
        source: Name given by the user.
        unit: Indentation of a property relative to its directive.
        planner: Creates the spans of fixes.
    """

    corefile: Corefile
    version: Version
    source: str
    environment: Mapping[str, str]
    unit: str
    lines: Lines = field(repr=False)
    planner: Planner = field(repr=False)

    @property
    def text(self) -> str:
        return self.corefile.text

    def at(
        self,
        severity: Severity,
        rule: str,
        token: Token | None,
        summary: str,
        detail: str = "",
        *,
        fix: Fix | None = None,
    ) -> Finding:
        """Build a finding at a token; for an imported one, at the import."""
        if token is None:
            end = len(self.text.rstrip(_BLANK))
            return self.between(severity, rule, (max(0, end - 1), end), summary, detail, fix=fix)
        if token.file:
            summary = f"{summary} (in {token.file}, line {token.line})"
            token, fix = origin(token), None
        return self.between(severity, rule, (token.start, token.end), summary, detail, fix=fix)

    def between(
        self,
        severity: Severity,
        rule: str,
        span: tuple[int, int],
        summary: str,
        detail: str = "",
        *,
        fix: Fix | None = None,
    ) -> Finding:
        """Build a finding at a span of the text."""
        line, column = self.lines.place(span[0])
        location = Location(self.source, line, column)
        return Finding(Diagnostic(severity, rule, cut(summary), detail, location), *span, fix)

    def indent(self, token: Token) -> str:
        """Leading white space of a token's line."""
        start, _ = self.lines.span(self.lines.place(token.start)[0])
        found = _INDENT.match(self.text, start)
        return found[0] if found else ""

    def newline(self) -> str:
        """The line ending of the text."""
        return "\r\n" if "\r\n" in self.text[:_ENDING_SAMPLE] else "\n"


_INDENT = regex(r"[ \t]*")
_ENDING_SAMPLE = 10_000
"""Number of characters that are read to detect the line ending."""


def origin(token: Token) -> Token:
    """The token itself, or the import in the Corefile that contains it."""
    return token.via.outermost.pattern if token.file and token.via is not None else token
