"""Prints lint findings as text or JSON."""

import json
from collections.abc import Sequence

from rich.text import Text

from eksaddon.app.corefile import Source, unified_diff
from eksaddon.cli import messages
from eksaddon.cli.terminal import terminal
from eksaddon.corefile.lint.findings import Finding
from eksaddon.corefile.lint.fix import Fixed
from eksaddon.corefile.lint.render import Row, Style, render
from eksaddon.domain.diagnostic import Severity
from eksaddon.report.documents.corefile_lint import lint_document
from eksaddon.report.documents.corefile_sarif import lint_sarif
from eksaddon.report.escape import terminal_block
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
    """Print one document for each file; on stderr if stdout is used for a Corefile or a diff."""
    put = messages.rendered_message if on_stderr else messages.rendered
    match form:
        case "table":
            put(_table(found))
        case "sarif":
            listed = [(source.name, findings) for source, findings in found]
            put(json.dumps(lint_sarif(listed), indent=2) + "\n")
        case _:
            pretty = form == "json" and len(found) == 1
            for source, findings in found:
                document = lint_document(source.name, findings)
                put(json.dumps(document, indent=2 if pretty else None) + "\n")


def print_fixes(source: Source, fixed: Fixed, *, unsafe: bool, as_diff: bool) -> None:
    """Print applied and omitted fixes on stderr, and with `as_diff` the diff on stdout.

    Args:
        unsafe: Unsafe fixes were to be applied, too.
    """
    for each in fixed.applied:
        if each.fix is not None:
            position = str(each.diagnostic.location) if each.diagnostic.location else source.name
            messages.message(f"{position}: fixed {each.rule}: {each.fix.title}")
    if fixed.unsafe:
        some = "1 fix changes" if len(fixed.unsafe) == 1 else f"{len(fixed.unsafe):,} fixes change"
        why = "not applied, because the result would be worse" if unsafe else "apply with --unsafe-fixes"
        messages.problem("note", f"{source.name}: {some} what CoreDNS does; {why}")
    if as_diff:
        messages.rendered(terminal_block(unified_diff(source.name, source.text, fixed.text)))


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
    messages.rendered(drawn(text, RenderOptions(width=at.width, colour=at.colour)))


def _coloured(row: Row) -> Text:
    return Text.assemble(*((piece.text, COLOURS.get(piece.style, "default")) for piece in row))
