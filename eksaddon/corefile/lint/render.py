"""Renders findings for the terminal: position, excerpt with a caret, and hint.

The result is text with named styles, which are mapped to colours when printed. Text of the Corefile is
escaped.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from enum import StrEnum

from eksaddon.corefile.lint.findings import Finding
from eksaddon.corefile.syntax.lines import Lines
from eksaddon.domain.diagnostic import Severity
from eksaddon.domain.printable import on_one_line
from eksaddon.frozen import dataclass


class Style(StrEnum):
    PLAIN = "plain"
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    PLACE = "place"
    RULE = "rule"
    GUTTER = "gutter"
    SOURCE = "source"
    CARET = "caret"
    HINT = "hint"
    FIX = "fix"
    ADDED = "added"
    REMOVED = "removed"
    HEADING = "heading"


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    style: Style = Style.PLAIN


Row = tuple[Piece, ...]
"""One line of output, without its end."""

BEFORE, AFTER = 40, 70
"""How many characters around the start of a finding are shown of a long line."""

TAB = "    "

_STYLES = {Severity.ERROR: Style.ERROR, Severity.WARNING: Style.WARNING, Severity.INFO: Style.INFO}


def render_finding(finding: Finding, text: str, lines: Lines | None = None) -> tuple[Row, ...]:
    """Rows for one finding.

    Args:
        text: The Corefile that was linted.
        lines: Lines of that text, if already computed.
    """
    diagnostic = finding.diagnostic
    rows = [_headline(finding)]
    if finding.end > finding.start or finding.start:
        rows += _excerpt(finding, text, lines or Lines(text))
    if diagnostic.detail:
        rows.append(
            (Piece("  = ", Style.GUTTER), Piece(f"hint: {on_one_line(diagnostic.detail)}", Style.HINT))
        )
    if finding.fix is not None:
        rows.append((Piece("  = ", Style.GUTTER), Piece(f"fix: {on_one_line(finding.fix.title)}", Style.FIX)))
    return tuple(rows)


def _headline(finding: Finding) -> Row:
    diagnostic = finding.diagnostic
    place = f"{on_one_line(str(diagnostic.location))}: " if diagnostic.location is not None else ""
    return (
        Piece(place, Style.PLACE),
        Piece(f"{diagnostic.severity}: ", _STYLES[diagnostic.severity]),
        Piece(on_one_line(diagnostic.summary)),
        Piece(f" [{diagnostic.rule}]", Style.RULE),
    )


def _excerpt(finding: Finding, text: str, lines: Lines) -> Iterable[Row]:
    number, _ = lines.place(finding.start)
    first, last = lines.span(number)
    start, end = max(first, finding.start - BEFORE), min(last, finding.start + AFTER)
    head = ("…" if start > first else "") + _shown(text[start : finding.start])
    marked = _shown(text[finding.start : min(finding.end, end)])
    tail = _shown(text[min(finding.end, end) : end]) + ("…" if end < last else "")
    gutter = f"{number:>4} | "
    caret = "^" * max(1, width(marked))
    return (
        (Piece(gutter, Style.GUTTER), Piece(head + marked + tail, Style.SOURCE)),
        (Piece(" " * 4 + " | ", Style.GUTTER), Piece(" " * width(head) + caret, Style.CARET)),
    )


def _shown(text: str) -> str:
    """Escape text, with tabs as spaces and without the CR of a line ending."""
    return on_one_line(text.replace("\t", TAB).removesuffix("\r"))


def width(text: str) -> int:
    """Width of printable text in terminal columns."""
    if text.isascii():
        return len(text)
    return sum(_columns(letter) for letter in text)


def _columns(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def render(findings: Sequence[Finding], text: str) -> tuple[Row, ...]:
    """Rows for all findings, with an empty row after each."""
    lines = Lines(text)
    return tuple(row for finding in findings for row in (*render_finding(finding, text, lines), ()))


def plain(rows: Iterable[Row]) -> str:
    """The rows without their styles."""
    return "".join("".join(piece.text for piece in row).rstrip() + "\n" for row in rows)
