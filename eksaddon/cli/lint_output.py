"""Findings of lint on their way to a person or a program."""

import json
import sys
from collections.abc import Sequence

from rich.text import Text

from eksaddon.app.corefile import Source
from eksaddon.cli.terminal import terminal
from eksaddon.corefile.lint.findings import Finding
from eksaddon.corefile.lint.render import Row, Style, render
from eksaddon.domain.diagnostic import Severity
from eksaddon.report.documents.corefile_sarif import lint_document, lint_sarif
from eksaddon.report.formats.table import RenderOptions, drawn
from eksaddon.report.model.text import counted

COLOURS = {
    Style.ERROR: "bold red",
    Style.WARNING: "bold yellow",
    Style.INFO: "bold blue",
    Style.PLACE: "bold",
    Style.RULE: "bright_black",
    Style.GUTTER: "bright_black",
    Style.CARET: "bold red",
    Style.HINT: "italic",
    Style.FIX: "green",
    Style.ADDED: "green",
    Style.REMOVED: "red",
    Style.HEADING: "bold",
}

Found = Sequence[tuple[Source, Sequence[Finding]]]


def print_findings(found: Found, form: str, *, on_stderr: bool) -> None:
    """One document a file; on stderr where stdout carries a mended Corefile."""
    out = sys.stderr if on_stderr else sys.stdout
    match form:
        case "table":
            out.write(_table(found))
        case "sarif":
            listed = [(source.name, findings) for source, findings in found]
            out.write(json.dumps(lint_sarif(listed), indent=2) + "\n")
        case _:
            pretty = form == "json" and len(found) == 1
            for source, findings in found:
                document = lint_document(source.name, findings)
                out.write(json.dumps(document, indent=2 if pretty else None) + "\n")


def _table(found: Found) -> str:
    at = terminal()
    render_options = RenderOptions(width=at.width, colour=at.colour)
    text = Text()
    for source, findings in found:
        for row in render(findings, source.text):
            text.append_text(_coloured(row)).append("\n")
    findings = [one for _, many in found for one in many]
    counts = [f"{sum(1 for one in findings if one.severity is level)} {level.value}s" for level in Severity]
    text.append(f"{counted(len(found), 'file')}: {', '.join(counts)}", style="bold")
    return drawn(text, render_options)


def print_rows(rows: Sequence[Row]) -> None:
    at, text = terminal(), Text()
    for row in rows:
        text.append_text(_coloured(row)).append("\n")
    text.rstrip()
    sys.stdout.write(drawn(text, RenderOptions(width=at.width, colour=at.colour)))


def _coloured(row: Row) -> Text:
    return Text.assemble(*((piece.text, COLOURS.get(piece.style, "default")) for piece in row))
