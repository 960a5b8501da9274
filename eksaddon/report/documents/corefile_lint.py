"""Findings of `corefile lint` as a JSON document."""

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, Literal

from eksaddon.corefile.lint.findings import Finding
from eksaddon.domain.diagnostic import Severity
from eksaddon.domain.document import Count, Version, as_json
from eksaddon.domain.json import SCHEMA_VERSION, JsonObject
from eksaddon.frozen import dataclass


@dataclass(frozen=True, slots=True)
class LintSummary:
    findings: Count
    error: Count
    warning: Count
    info: Count


@dataclass(frozen=True, slots=True)
class FindingView:
    severity: Severity
    rule: Annotated[str, "Stable rule ID."]
    summary: str
    detail: Annotated[str, "Explanation and fix; may be empty."]
    line: Annotated[Count, "From 1; 0 for the file as a whole."]
    column: Annotated[Count, "From 1, in characters; 0 for the file as a whole."]
    start: Annotated[Count, "Of the span, in characters from the start of the file."]
    end: Count
    fix: Annotated[str | None, "What `--fix` would do; null if there is no fix."]


@dataclass(frozen=True, slots=True)
class LintDocument:
    schema_version: Version
    kind: Literal["corefileLint"]
    file: str
    ok: Annotated[bool, "Whether no error was found."]
    summary: Annotated[LintSummary, "The severities add up to `findings`."]
    findings: tuple[FindingView, ...]


def lint_document(source: str, findings: Sequence[Finding]) -> JsonObject:
    counts = Counter(one.severity for one in findings)
    summary = LintSummary(
        len(findings), counts[Severity.ERROR], counts[Severity.WARNING], counts[Severity.INFO]
    )
    views = tuple(_view(one) for one in findings)
    return as_json(LintDocument(SCHEMA_VERSION, "corefileLint", source, not summary.error, summary, views))


def _view(one: Finding) -> FindingView:
    place, diagnostic = one.diagnostic.location, one.diagnostic
    return FindingView(
        severity=one.severity,
        rule=one.rule,
        summary=diagnostic.summary,
        detail=diagnostic.detail,
        line=place.line if place else 0,
        column=place.column if place else 0,
        start=one.start,
        end=one.end,
        fix=one.fix.title if one.fix else None,
    )
