"""A Corefile from a stranger reads nothing but its own folder."""

from pathlib import Path

import pytest

from eksaddon.cli.main import run

COREFILE = ".:53 {\n    errors\n    import %s\n}\n"
SECRET = "AWS_SECRET_ACCESS_KEY=hunter2"
VERBS = (
    ("show", "{file}"),
    ("show", "{file}", "-o", "json"),
    ("lint", "{file}", "--with-imports"),
    ("set", "cache=30", "{file}"),
    ("diff", "{file}", "{file}"),
)


def said(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str]:
    code = run(["corefile", *args])
    found = capsys.readouterr()
    return code, found.out + found.err


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "elsewhere" / "secret"
    path.parent.mkdir()
    path.write_text(f"{SECRET}\n")
    return path


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
@pytest.mark.parametrize("way", ["absolute", "above", "link", "glob"])
def test_no_verb_opens_a_file_outside(
    tmp_path: Path, secret: Path, capsys: pytest.CaptureFixture[str], verb: tuple[str, ...], way: str
) -> None:
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / "link").symlink_to(secret)
    wanted = {"absolute": str(secret), "above": "../elsewhere/secret", "link": "link", "glob": "../else*"}[
        way
    ]
    file = folder / "Corefile"
    file.write_text(COREFILE % wanted)
    code, text = said(capsys, *(word.format(file=file) for word in verb))
    assert code in {1, 5}
    assert "hunter2" not in text
    assert "--allow-import" in text


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_a_corefile_that_is_a_link_is_not_followed_outside(
    tmp_path: Path, secret: Path, capsys: pytest.CaptureFixture[str], verb: tuple[str, ...]
) -> None:
    folder = tmp_path / "repository"
    folder.mkdir()
    (folder / "Corefile").symlink_to(secret)
    code, text = said(capsys, *(word.format(file=folder / "Corefile") for word in verb))
    assert code in {1, 5}
    assert "hunter2" not in text


def test_the_folder_itself_and_what_is_opened_are_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "common").write_text("cache 30\n")
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "common").write_text("cache 30\n")
    file = tmp_path / "own" / "Corefile"
    file.write_text(COREFILE % "common")
    assert said(capsys, "show", str(file))[0] == 0
    file.write_text(COREFILE % "../other/common")
    assert said(capsys, "show", str(file))[0] == 1
    assert said(capsys, "show", str(file), "--allow-import", str(other))[0] == 0


def test_links_of_a_mounted_config_map_are_followed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "..data").mkdir()
    (tmp_path / "..data" / "Corefile").write_text(".:53 {\n    errors\n}\n")
    (tmp_path / "Corefile").symlink_to("..data/Corefile")
    assert said(capsys, "show", str(tmp_path / "Corefile"))[0] == 0
