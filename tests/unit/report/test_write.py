"""Reports into files."""

import os
import tempfile
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from eksaddon.domain.errors import EksdnsError
from eksaddon.report.write import write, write_parts


def test_a_file_is_replaced_as_a_whole(tmp_path):
    path = tmp_path / "r.json"
    path.write_text("before, and longer")
    write("after → \ud800", path)
    assert path.read_text(encoding="utf-8") == "after → \\ud800"
    assert [one.name for one in tmp_path.iterdir()] == ["r.json"]


def test_a_link_stays_a_link(tmp_path):
    real, link = tmp_path / "real", tmp_path / "link"
    real.write_text("before")
    link.symlink_to(real)
    write("after", link)
    assert link.is_symlink()
    assert real.read_text() == "after"


def test_what_is_not_a_file_is_written_to(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    write("through", pipe)
    reader.join()
    assert read == ["through"]


def test_a_path_that_cannot_be_written_is_an_error_with_a_remedy(tmp_path):
    with pytest.raises(EksdnsError, match=r"cannot write .*/none/r\.json: No such file") as raised:
        write("x", tmp_path / "none" / "r.json")
    assert raised.value.hint == "check the path and its permissions"


def test_a_full_disk_leaves_no_part_of_a_report(tmp_path, monkeypatch):
    created = tempfile.mkstemp

    def full(**options: Any) -> tuple[int, str]:
        handle, name = created(**options)
        disk = os.open("/dev/full", os.O_WRONLY)
        os.dup2(disk, handle)  # a short text is refused when it is closed
        os.close(disk)
        return handle, name

    monkeypatch.setattr(tempfile, "mkstemp", full)
    with pytest.raises(EksdnsError, match="No space left"):
        write("short", tmp_path / "r.json")
    assert list(tmp_path.iterdir()) == []


def test_a_report_that_breaks_off_while_it_is_made_leaves_the_former_file(tmp_path):
    def parts() -> Iterator[str]:
        yield "half"
        raise KeyboardInterrupt

    path = tmp_path / "r.json"
    path.write_text("before")
    with pytest.raises(KeyboardInterrupt):
        write_parts(parts(), path)
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("r.json", "before")]
