"""A finding in a terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.corefile.lint.findings import Finding
from eksaddon.corefile.lint.linter import lint
from eksaddon.corefile.lint.render import Piece, Style, plain, render, render_finding, width
from eksaddon.corefile.syntax.lines import Lines
from eksaddon.domain.diagnostic import Diagnostic, Location, Severity


def finding(start: int, end: int, summary: str = "wrong", detail: str = "") -> Finding:
    location = Location("Corefile", 1, start + 1)
    return Finding(Diagnostic(Severity.WARNING, "cache-zone", summary, detail, location), start, end)


def shown(text: str, start: int, end: int) -> list[str]:
    return plain(render_finding(finding(start, end), text)).split("\n")


def test_a_finding_has_its_place_an_excerpt_with_a_caret_a_hint_and_a_fix() -> None:
    text = ". {\n    cache 30s\n}\n"
    found = [each for each in lint(text) if each.rule == "cache-zone"]
    assert plain(render(found, text)) == (
        "Corefile:2:11: warning: `30s` is read as a zone:"
        " the TTL of `cache` must be in seconds without a unit [cache-zone]\n"
        "   2 |     cache 30s\n"
        "     |           ^^^\n"
        "  = hint: CoreDNS uses the default of 3600 seconds instead.\n"
        "  = fix: Write `30`\n"
        "\n"
    )


def test_styles_are_data() -> None:
    head = render_finding(finding(0, 1), "x")[0]
    assert head == (
        Piece("Corefile:1:1: ", Style.PLACE),
        Piece("warning: ", Style.WARNING),
        Piece("wrong"),
        Piece(" [cache-zone]", Style.RULE),
    )


def test_a_finding_without_a_place_has_no_excerpt() -> None:
    found = Finding(Diagnostic(Severity.ERROR, "syntax", "too large"), 0, 0)
    assert plain(render_finding(found, "")) == "error: too large [syntax]\n"


@pytest.mark.parametrize(
    ("text", "start", "end", "source", "caret"),
    [
        ("a\tb c", 2, 3, "a    b c", "     ^"),
        ("é世 b", 3, 4, "é世 b", "    ^"),
        ("e\u0301 b", 3, 4, "e\u0301 b", "  ^"),
        ("a\x1b[31m b", 2, 6, "a\\x1b[31m b", "     ^^^^"),
        ("ab\r\ncd", 0, 2, "ab", "^^"),
        ("ab\ncd", 0, 5, "ab", "^^"),
        ("ab", 2, 2, "ab", "  ^"),
    ],
)
def test_the_caret_is_under_the_word(text: str, start: int, end: int, source: str, caret: str) -> None:
    _, line, mark, _ = shown(text, start, end)
    assert line == f"   1 | {source}"
    assert mark == f"     | {caret}"


def test_of_a_long_line_only_the_surroundings_are_shown() -> None:
    _, line, mark, _ = shown("x" * 500 + " here " + "y" * 500, 501, 505)
    assert len(line) < 130
    assert line.startswith("   1 | …x")
    assert line.endswith("y…")
    assert line[mark.index("^") :].startswith("here")


def test_a_caret_does_not_run_beyond_what_is_shown() -> None:
    _, line, mark, _ = shown("x" * 1000, 0, 1000)
    assert len(mark) <= len(line)


def test_nothing_in_a_message_acts_on_the_terminal() -> None:
    found = finding(0, 1, summary="a\x1b[2Jb\nc", detail="d\u202ee")
    assert "\x1b" not in plain(render_finding(found, "\x1b"))
    assert "\u202e" not in plain(render_finding(found, "\x1b"))


@given(st.text(max_size=30), st.data())
def test_every_line_of_output_is_one_line(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    rows = render_finding(finding(start, end), text)
    assert all("\n" not in piece.text for row in rows for piece in row)


def test_wide_and_combining_letters_have_their_width() -> None:
    assert width("ab") == 2
    assert width("世") == 2
    assert width("e\u0301") == 1


@given(st.text(alphabet="a\n\r", max_size=20))
def test_lines_agree_with_counting(text: str) -> None:
    lines = Lines(text)
    for at in range(len(text) + 1):
        line, column = lines.place(at)
        assert line == text.count("\n", 0, at) + 1
        assert column == at - (text.rfind("\n", 0, at) + 1) + 1
        start, end = lines.span(line)
        assert start <= at <= end
        assert "\n" not in text[start:end]
