"""The documentation offline: topics, commands and the manual page."""

import re
import shutil
import subprocess

import pytest

from eksaddon.app.topics import FOR_DEVELOPERS, topic_names
from eksaddon.cli.help.verbs import verbs
from tests.support.paths import ROOT


def test_without_a_topic_all_pages_are_listed_with_their_titles(bare):
    done = bare("help")
    pages = {path.stem for path in (ROOT / "docs").glob("*.md")} - FOR_DEVELOPERS
    lines = done.out.splitlines()[1:]
    assert done.code == 0
    assert {line.split()[0] for line in lines} == pages
    assert all(len(line.split()) > 1 for line in lines)


@pytest.mark.parametrize("name", topic_names())
def test_every_page_is_shown_as_it_is_written(bare, name):
    done = bare("help", name)
    assert done.code == 0
    assert done.out.startswith("# ") or done.out.startswith("<!--")
    assert "\x1b" not in done.out


def test_a_command_without_a_page_shows_its_own_help(bare):
    assert bare("help", "plan").out == bare("plan", "--help").out
    assert bare("help", "corefile", "lint").out == bare("corefile", "lint", "--help").out


def test_a_page_with_the_name_of_a_command_names_the_options_too(bare):
    done = bare("help", "audit")
    assert done.out.startswith("# Audit")
    assert "eksdns audit --help" in done.err


@pytest.mark.parametrize(("word", "meant"), [("rolout", "rollout"), ("plam", "plan")])
def test_an_unknown_topic_suggests_one(bare, word, meant):
    done = bare("help", word)
    assert done.code == 64
    assert f"hint: did you mean {meant}?" in done.err


def test_a_terminal_gets_drawn_pages(bare, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("COLUMNS", "72")
    out = re.sub(r"\x1b\[[0-9;]*m", "", bare("help", "rollout").out)
    assert max(map(len, out.splitlines())) <= 72
    assert "# Rolling out in waves" not in out
    assert "Rolling out in waves" in out


def test_the_manual_page_has_every_command_and_no_error(bare):
    page = bare("help", "--man").out
    assert page.startswith(".TH EKSDNS 1 ")
    for _, name, _ in verbs():
        escaped = name.replace("-", "\\-")
        assert f"\n.SH eksdns {escaped}\n" in page
    if shutil.which("groff") is None:
        pytest.skip("groff is not installed")
    drawn = subprocess.run(
        ["groff", "-man", "-Tutf8", "-ww"], input=page, capture_output=True, text=True, check=True
    )
    assert drawn.stderr == ""
