"""Where a report comes from: command, fleet file, commit."""

from pathlib import Path

import pytest

from eksaddon.app.fleet.origin import origin
from eksaddon.report.model.options import Origin

HASH = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def git(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / ".git" / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def test_the_command_is_shown_as_it_can_be_typed_again():
    assert origin(["plan", "--cluster", "prod *"], {}).command == "eksdns plan --cluster 'prod *'"


@pytest.mark.parametrize(
    ("args", "environ", "found"),
    [
        (["plan", "--all"], {}, "eksdns.yaml"),
        (["plan", "-c", "other.yaml"], {}, "other.yaml"),
        (["plan", "--config=other.yaml"], {}, "other.yaml"),
        (["plan"], {"EKSDNS_CONFIG": "other.yaml"}, "other.yaml"),
        (["apply", "--all"], {}, "eksdns.yaml"),
        (["apply", "plan.json"], {}, ""),
        (["plan", "-c"], {}, "eksdns.yaml"),
        (["plan", "-c", "missing.yaml"], {}, ""),
        (["resume", "RUN"], {}, ""),
        ([], {}, ""),
    ],
)
def test_the_fleet_file_is_the_one_that_the_command_reads(folder, args, environ, found):
    for name in ("eksdns.yaml", "other.yaml"):
        (folder / name).write_text("version: 1\n")
    assert origin(args, environ).fleet_file == found


@pytest.mark.parametrize(
    "files",
    [
        {"HEAD": HASH},
        {"HEAD": "ref: refs/heads/main\n", "refs__heads__main": f"{HASH}\n"},
        {"HEAD": "ref: refs/heads/main\n", "packed-refs": f"# pack-refs\n{HASH} refs/heads/main\n"},
    ],
)
def test_the_commit_is_the_one_that_is_checked_out(folder, files):
    git(folder, **files)
    (folder / "configs").mkdir()
    (folder / "configs" / "eksdns.yaml").write_text("version: 1\n")
    assert origin(["plan"], {}) == Origin("eksdns plan", "configs/eksdns.yaml", HASH)


def test_the_commit_of_a_worktree_is_found(folder):
    git(folder, HEAD="ref: refs/heads/main\n", refs__heads__side=HASH)
    tree = folder / ".git" / "worktrees" / "side"
    tree.mkdir(parents=True)
    (tree / "HEAD").write_text("ref: refs/heads/side\n")
    (tree / "commondir").write_text("../..\n")
    (folder / "side").mkdir()
    (folder / "side" / ".git").write_text(f"gitdir: {tree}\n")
    (folder / "side" / "fleet.yaml").write_text("version: 1\n")
    assert origin(["plan", "-c", "side/fleet.yaml"], {}).commit == HASH


@pytest.mark.parametrize("head", ["ref: refs/heads/new\n", None])
def test_a_repository_without_a_commit_has_none(folder, head):
    (folder / "eksdns.yaml").write_text("version: 1\n")
    git(folder, **({"HEAD": head} if head else {"config": ""}))
    assert origin(["plan"], {}).commit == ""


def test_a_ci_system_names_the_commit(folder):
    (folder / "eksdns.yaml").write_text("version: 1\n")
    assert origin(["plan"], {"CI_COMMIT_SHA": HASH}).commit == HASH


@pytest.mark.parametrize(
    ("args", "command"),
    [
        (["--notify-url", "https://hooks.example/T0/secret"], "--notify-url '[removed]'"),
        (["--notify-url=https://hooks.example/T0/secret", "-q"], "'--notify-url=[removed]' -q"),
        (["--notify-command", "--notify-url", "-q"], "--notify-command '[removed]' -q"),
        (["--notify-command"], "--notify-command"),
        (["--report", "html=https://ana:secret@host/x"], "--report 'html=https://[removed]@host/x'"),
    ],
)
def test_values_that_can_be_secrets_are_not_shown(args, command):
    assert origin(["drift", *args], {}).command == f"eksdns drift {command}"
