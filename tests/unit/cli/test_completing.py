"""Names that shells complete: from small local files, and never an error."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from eksaddon.app.local.names import MOST_NAMES, Kind, known, remember
from eksaddon.cli.root import program
from eksaddon.cli.support.completing import ARGUMENTS, OPTIONS


@pytest.fixture
def environ(tmp_path) -> Mapping[str, str]:
    return {
        "XDG_STATE_HOME": str(tmp_path),
        "AWS_CONFIG_FILE": str(tmp_path / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials"),
    }


def test_names_of_a_read_are_known_afterwards(environ, tmp_path):
    remember(
        {Kind.CLUSTERS: ["prod-1", "dev", "prod-1"], Kind.REGIONS: ["eu-west-1"]},
        is_whole=True,
        environ=environ,
    )
    assert known(Kind.CLUSTERS, "", environ=environ) == ("dev", "prod-1")
    assert known(Kind.CLUSTERS, "pr", environ=environ) == ("prod-1",)
    assert known(Kind.REGIONS, "eu", environ=environ) == ("eu-west-1",)
    assert (tmp_path / "eksdns" / "names.json").stat().st_mode & 0o777 == 0o600


def test_a_read_of_a_part_adds_and_a_read_of_everything_replaces(environ):
    remember({Kind.CLUSTERS: ["a", "b"], Kind.WAVES: ["canary"]}, is_whole=True, environ=environ)
    remember({Kind.CLUSTERS: ["c"]}, is_whole=False, environ=environ)
    assert known(Kind.CLUSTERS, "", environ=environ) == ("a", "b", "c")
    remember({Kind.CLUSTERS: ["d"]}, is_whole=True, environ=environ)
    assert known(Kind.CLUSTERS, "", environ=environ) == ("d",)
    assert known(Kind.WAVES, "", environ=environ) == ("canary",)


def test_the_file_does_not_grow_without_limit(environ):
    remember({Kind.CLUSTERS: [f"old-{n}" for n in range(MOST_NAMES)]}, is_whole=True, environ=environ)
    remember({Kind.CLUSTERS: ["new"]}, is_whole=False, environ=environ)
    assert len(known(Kind.CLUSTERS, "", environ=environ)) == MOST_NAMES
    assert known(Kind.CLUSTERS, "new", environ=environ) == ("new",)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[1]",
        b'{"clusters": 3}',
        b'{"clusters": [1, null]}',
        b"\xff\xfe",
        b"[" * 100_000,
        b" " * (2 << 20),
    ],
)
def test_a_broken_or_large_file_means_no_names(environ, tmp_path, content):
    (tmp_path / "eksdns").mkdir()
    (tmp_path / "eksdns" / "names.json").write_bytes(content)
    assert known(Kind.CLUSTERS, "", environ=environ) == ()
    remember({Kind.CLUSTERS: ["a"]}, is_whole=False, environ=environ)
    assert known(Kind.CLUSTERS, "", environ=environ) == ("a",)


def test_missing_files_mean_no_names(environ):
    kinds = set(Kind) - {Kind.TOPICS}
    assert {known(kind, "", environ=environ) for kind in kinds} == {()}


def test_a_folder_that_cannot_be_written_is_ignored(environ, tmp_path):
    (tmp_path / "eksdns").write_text("a file")
    remember({Kind.CLUSTERS: ["a"]}, is_whole=True, environ=environ)
    assert known(Kind.CLUSTERS, "", environ=environ) == ()


@pytest.mark.parametrize("name", ["$(reboot)", "`x`", "a b", "a;b", "'", '"', "a\nb", "-x", "é", ""])
def test_names_that_a_shell_could_evaluate_are_not_offered(environ, name):
    remember({Kind.CLUSTERS: [name, "a"]}, is_whole=True, environ=environ)
    assert known(Kind.CLUSTERS, "", environ=environ) == ("a",)


def test_runs_come_from_the_folder_of_runs_newest_first(environ, tmp_path):
    runs = tmp_path / "eksdns" / "runs"
    runs.mkdir(parents=True)
    for name in ("20260102-030405-1f2e3d.jsonl", "20260203-030405-1f2e3d.jsonl", "x.jsonl", "$(a).jsonl"):
        (runs / name).touch()
    assert known(Kind.RUNS, "", environ=environ) == ("20260203-030405-1f2e3d", "20260102-030405-1f2e3d")
    assert known(Kind.RUNS, "202601", environ=environ) == ("20260102-030405-1f2e3d",)
    assert known(Kind.RUNS, "", "s3://bucket/runs", environ=environ) == ()
    assert known(Kind.RUNS, "", str(tmp_path / "none"), environ=environ) == ()


def test_profiles_come_from_both_files_of_aws(environ, tmp_path):
    (tmp_path / "config").write_text(
        "[default]\n[profile shop]\nregion = x\n[sso-session s]\n[profile a b]\n"
    )
    (tmp_path / "credentials").write_text("[team]\naws_secret_access_key = x\n")
    assert known(Kind.PROFILES, "", environ=environ) == ("default", "shop", "team")
    (tmp_path / "config").write_text("no section")
    assert known(Kind.PROFILES, "", environ=environ) == ("team",)


def leaves(command: Any) -> Iterator[Any]:
    for name in command.commands:
        each = command.commands[name]
        yield from leaves(each) if hasattr(each, "commands") else [each]


def test_every_option_and_argument_with_a_name_completes_it():
    seen = set()
    for command in leaves(program()):
        for parameter in command.params:
            is_option = parameter.param_type_name == "option"
            name = parameter.opts[0] if is_option else parameter.metavar
            if "shell_complete" in vars(parameter):
                seen.add(name)
    assert seen == {*OPTIONS, *ARGUMENTS}


def complete(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], line: str) -> str:
    from eksaddon.cli.main import run

    monkeypatch.setenv("_EKSDNS_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", line)
    monkeypatch.setenv("COMP_CWORD", str(len(line.split(" ")) - 1))
    with pytest.raises(SystemExit):
        run([])
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("eksdns plan --cluster pr", ["prod-1"]),
        ("eksdns explain ", ["dev", "prod-1"]),
        ("eksdns plan --region eu", ["eu-west-1"]),
        ("eksdns help roll", ["rollout"]),
        ("eksdns history 2026", ["20260102-030405-1f2e3d"]),
        ("eksdns approve 20260102-030405-1f2e3d c", ["canary"]),
        ("eksdns --debug plan --cluster d", ["dev"]),
        ("eksdns plan --cluster nothing", []),
    ],
)
def test_a_shell_gets_the_names(monkeypatch, capsys, tmp_path, line, names):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    (tmp_path / "eksdns" / "runs").mkdir(parents=True)
    (tmp_path / "eksdns" / "runs" / "20260102-030405-1f2e3d.jsonl").touch()
    known_names = {"clusters": ["prod-1", "dev"], "regions": ["eu-west-1"], "waves": ["canary"]}
    (tmp_path / "eksdns" / "names.json").write_text(json.dumps(known_names))
    assert complete(monkeypatch, capsys, line).split() == names
