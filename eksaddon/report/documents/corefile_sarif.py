"""Findings of `corefile lint` as SARIF 2.1.0, for code scanning."""

from collections.abc import Sequence
from pathlib import PurePath

from eksaddon import __version__
from eksaddon.corefile.lint.findings import RULES, Finding
from eksaddon.domain.json import JsonObject
from eksaddon.domain.printable import printable
from eksaddon.report.sarif_terms import LEVELS, SCHEMA


def lint_sarif(found: Sequence[tuple[str, Sequence[Finding]]]) -> JsonObject:
    """One SARIF run for all files; locations use the file names as given."""
    used = sorted({one.rule for _, findings in found for one in findings})
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "eksdns",
                        "version": __version__,
                        "rules": [_rule(id_) for id_ in used],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(source, one, used) for source, findings in found for one in findings],
            }
        ],
    }


def _rule(id_: str) -> JsonObject:
    rule = RULES[id_]
    return {
        "id": id_,
        "shortDescription": {"text": rule.explanation},
        "properties": {"tags": [rule.group.value]},
    }


def _result(source: str, one: Finding, used: Sequence[str]) -> JsonObject:
    place = one.diagnostic.location
    text = ". ".join(part for part in (one.diagnostic.summary, one.diagnostic.detail) if part)
    region = {
        "startLine": max(1, place.line if place else 1),
        "startColumn": max(1, place.column if place else 1),
    }
    uri = PurePath(source).as_posix()
    return {
        "ruleId": one.rule,
        "ruleIndex": used.index(one.rule),
        "level": LEVELS[one.severity],
        "message": {"text": printable(text)},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}],
    }
