"""Starter files: all of them are written, or none."""

import errno
import os
from pathlib import Path

import pytest

from eksaddon.app.files.starter import write_files
from eksaddon.domain.errors import EksdnsError, ExitCode


def test_files_are_written_with_their_folders_and_the_usual_rights(tmp_path: Path) -> None:
    umask = os.umask(0o027)
    try:
        write_files({tmp_path / "a.yaml": "1\n", tmp_path / "x" / "y" / "b.yaml": "2\n"}, force=False)
    finally:
        os.umask(umask)
    assert (tmp_path / "a.yaml").read_text() == "1\n"
    assert (tmp_path / "x" / "y" / "b.yaml").read_text() == "2\n"
    assert (tmp_path / "a.yaml").stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.yaml", "x"]


def test_a_file_that_is_replaced_keeps_its_rights_and_a_link_stays_one(tmp_path: Path) -> None:
    file, link = tmp_path / "file", tmp_path / "link"
    file.write_text("old")
    file.chmod(0o604)
    link.symlink_to(file)
    write_files({link: "new"}, force=True)
    assert (file.read_text(), file.stat().st_mode & 0o777, link.is_symlink()) == ("new", 0o604, True)


def test_an_existing_file_is_kept_without_force(tmp_path: Path) -> None:
    (tmp_path / "b").write_text("old")
    with pytest.raises(EksdnsError, match="file exists, nothing was written") as raised:
        write_files({tmp_path / "a": "new", tmp_path / "b": "new"}, force=False)
    assert raised.value.exit_code is ExitCode.REFUSED
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"b": "old"}


@pytest.mark.parametrize("bad", ["folder", "file/below"])
def test_none_is_written_where_one_cannot_be(tmp_path: Path, bad: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("old")
    with pytest.raises(EksdnsError, match=f"cannot write .*{bad}: "):
        write_files({tmp_path / "a": "new", tmp_path / bad: "new"}, force=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder"]
    assert (tmp_path / "file").read_text() == "old"


def test_a_device_is_written_to(tmp_path: Path) -> None:
    write_files({Path("/dev/null"): "text", tmp_path / "a": "text"}, force=True)
    assert Path("/dev/null").is_char_device()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_a_full_device_is_an_error_and_no_other_file_is_written(tmp_path: Path) -> None:
    with pytest.raises(EksdnsError, match="cannot write /dev/full: No space left"):
        write_files({tmp_path / "a": "text", Path("/dev/full"): "text"}, force=True)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_put_into_its_place_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As of a single file that is mounted into a container."""

    def busy(_part: Path, _target: Path) -> None:
        raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))

    monkeypatch.setattr(Path, "replace", busy)
    (tmp_path / "a").write_text("old")
    with pytest.raises(EksdnsError, match=r"cannot write .*/a: Device or resource busy"):
        write_files({tmp_path / "a": "new"}, force=True)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a": "old"}
