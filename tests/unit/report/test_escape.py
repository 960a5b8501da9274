"""What others wrote cannot act in any kind of output."""

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from eksaddon.report.escape import (
    code_block,
    code_span,
    command_message,
    command_property,
    csv_cell,
    markdown_text,
    sarif_text,
    terminal,
    terminal_block,
    xml_text,
)
from tests.support.report.reports import HOSTILE

ANY = st.one_of(st.sampled_from(HOSTILE), st.text(), st.text(alphabet="`|[]()@#:=\\ \n\t{}<>&e$*_~-rro"))
MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])


@given(ANY)
def test_a_terminal_gets_one_line_of_visible_characters(text: str):
    line = terminal(text)
    assert not [sign for sign in line if unicodedata.category(sign) in {"Cc", "Cs"}]
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b-\u200f\u2028\u2029\ufeff]", line)


@given(ANY)
def test_line_feeds_and_tabs_stay_in_a_block(text: str):
    block = terminal_block(text)
    assert block.count("\n") == text.count("\n")
    assert not [sign for sign in block if unicodedata.category(sign) == "Cc" and sign not in "\n\t"]


@pytest.mark.parametrize(
    "text", ["bind ::1", "fd00::abcd", "a::b", "## [x]", "##", "arn:aws:eks::x", "::errors"]
)
def test_text_without_a_workflow_command_is_unchanged(text):
    assert terminal(text) == text


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("::error file=x::boom", r"\x3a:error file=x::boom"),
        ("  ::stop-commands::t", r"  \x3a:stop-commands::t"),
        ("x ::ADD-MASK::y", r"x \x3a:ADD-MASK::y"),
        ("##[group]x", r"#\x23[group]x"),
        ("a ##[Error]b", r"a #\x23[Error]b"),
    ],
)
def test_workflow_commands_are_spelt_out(text, line):
    assert terminal(text) == line


@given(ANY)
def test_no_text_holds_a_workflow_command(text: str):
    """As GitHub's runner looks for them: `::name` first in a line, `##[name]` anywhere."""
    for line in terminal_block(text).splitlines():
        assert not re.match(r"\s*::(error|warning|notice|debug|group|stop-commands)\b", line)
        assert not re.search(r"##\[(error|group|command)\b", line)


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", " =1", "\t=1", "＝1", "\u00a0=1"])
def test_formulas_in_a_spreadsheet_are_text(text):
    assert csv_cell(text).startswith(("'", "\\t"))


@pytest.mark.parametrize("text", ["replicaCount 2 -> 3", "a=b", "v1.11.4-eksbuild.51", ""])
def test_other_cells_stay_as_they_are(text):
    assert csv_cell(text) == text


@given(ANY)
def test_xml_gets_only_characters_that_it_can_hold(text: str):
    allowed = re.compile("[\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*")
    assert allowed.fullmatch(xml_text(text))


@given(ANY)
@example("`")
@example(" a`")
def test_a_code_span_shows_the_text_and_nothing_else(text: str):
    span = code_span(text)
    if not terminal(text).strip():
        assert not span
        return
    inline = MARKDOWN.parseInline(f"x {span} y")[0].children
    assert inline is not None
    assert [token.type for token in inline] == ["text", "code_inline", "text"]
    assert inline[1].content == terminal(text)


@given(st.lists(ANY, min_size=1, max_size=3))
def test_a_code_block_cannot_be_left(lines: list[str]):
    tokens = MARKDOWN.parse(f"{code_block(lines, 'diff')}\n\nafter\n")
    assert [token.type for token in tokens] == ["fence", "paragraph_open", "inline", "paragraph_close"]


@given(ANY)
def test_prose_holds_no_markup(text: str):
    inline = MARKDOWN.parseInline(f"x {markdown_text(text)} y")[0].children
    assert inline is not None
    assert {token.type for token in inline} <= {"text", "text_special"}
    shown = "".join(token.content for token in inline).replace("\u200b", "")
    assert shown == f"x {terminal(text)} y"


def test_prose_mentions_no_one():
    assert "@\u200b" in MARKDOWN.renderInline(markdown_text("@octocat"))
    assert "#\u200b1" in MARKDOWN.renderInline(markdown_text("#1"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("[x](http://e)", r"\[x](http://e)"),
        ('corefile[".:53"].health', 'corefile[".:53"].health'),
        ("{0} and {a}", "{{0}} and {a}"),
    ],
)
def test_sarif_text_has_no_links_and_no_placeholders(text, shown):
    assert sarif_text(text) == shown


@given(ANY)
def test_a_workflow_command_stays_one_command(text: str):
    command = f"::error title={command_property(text)}::{command_message(text)}"
    assert len(command.splitlines()) == 1
    properties, _, _ = command.removeprefix("::error ").partition("::")
    assert properties.count(",") == properties.count(":") == 0


def test_a_message_keeps_its_lines_and_percent_signs():
    assert command_message("50%\nhint") == "50%25%0Ahint"
    assert command_property("a:b,c") == "a%3Ab%2Cc"
