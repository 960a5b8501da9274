"""Exclusive file locks, with flock and without it."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from eksaddon.domain.errors import EksdnsError
from eksaddon.store import file_lock
from eksaddon.store.file_lock import PLACE, lock
from eksaddon.store.private import open_plain, require_own_folder, sync_folder


@pytest.fixture
def files(tmp_path: Path) -> Iterator[tuple[int, int]]:
    both = (
        os.open(tmp_path / "lock", os.O_RDWR | os.O_CREAT),
        os.open(tmp_path / "lock", os.O_RDWR),
    )
    yield both
    for each in both:
        os.close(each)


def test_a_locked_file_is_refused_to_others(files: tuple[int, int]) -> None:
    lock(files[0], waits=True)
    with pytest.raises(BlockingIOError):
        lock(files[1], waits=False)


def without_flock(monkeypatch: pytest.MonkeyPatch, refusals: int) -> list[tuple[int, int]]:
    """As on Windows; each refusal is one of msvcrt's waits of 10 s. Gives the places that were locked."""
    places: list[tuple[int, int]] = []
    left = [refusals]

    def locking(file: int, mode: int, count: int) -> None:
        assert (mode, count) == (7, 1)
        if left[0]:
            left[0] -= 1
            raise OSError(36, "Resource deadlock avoided")
        places.append((file, os.lseek(file, 0, os.SEEK_CUR)))

    monkeypatch.setattr(file_lock, "fcntl", None)
    monkeypatch.setitem(sys.modules, "msvcrt", SimpleNamespace(LK_LOCK=7, locking=locking))
    return places


def test_without_flock_one_byte_behind_the_content_is_locked(
    files: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    places = without_flock(monkeypatch, refusals=0)
    lock(files[0], waits=False)
    assert places == [(files[0], PLACE)]


def test_without_flock_a_lock_is_waited_for_or_refused(
    files: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    places = without_flock(monkeypatch, refusals=3)
    lock(files[0], waits=True)
    assert places == [(files[0], PLACE)]
    without_flock(monkeypatch, refusals=1)
    with pytest.raises(BlockingIOError):
        lock(files[1], waits=False)


def test_without_the_flag_a_link_is_refused_nevertheless(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    monkeypatch.delattr(os, "O_NOFOLLOW")
    with pytest.raises(OSError, match="symbolic links"):
        open_plain(tmp_path / "link", os.O_RDONLY)


def test_without_owners_and_modes_a_folder_is_taken_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.chmod(0o777)
    with pytest.raises(EksdnsError):
        require_own_folder(tmp_path)
    monkeypatch.delattr(os, "geteuid")
    monkeypatch.delattr(os, "O_DIRECTORY")
    require_own_folder(tmp_path)
    sync_folder(tmp_path)
