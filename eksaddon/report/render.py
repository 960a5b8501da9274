"""One way from a result to a text, whatever the format."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import assert_never

from eksaddon.domain.json import JsonObject
from eksaddon.domain.last_update import LastUpdate
from eksaddon.domain.plan import Plan
from eksaddon.domain.run.result import RunResult
from eksaddon.domain.target import ClusterRef
from eksaddon.report.documents import documents
from eksaddon.report.format import Format
from eksaddon.report.model.build import drift_sheet, plan_sheet, run_sheet, timestamp
from eksaddon.report.model.model import Sheet
from eksaddon.report.model.options import COMMENT_BYTES, Look
from eksaddon.report.model.status import Row, status_sheet


@dataclass(frozen=True, slots=True)
class Planned:
    plan: Plan


@dataclass(frozen=True, slots=True)
class Drifted:
    """Attributes: updates: The newest of each cluster that was asked about; empty where nobody asked."""

    plan: Plan
    updates: Mapping[ClusterRef, LastUpdate] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ran:
    result: RunResult


@dataclass(frozen=True, slots=True)
class Listed:
    """What `status` found.

    Attributes:
        at: Seconds since the epoch.
    """

    rows: tuple[Row, ...]
    at: float


Report = Planned | Drifted | Ran | Listed | Sheet
"""A sheet is what `merge` makes of documents."""


def sheet_of(report: Report) -> Sheet:
    match report:
        case Planned(plan=plan):
            return plan_sheet(plan)
        case Drifted(plan=plan, updates=updates):
            return drift_sheet(plan, updates)
        case Ran(result=result):
            return run_sheet(result)
        case Listed(rows=rows, at=at):
            return status_sheet(rows, timestamp(at))
        case Sheet():
            return report
        case _:
            assert_never(report)


def document(report: Report) -> JsonObject:
    return documents.document(sheet_of(report))


def render(report: Report, wanted: Format, look: Look) -> str:
    """The whole output, with a line feed at its end."""
    return FORMATS[wanted](sheet_of(report), look)


# Each imports what it needs when it is used: rich alone costs more than most reports.


def _table(sheet: Sheet, look: Look) -> str:
    from eksaddon.report.formats.table import table  # noqa: PLC0415  # see above

    return table(sheet, look)


def _json(sheet: Sheet, _: Look) -> str:
    from eksaddon.report.formats.json_yaml import json_text  # noqa: PLC0415  # see above

    return json_text(documents.document(sheet))


def _yaml(sheet: Sheet, _: Look) -> str:
    from eksaddon.report.formats.json_yaml import yaml_text  # noqa: PLC0415  # see above

    return yaml_text(documents.document(sheet))


def _csv(sheet: Sheet, _: Look) -> str:
    from eksaddon.report.formats.csv import csv_text  # noqa: PLC0415  # see above

    return csv_text(sheet)


def _markdown(sheet: Sheet, look: Look) -> str:
    from eksaddon.report.formats.markdown import markdown  # noqa: PLC0415  # see above

    return markdown(sheet, look)


def _comment(sheet: Sheet, look: Look) -> str:
    return _markdown(sheet, replace(look, most_bytes=min(look.most_bytes, COMMENT_BYTES)))


def _junit(sheet: Sheet, _: Look) -> str:
    from eksaddon.report.formats.junit import junit  # noqa: PLC0415  # see above

    return junit(sheet)


def _sarif(sheet: Sheet, look: Look) -> str:
    from eksaddon.report.formats.sarif import sarif  # noqa: PLC0415  # see above

    return sarif(sheet, look)


def _html(sheet: Sheet, _: Look) -> str:
    from eksaddon.report.formats.html import page  # noqa: PLC0415  # see above

    return page(sheet)


def _github(sheet: Sheet, _: Look) -> str:
    from eksaddon.report.formats.annotations import annotations  # noqa: PLC0415  # see above

    return annotations(sheet)


FORMATS: Mapping[Format, Callable[[Sheet, Look], str]] = MappingProxyType(
    {
        Format.TABLE: _table,
        Format.JSON: _json,
        Format.YAML: _yaml,
        Format.CSV: _csv,
        Format.MARKDOWN: _markdown,
        Format.COMMENT: _comment,
        Format.JUNIT: _junit,
        Format.SARIF: _sarif,
        Format.HTML: _html,
        Format.GITHUB: _github,
    }
)
