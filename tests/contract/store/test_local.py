"""Journals and the lock in a folder: damage, kills, other processes and other users."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.ports import Held, HeldByOther
from eksaddon.store.lines import from_lines, to_lines
from eksaddon.store.local import LocalStore
from eksaddon.store.process import is_gone, this_process
from tests.support.store.places import KEYS, RECORDS, _private_store, holder

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda below: st.lists(below, max_size=2)
)

documents = st.lists(st.dictionaries(st.text(max_size=4), values, max_size=3), max_size=4)


@pytest.mark.slow
@given(documents, st.data())
def test_a_file_that_is_cut_anywhere_is_read_up_to_its_last_whole_record(
    records: list[Any], data: st.DataObject
) -> None:
    whole = to_lines(records)
    at = data.draw(st.integers(0, len(whole)))
    read = from_lines(whole[:at], "journal")
    assert list(read.records) == records[: len(read.records)]
    assert whole[: read.good] == to_lines(list(read.records))
    assert list(from_lines(whole, "journal").records) == records


@given(documents.filter(bool), st.data())
def test_a_damaged_line_is_an_error_with_its_number(records: list[Any], data: st.DataObject) -> None:
    whole = bytearray(to_lines(records))
    at = data.draw(st.integers(0, len(whole) - 2))
    if whole[at] == ord("\n"):
        return
    whole[at] = ord("?") if whole[at] != ord("?") else ord("!")
    with pytest.raises(EksdnsError, match=r"journal:\d+: the record is damaged"):
        from_lines(bytes(whole), "journal")


@pytest.mark.parametrize(
    "line", [b"\n", b"00000000 {}\n", b"99914b93 []\n", to_lines([{}]).replace(b"{}", b"[]")]
)
def test_a_line_that_was_never_written_is_damage(line: bytes) -> None:
    with pytest.raises(EksdnsError, match="damaged"):
        from_lines(line, "journal")


def test_a_torn_tail_is_dropped_and_written_over(tmp_path: Path) -> None:
    store = LocalStore(tmp_path)
    store.create("r1").append(RECORDS)
    path = tmp_path / "runs" / "r1.jsonl"
    whole = path.read_bytes()
    last = len(to_lines(RECORDS[:2]))
    for cut in range(last, len(whole)):
        path.write_bytes(whole[:cut])
        journal = LocalStore(tmp_path).open("r1")
        assert list(journal.read()) == RECORDS[:2]
        journal.append(RECORDS[2:])
        assert list(journal.read()) == RECORDS
        del journal


def test_no_other_user_may_read_what_a_run_knows(tmp_path: Path) -> None:
    store = LocalStore(tmp_path / "a" / "state")
    store.create("r1").append(RECORDS)
    store.lock().acquire(KEYS, holder(), 0.0)
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "a").rglob("*")}
    assert modes == {
        "state": 0o700,
        "runs": 0o700,
        "r1.jsonl": 0o600,
        "lock.json": 0o600,
        "lock.guard": 0o600,
    }


def test_two_processes_cannot_write_to_one_run(tmp_path: Path) -> None:
    first = LocalStore(tmp_path).create("r1")
    first.append(RECORDS[:1])
    with pytest.raises(EksdnsError, match="another process") as caught:
        LocalStore(tmp_path).open("r1").append(RECORDS)
    assert caught.value.exit_code is ExitCode.REFUSED


def full(*_: object) -> int:
    raise OSError(28, "No space left on device")


def test_a_full_disk_leaves_no_record_in_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = LocalStore(tmp_path).create("r1")
    journal.append(RECORDS[:1])
    write = os.write

    def fill(file: int, data: bytes) -> int:
        return write(file, data[:5]) if len(data) > 20 else full()

    monkeypatch.setattr(os, "write", fill)
    with pytest.raises(EksdnsError, match="No space left"):
        journal.append(RECORDS[1:])
    monkeypatch.undo()
    journal.append(RECORDS[1:])
    assert list(journal.read()) == RECORDS


def test_a_run_that_cannot_be_opened_leaves_no_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = LocalStore(tmp_path).create("r1")
    monkeypatch.setattr(os, "write", full)
    with pytest.raises(EksdnsError, match="No space left") as caught:
        journal.append(RECORDS[:1])
    assert caught.value.hint.endswith("the run did not start")
    assert LocalStore(tmp_path).runs() == ()


def test_a_journal_that_cannot_be_repaired_accepts_no_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = LocalStore(tmp_path).create("r1")
    journal.append(RECORDS[:1])
    monkeypatch.setattr(os, "fsync", full)
    monkeypatch.setattr(os, "ftruncate", full)
    with pytest.raises(EksdnsError, match="No space left"):
        journal.append(RECORDS[1:])
    monkeypatch.undo()
    with pytest.raises(EksdnsError, match="could not be repaired"):
        journal.append(RECORDS[1:])


def test_a_damaged_run_can_be_opened_by_no_process(tmp_path: Path) -> None:
    LocalStore(tmp_path).create("r1").append(RECORDS)
    path = tmp_path / "runs" / "r1.jsonl"
    path.write_bytes(b"?" + path.read_bytes()[1:])
    journal = LocalStore(tmp_path).open("r1")
    for _ in range(2):
        with pytest.raises(EksdnsError, match=r"r1.jsonl:1: the record is damaged"):
            journal.append(RECORDS)


def test_folders_that_cannot_be_used_are_clear_errors(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for use in (lambda: LocalStore(tmp_path / "file").create("r1"), LocalStore(tmp_path / "file" / "x").lock):
        with pytest.raises(EksdnsError, match="cannot use"):
            use()
    journal = LocalStore(tmp_path).create("r1")
    (tmp_path / "runs" / "r1.jsonl").unlink()
    with pytest.raises(EksdnsError, match="cannot use"):
        journal.read()
    (tmp_path / "lock.guard").mkdir()
    with pytest.raises(EksdnsError, match="cannot use"):
        LocalStore(tmp_path).lock().release(holder())


def test_a_lock_document_that_is_none_is_reported(tmp_path: Path) -> None:
    for text in ("{", "[]", '{"held": [{"run": "r", "who": "w", "until": 1, "keys": "x"}]}'):
        (tmp_path / "lock.json").write_text(text)
        with pytest.raises(EksdnsError, match="is not a valid lock file"):
            LocalStore(tmp_path).lock().acquire(KEYS, holder(), 0.0)
    (tmp_path / "lock.json").unlink()
    (tmp_path / "lock.json").mkdir()
    with pytest.raises(EksdnsError, match="cannot use"):
        LocalStore(tmp_path).lock().acquire(KEYS, holder(), 0.0)


APPENDING = """
import sys
from pathlib import Path
from eksaddon.store.local import LocalStore
journal = LocalStore(Path(sys.argv[1])).create("r1")
for number in range(100_000):
    journal.append([{"n": number}])
    print(number, flush=True)
"""


def test_acknowledged_records_survive_a_kill(tmp_path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", APPENDING, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    for line in child.stdout:
        if int(line) >= 20:
            break
    child.send_signal(signal.SIGKILL)
    rest = child.stdout.read().split()
    child.wait()
    child.stdout.close()
    acknowledged = int(rest[-1]) if rest and rest[-1].isdigit() else 20
    found = [record["n"] for record in LocalStore(tmp_path).open("r1").read()]
    assert found == list(range(len(found)))
    assert len(found) > acknowledged


LOCKING = """
import sys, time
from pathlib import Path
from eksaddon.domain.json import JsonObject
from eksaddon.ports import Held, Holder
from eksaddon.store.local import LocalStore
lock = LocalStore(Path(sys.argv[1])).lock()
got = lock.acquire(frozenset({"x"}), Holder("r" + sys.argv[2], "w", time.time() + 60), time.time())
print(int(isinstance(got, Held)), flush=True)
sys.stdin.read()  # a process that has ended holds nothing
"""


@pytest.mark.slow
def test_of_several_processes_exactly_one_gets_the_lock(tmp_path: Path) -> None:
    LocalStore(tmp_path).lock()
    children = [
        subprocess.Popen(
            [sys.executable, "-c", LOCKING, str(tmp_path), str(number)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(5)
    ]
    answers = [child.stdout.readline().strip() for child in children if child.stdout is not None]
    for child in children:
        child.communicate()
    assert sorted(answers) == ["0", "0", "0", "0", "1"]


def test_locks_of_an_ended_local_process_are_free(tmp_path: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", HOLDING, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert child.stdout is not None
    child.stdout.readline()
    now = time.time()
    mine = holder("r2", "you", now + 60)
    assert isinstance(LocalStore(tmp_path).lock().acquire(KEYS, mine, now), HeldByOther)
    child.kill()
    child.communicate()
    assert LocalStore(tmp_path).lock().acquire(KEYS, mine, now) == Held(mine.until)


HOLDING = """
import sys, time
from pathlib import Path
from eksaddon.ports import Holder
from eksaddon.store.local import LocalStore
now = time.time()
LocalStore(Path(sys.argv[1])).lock().acquire(frozenset({"1/eu/a"}), Holder("r1", "me", now + 120), now)
print("held", flush=True)
sys.stdin.read()
"""


def proc_of(folder: Path, *, boot: str = "b", namespace: str = "pid:[1]", stats: dict[int, str]) -> Path:
    (folder / "sys/kernel/random").mkdir(parents=True)
    (folder / "sys/kernel/random/boot_id").write_text(f"{boot}\n")
    (folder / "self/ns").mkdir(parents=True)
    (folder / "self/ns/pid").symlink_to(namespace)
    for number, stat in stats.items():
        (folder / str(number)).mkdir()
        (folder / str(number) / "stat").write_text(stat)
    return folder


def stat_of(state: str, started: int) -> str:
    return f"7 (a) b) {state} " + " ".join(["0"] * 18) + f" {started} 0"


@pytest.mark.parametrize(
    ("process", "gone"),
    [
        ("b/pid:[1] 7 500", False),
        ("b/pid:[1] 7 499", True),
        ("b/pid:[1] 8 500", True),
        ("b/pid:[1] 9 500", True),
        ("other/pid:[1] 8 500", False),
        ("b/pid:[2] 8 500", False),
        ("", False),
        ("b/pid:[1]", False),
        ("b/pid:[1] x 1", False),
    ],
)
def test_only_a_process_of_this_machine_and_namespace_is_known_to_be_gone(
    process: str,
    gone: bool,
    tmp_path: Path,  # a row of the table
) -> None:
    proc = proc_of(tmp_path, stats={7: stat_of("S", 500), 9: stat_of("Z", 500)})
    assert is_gone(process, proc) is gone


def test_this_process_is_never_gone() -> None:
    assert not is_gone(this_process())
    assert this_process(Path("/nowhere")) == ""
    assert not is_gone(this_process(), Path("/nowhere"))


@pytest.mark.parametrize("name", ["", "runs"])
def test_a_state_folder_that_others_can_write_to_is_refused(tmp_path: Path, name: str) -> None:
    store = _private_store(tmp_path)
    (tmp_path / "state" / name).chmod(0o770)
    for use in (lambda: store.open("r1"), lambda: store.create("r2"), store.lock):
        with pytest.raises(EksdnsError, match="can be written to by others") as caught:
            use()
        assert caught.value.exit_code is ExitCode.REFUSED
        assert "chmod go-w" in caught.value.hint


def test_a_state_folder_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = _private_store(tmp_path)
    own = os.geteuid()
    os.chown(tmp_path / "state", own or 4711, -1)
    monkeypatch.setattr(os, "geteuid", lambda: own + 1)
    with pytest.raises(EksdnsError, match="belongs to another user"):
        store.open("r1")


def test_no_link_in_a_state_folder_is_followed(tmp_path: Path) -> None:
    store, other = _private_store(tmp_path), tmp_path / "other"
    other.write_text("theirs")
    runs = tmp_path / "state" / "runs"
    (runs / "r2.jsonl").symlink_to(other)
    with pytest.raises(EksdnsError):
        store.open("r2")
    with pytest.raises(EksdnsError):
        store.create("r2")
    for name in ("lock.guard", "lock.json"):
        (tmp_path / "state" / name).unlink(missing_ok=True)
        (tmp_path / "state" / name).symlink_to(other)
        with pytest.raises(EksdnsError):
            store.lock().acquire(frozenset({"a"}), holder(), 1.0)
        (tmp_path / "state" / name).unlink()
    (tmp_path / "state" / "lock.new").symlink_to(other)
    assert isinstance(store.lock().acquire(frozenset({"a"}), holder(), 1.0), Held)
    assert other.read_text() == "theirs"
