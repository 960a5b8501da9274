"""The HTML report: one self-contained page."""

import base64
import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup, escape

from eksaddon import __version__
from eksaddon.regex import regex
from eksaddon.report.escape import json_in_logs, terminal, without_commands
from eksaddon.report.formats.heatmap import heat_map
from eksaddon.report.formats.html_view import columns, group_views, more_columns, row_views, totals
from eksaddon.report.formats.html_waves import probe_views, wave_views
from eksaddon.report.model.groups import grouped
from eksaddon.report.model.live_rows import COLUMNS, MODES
from eksaddon.report.model.model import ReportModel
from eksaddon.report.model.options import NO_ORIGIN, Origin
from eksaddon.report.model.probes import PROBE_COLUMNS
from eksaddon.report.model.states import Kind
from eksaddon.report.model.text import counted, weakening_text
from eksaddon.report.proving.svg import STYLE, lookups_svg
from eksaddon.report.proving.waves import wave_pictures

MOST_OF_A_COMMIT = 12

TITLES = {
    Kind.PLAN: "Plan",
    Kind.RUN: "Run",
    Kind.DRIFT: "Drift",
    Kind.STATUS: "Status",
    Kind.AUDIT: "Audit",
}


def page(report_model: ReportModel, origin: Origin = NO_ORIGIN) -> str:
    """Render the page. The template escapes untrusted text, and the page's policy blocks other scripts."""
    groups = grouped(report_model)
    style = _asset("page.css") + STYLE + _labels_of_cards(report_model)
    script = _asset("page.js")
    rows = list(row_views(report_model, groups))
    return _template().render(
        version=__version__,
        title=TITLES[report_model.kind],
        kind=report_model.kind.value,
        subtitle=_subtitle(report_model),
        created_at=report_model.created_at,
        origin=tuple(_origin(origin)),
        policy=_policy(style, script),
        # ours, and part of the policy to the byte
        style=Markup(style),  # noqa: S704  # as above
        script=Markup(script),  # noqa: S704  # as above
        totals=totals(report_model),
        weakening=weakening_text(report_model.weakening),
        size=counted(len(rows), "target"),
        waves=[*wave_views(report_model)],
        probe_columns=PROBE_COLUMNS,
        probes=[*probe_views(report_model)],
        pictures=[*_pictures(report_model)],
        reason=terminal(report_model.reason),
        heat=heat_map(report_model),
        groups=list(group_views(groups)),
        live_columns=(*COLUMNS, *MODES),
        rows=rows,
        columns=columns(report_model),
        facts=[row.facts for row in rows],
    )


def _labels_of_cards(report_model: ReportModel) -> str:
    """Style that names the cells of a narrow window, where rows are cards without the table's head."""
    first = len(columns(report_model)) - len(more_columns(report_model)) - 1
    rules = (
        f".clusters tr:not(.detail) > td:nth-child({number}):not(:empty)::before"
        f' {{ content: "{heading.lower()} "; }}'
        for number, (heading, _) in enumerate(more_columns(report_model), first)
    )
    return f"@media screen and (max-width: 76rem) {{ {' '.join(rules)} }}\n"


def _pictures(report_model: ReportModel) -> Iterator[Markup]:
    for number, each in enumerate(wave_pictures(report_model), 1):
        drawn = lookups_svg(each.lookups, f"probe-{number}")
        yield Markup(drawn)  # noqa: S704  # its template escapes untrusted text


def _origin(origin: Origin) -> Iterator[tuple[str, str]]:
    """What the head shows about the report's origin, with its label."""
    labelled = (
        ("command", origin.command),
        ("fleet file", origin.fleet_file),
        ("commit", origin.commit[:MOST_OF_A_COMMIT]),
    )
    yield from ((label, terminal(text)) for label, text in labelled if text)


def _subtitle(report_model: ReportModel) -> str:
    if report_model.kind is not Kind.RUN:
        return ""
    return f"{terminal(report_model.run_id)} {report_model.run_state_label}"


def _asset(name: str) -> str:
    return files("eksaddon.report").joinpath("html", name).read_text(encoding="utf-8")


@cache
def _template() -> Template:
    environment = Environment(
        autoescape=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
        finalize=_in_logs,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters["spans"] = spans
    return environment.from_string(_asset("page.html"))


_SPAN = regex(r"`([^`]+)`")


def spans(text: str) -> Markup:
    """Our sentences with their code spans; everything is escaped."""
    escaped = str(escape(without_commands(text)))
    return Markup(_SPAN.sub(r"<code>\1</code>", escaped))  # noqa: S704  # escaped in the line above


def _in_logs(value: object) -> object:
    """Escape workflow commands, because the page can be printed to a log; autoescape does the rest."""
    match value:
        case Markup():
            return Markup(json_in_logs(value))  # noqa: S704  # ours, or JSON that Jinja has escaped
        case str():
            return without_commands(value)
        case _:
            return value


def _policy(style: str, script: str) -> str:
    """Content security policy that allows only this style and this script."""
    return (
        f"default-src 'none'; style-src '{_source(style)}'; script-src '{_source(script)}';"
        " base-uri 'none'; form-action 'none'"
    )


def _source(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
