"""Names that shells complete come from what a command read before."""

import json

import pytest

from eksaddon.cli.main import run


def test_a_read_keeps_the_names_of_what_it_found(stage, tmp_path):
    stage.call("status", "--cluster", "prod", "-q")
    found = json.loads((tmp_path / "state" / "eksdns" / "names.json").read_text(encoding="utf-8"))
    assert found["clusters"] == ["prod"]
    assert found["regions"] == ["eu-west-1"]
    stage.call("status", "--all", "-q")
    found = json.loads((tmp_path / "state" / "eksdns" / "names.json").read_text(encoding="utf-8"))
    assert {"prod", "dev-1", "auto", "secret"} <= set(found["clusters"])


def test_completing_sends_nothing(stage, monkeypatch, capsys):
    stage.call("status", "--all", "-q")
    before = stage.world.calls.counts.copy()
    monkeypatch.setenv("_EKSDNS_COMPLETE", "complete_fish")
    monkeypatch.setenv("_TYPER_COMPLETE_FISH_ACTION", "get-args")
    monkeypatch.setenv("_TYPER_COMPLETE_ARGS", "eksdns plan --cluster d")
    with pytest.raises(SystemExit):
        run([])
    assert capsys.readouterr().out.split() == ["dev-1", "dev-2"]
    assert stage.world.calls.counts == before


def test_the_demo_keeps_no_names(bare, tmp_path):
    assert bare("demo").code == 0
    assert not (tmp_path / "state" / "eksdns" / "names.json").exists()
