"""A finding about a document, a cluster or a plan."""

from enum import StrEnum

from eksaddon.frozen import dataclass


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """Position of a finding or a value in a source text.

    Attributes:
        source: File name as the user gave it, `-` for standard input, or the name of another source
            (`flag --lameduck`, `configurationValues`).
        line: From 1; 0 if the source has no lines.
        column: From 1, in characters; 0 if unknown.
    """

    source: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        parts = [self.source, *(str(number) for number in (self.line, self.column) if number)]
        return ":".join(parts)


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A finding with its severity, rule and location.

    Attributes:
        rule: Id such as `termination-budget`; published, must not be renamed.
        summary: One sentence without a full stop.
        detail: Explanation and fix; can be empty.
    """

    severity: Severity
    rule: str
    summary: str
    detail: str = ""
    location: Location | None = None

    @property
    def label(self) -> str:
        """The word before the summary in reports."""
        return self.severity.value
