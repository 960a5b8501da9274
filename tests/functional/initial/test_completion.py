"""`completion`: the script calls back into the program, which answers."""

import pytest

from eksaddon.cli.main import run


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell_asks_the_program(bare, shell):
    ended = bare("completion", shell)
    assert (ended.code, ended.err) == (0, "")
    assert "_EKSDNS_COMPLETE" in ended.out


def test_the_program_completes_its_commands(monkeypatch, capsys):
    monkeypatch.setenv("_EKSDNS_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", "eksdns ini")
    monkeypatch.setenv("COMP_CWORD", "1")
    with pytest.raises(SystemExit):
        run([])
    assert capsys.readouterr().out.split() == ["init"]


def test_an_unknown_shell_is_named_with_what_is_known(bare):
    ended = bare("completion", "tcsh")
    assert (ended.code, "SHELL: 'tcsh' is not one of bash, zsh, fish" in ended.err) == (64, True)
