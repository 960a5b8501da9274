"""Renders any result in any format."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import field, replace
from types import MappingProxyType
from typing import assert_never

from eksaddon.domain.json import JsonObject
from eksaddon.domain.last_update import LastUpdate
from eksaddon.domain.plan import Plan
from eksaddon.domain.run.result import RunResult
from eksaddon.domain.shards.shard import ShardMark
from eksaddon.domain.target import ClusterRef
from eksaddon.frozen import dataclass
from eksaddon.report.documents import documents
from eksaddon.report.format import Format
from eksaddon.report.model.audited import Examined, audit_model
from eksaddon.report.model.build import drift_model, plan_model, run_model, timestamp
from eksaddon.report.model.model import ReportModel
from eksaddon.report.model.options import COMMENT_BYTES, RenderOptions
from eksaddon.report.model.order import in_natural_order
from eksaddon.report.model.status import Row, status_model


@dataclass(frozen=True, slots=True)
class Planned:
    """Attributes: shard: None for a whole fleet, as below."""

    plan: Plan
    shard: ShardMark | None = None


@dataclass(frozen=True, slots=True)
class Drifted:
    """Plan of `drift`.

    Attributes:
        updates: Newest update of each cluster where it was read; empty if not requested.
    """

    plan: Plan
    updates: Mapping[ClusterRef, LastUpdate] = field(default_factory=dict)
    shard: ShardMark | None = None


@dataclass(frozen=True, slots=True)
class Ran:
    result: RunResult


@dataclass(frozen=True, slots=True)
class Listed:
    """Result of `status`.

    Attributes:
        at: Seconds since the epoch.
    """

    rows: tuple[Row, ...]
    at: float
    shard: ShardMark | None = None


@dataclass(frozen=True, slots=True)
class Audited:
    """Result of `audit`.

    Attributes:
        at: Seconds since the epoch.
    """

    rows: tuple[Examined, ...]
    at: float
    shard: ShardMark | None = None


Report = Planned | Drifted | Ran | Listed | Audited | ReportModel
"""A ReportModel comes from `merge`."""


def report_model_of(report: Report) -> ReportModel:
    match report:
        case Planned(plan=plan, shard=shard):
            return plan_model(plan, shard)
        case Drifted(plan=plan, updates=updates, shard=shard):
            return replace(drift_model(plan, updates), shard=shard)
        case Ran(result=result):
            return run_model(result)
        case Listed(rows=rows, at=at, shard=shard):
            return replace(status_model(rows, timestamp(at)), shard=shard)
        case Audited(rows=rows, at=at, shard=shard):
            return replace(audit_model(rows, timestamp(at)), shard=shard)
        case ReportModel():
            return report
        case _:
            assert_never(report)


def document(report: Report) -> JsonObject:
    return documents.document(in_natural_order(report_model_of(report)))


def render(report: Report, wanted: Format, render_options: RenderOptions) -> str:
    """Render the complete output, with a final line feed."""
    return FORMATS[wanted](in_natural_order(report_model_of(report)), render_options)


def render_parts(report: Report, wanted: Format, render_options: RenderOptions) -> Iterator[str]:
    """The text of `render` in parts: JSON as it is made, other formats as a whole."""
    report_model = in_natural_order(report_model_of(report))
    if wanted is Format.JSON:
        return _json_parts(report_model)
    return iter((FORMATS[wanted](report_model, render_options),))


# Each imports what it needs when it is used: rich alone costs more than most reports.


def _table(report_model: ReportModel, render_options: RenderOptions) -> str:
    from eksaddon.report.formats.table import table  # noqa: PLC0415  # see above

    return table(report_model, render_options)


def _json(report_model: ReportModel, _: RenderOptions) -> str:
    return "".join(_json_parts(report_model))


def _json_parts(report_model: ReportModel) -> Iterator[str]:
    from eksaddon.report.formats.json_yaml import json_parts  # noqa: PLC0415  # see above

    clusters = documents.cluster_documents(report_model)
    return json_parts(documents.document_without_clusters(report_model), clusters)


def _yaml(report_model: ReportModel, _: RenderOptions) -> str:
    from eksaddon.report.formats.json_yaml import yaml_text  # noqa: PLC0415  # see above

    return yaml_text(documents.document(report_model))


def _csv(report_model: ReportModel, _: RenderOptions) -> str:
    from eksaddon.report.formats.csv import csv_text  # noqa: PLC0415  # see above

    return csv_text(report_model)


def _markdown(report_model: ReportModel, render_options: RenderOptions) -> str:
    from eksaddon.report.formats.markdown import markdown  # noqa: PLC0415  # see above

    return markdown(report_model, render_options)


def _comment(report_model: ReportModel, render_options: RenderOptions) -> str:
    return _markdown(
        report_model, replace(render_options, most_bytes=min(render_options.most_bytes, COMMENT_BYTES))
    )


def _junit(report_model: ReportModel, _: RenderOptions) -> str:
    from eksaddon.report.formats.junit import junit  # noqa: PLC0415  # see above

    return junit(report_model)


def _sarif(report_model: ReportModel, render_options: RenderOptions) -> str:
    from eksaddon.report.formats.sarif import sarif  # noqa: PLC0415  # see above

    return sarif(report_model, render_options)


def _html(report_model: ReportModel, render_options: RenderOptions) -> str:
    from eksaddon.report.formats.html import page  # noqa: PLC0415  # see above

    return page(report_model, render_options.origin)


def _github(report_model: ReportModel, _: RenderOptions) -> str:
    from eksaddon.report.formats.annotations import annotations  # noqa: PLC0415  # see above

    return annotations(report_model)


FORMATS: Mapping[Format, Callable[[ReportModel, RenderOptions], str]] = MappingProxyType(
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
