"""`init` at a terminal offers a second file that only strengthens."""

import io
import sys
from pathlib import Path

import pytest

from tests.support.examples import one_quick


@pytest.fixture
def answer(monkeypatch):
    def type_in(text: str) -> None:
        class Keyboard(io.StringIO):
            def isatty(self) -> bool:
                return True

        monkeypatch.setattr(sys, "stdin", Keyboard(text))
        monkeypatch.setattr(sys.stderr, "isatty", lambda: True)

    return type_in


@pytest.mark.parametrize(
    ("text", "asked"),
    one_quick([("recommended\n", True), ("\n", False), ("LAMEDUCK\n", True), ("", False)], quick=2),
)
def test_the_second_file_is_written_only_for_a_goal(stage, answer, text, asked):
    answer(text)
    done = stage.call("init", "--region", "eu-west-1")
    assert "Also write eksdns-goal.yaml, which only strengthens?" in done.err
    assert Path("eksdns.yaml").exists()
    assert Path("eksdns-goal.yaml").exists() is asked
    assert stage.count("UpdateAddon") == 0


def test_an_unknown_answer_writes_nothing_and_names_the_command(stage, answer):
    answer("strong\n")
    done = stage.call("init", "--region", "eu-west-1")
    assert "unknown goal; later: eksdns init --goal recommended" in done.err
    assert not Path("eksdns-goal.yaml").exists()


@pytest.mark.parametrize("words", [("--goal", "lameduck"), ("--blank",), ("own.yaml",), ("-q",)])
def test_nothing_is_asked_if_options_say_what_is_wanted(stage, answer, words):
    answer("recommended\n")
    assert "Also write" not in stage.call("init", "--region", "eu-west-1", *words).err


def test_an_existing_second_file_is_not_offered(stage, answer):
    Path("eksdns-goal.yaml").write_text("mine")
    answer("recommended\n")
    assert "Also write" not in stage.call("init", "--region", "eu-west-1").err
    assert Path("eksdns-goal.yaml").read_text() == "mine"


def test_without_a_terminal_nothing_is_asked(stage):
    assert "Also write" not in stage.call("init", "--region", "eu-west-1").err
