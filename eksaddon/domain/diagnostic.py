"""A finding about a document, a cluster or a plan."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """Where in a source text a finding or a value stands.

    Attributes:
        source: File name as the user gave it, `-` for standard input, or a word for what is no file
            (`flag --lameduck`, `configurationValues`).
        line: From 1; 0 where the source has no lines.
        column: From 1, in characters; 0 where unknown.
    """

    source: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        parts = [self.source, *(str(number) for number in (self.line, self.column) if number)]
        return ":".join(parts)


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """Severity, a stable rule id, one sentence, and what to do.

    Attributes:
        rule: Stable id such as `termination-budget`; published, so never renamed.
        summary: One sentence without a full stop.
        detail: Explanation and fix; may be empty.
    """

    severity: Severity
    rule: str
    summary: str
    detail: str = ""
    location: Location | None = None
