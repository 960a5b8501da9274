"""One way from a result to a text, whatever the format."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import assert_never

from eksaddon.domain.json import JsonObject
from eksaddon.domain.plan import Plan
from eksaddon.domain.run import RunResult
from eksaddon.report.documents import drift_document, plan_document, run_document, timestamp
from eksaddon.report.formats import Format
from eksaddon.report.status import Row, status_document, status_table
from eksaddon.report.table import Look, drawn, drift_table, plan_table, run_table


@dataclass(frozen=True, slots=True)
class Planned:
    plan: Plan


@dataclass(frozen=True, slots=True)
class Drifted:
    plan: Plan


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


Report = Planned | Drifted | Ran | Listed


def document(report: Report) -> JsonObject:
    match report:
        case Planned(plan=plan):
            return plan_document(plan)
        case Drifted(plan=plan):
            return drift_document(plan)
        case Ran(result=result):
            return run_document(result)
        case Listed(rows=rows, at=at):
            return status_document(rows, timestamp(at))
        case _:
            assert_never(report)


def render(report: Report, wanted: Format, look: Look) -> str:
    return RENDERERS[wanted](report, look)


def _table(report: Report, look: Look) -> str:
    match report:
        case Planned(plan=plan):
            return plan_table(plan, look)
        case Drifted(plan=plan):
            return drift_table(plan, look)
        case Ran(result=result):
            return run_table(result, look)
        case Listed(rows=rows):
            return drawn(status_table(rows), look)
        case _:
            assert_never(report)


def _json(report: Report, _: Look) -> str:
    import json  # noqa: PLC0415  # kept beside its only use

    return json.dumps(document(report), indent=2, ensure_ascii=True) + "\n"


def _yaml(report: Report, _: Look) -> str:
    import io  # noqa: PLC0415  # as above

    from ruamel.yaml import YAML  # noqa: PLC0415  # 30 ms that other formats need not pay

    out = io.StringIO()
    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style = False
    writer.sort_base_mapping_type_on_output = False  # type: ignore[assignment]  # keys keep the document's order
    writer.dump(document(report), out)
    return out.getvalue()


RENDERERS: dict[Format, Callable[[Report, Look], str]] = {
    Format.TABLE: _table,
    Format.JSON: _json,
    Format.YAML: _yaml,
}
