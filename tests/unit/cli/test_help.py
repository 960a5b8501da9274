"""The help of every command, as a terminal of 80 columns shows it."""

import re
import shlex
from collections.abc import Iterator
from typing import Any

import pytest

from eksaddon.cli.command_line import parse
from eksaddon.cli.help.examples import EXAMPLES
from eksaddon.cli.help.verbs import verbs
from eksaddon.cli.main import run
from eksaddon.cli.root import program
from tests.support.paths import ROOT


def leaves(command: Any, words: str = "") -> Iterator[str]:
    for name, each in command.commands.items():
        inner = f"{words} {name}".strip()
        yield from leaves(each, inner) if hasattr(each, "commands") else [inner]


COMMANDS = sorted(leaves(program()))


@pytest.mark.parametrize("words", ["", "corefile", "github", "report", *COMMANDS])
def test_no_text_is_cut_at_80_columns(words, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("TERMINAL_WIDTH", "80")
    run([*words.split(), "--help"])
    text = capsys.readouterr().out
    assert "Usage: eksdns" in text
    assert re.findall(r" <[a-z][^>]*>", text) == [], "name the value in METAVARS"
    assert "…" not in text
    assert max(map(len, text.splitlines())) <= 80


def test_every_command_has_two_examples():
    assert set(COMMANDS) - set(EXAMPLES) == set()


def test_every_module_of_a_command_is_listed():
    folder = ROOT / "eksaddon" / "cli" / "commands"
    groups = {file.parent for file in folder.rglob("group.py")}
    modules = {
        file.relative_to(folder).with_suffix("").as_posix().replace("/", ".")
        for file in folder.rglob("*.py")
        if file.name == "group.py" or (file.name != "__init__.py" and file.parent not in groups)
    }
    assert modules == {verb.place.split(":")[0] for _, _, verb in verbs()}


@pytest.mark.parametrize(("name", "verb"), [(name, verb) for _, name, verb in verbs()])
def test_the_summary_of_a_command_is_the_first_sentence_of_its_help(name, verb):
    help_text = program().commands[name].help
    assert " ".join(help_text.split("\n\n")[0].split()) == verb.summary


@pytest.mark.parametrize("example", [one for words in COMMANDS for one in EXAMPLES.get(words, ())])
def test_every_example_is_a_command_line_that_the_program_takes(example):
    words = shlex.split(example.split(" > ")[0].split(" < ")[0].split(" 2> ")[0])
    outer: Any = program().make_context("eksdns", ["demo"])
    parse(outer, words[1:])
    assert words[0] == "eksdns"
