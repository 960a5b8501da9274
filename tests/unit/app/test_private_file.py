"""Private files replace files only: not devices, pipes, folders, or a link that the user made."""

import os
import threading
from pathlib import Path

import pytest

from eksaddon.app.files.private import write_private
from eksaddon.domain.errors import EksdnsError


def test_a_file_is_replaced_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "plan.json"
    write_private(path, "one")
    write_private(path, "two")
    assert path.read_text() == "two"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_a_pipe_is_written_to_and_stays_one(tmp_path: Path) -> None:
    pipe, read = tmp_path / "pipe", list[str]()
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    write_private(pipe, "plan")
    reader.join()
    assert read == ["plan"]
    assert pipe.is_fifo()


def test_a_folder_is_named_as_one(tmp_path: Path) -> None:
    with pytest.raises(EksdnsError, match="it is a folder"):
        write_private(tmp_path, "plan")


def test_a_link_is_followed_only_where_a_user_chose_it(tmp_path: Path) -> None:
    link, file = tmp_path / "link", tmp_path / "file"
    link.symlink_to(file)
    write_private(link, "one", follows_links=True)
    assert (link.is_symlink(), file.read_text()) == (True, "one")
    write_private(link, "two")
    assert (link.is_symlink(), file.read_text()) == (False, "one")
