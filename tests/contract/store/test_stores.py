"""What every store promises: in memory, in a folder, and in S3 as moto answers for it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from email.utils import formatdate
from pathlib import Path
from typing import Any, cast

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectTimeoutError, IncompleteReadError
from hypothesis import given
from hypothesis import strategies as st
from moto import mock_aws

from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.json import JsonObject
from eksaddon.ports import Held, HeldByOther, Holder, Lock, RunStore
from eksaddon.sim.inprocess.botocore_hook import boto3_session
from eksaddon.sim.scenario.file import parse_scenario
from eksaddon.sim.scenario.scenario import world_of
from eksaddon.store.bucket import Bucket, BucketOptions, unexplained
from eksaddon.store.bucket_url import BucketUrl, read_bucket_url
from eksaddon.store.lines import from_lines, to_lines
from eksaddon.store.local import LocalStore
from eksaddon.store.memory import MemoryStore
from eksaddon.store.opening import default_state, open_store
from eksaddon.store.process import is_gone, this_process
from eksaddon.store.s3 import S3Store

NAME = "acme-eksdns"
GUARDED = "guarded-runs"
RECORDS: list[JsonObject] = [
    {"type": "A", "n": 1},
    {"type": "B", "text": "ä\n\u2028"},
    {"type": "C", "deep": {"x": [None, True]}},
]
KEYS = frozenset({"1/eu/a", "1/eu/b"})

BEGAN = 1_700_000_000
"""By the stores' clocks when the callers' show 0: they have nothing to do with each other."""


class OnTime:
    """A store whose clock goes on as those of its callers."""

    def __init__(self, store: RunStore, moment: list[float]) -> None:
        self._store = store
        self._moment = moment
        self.create, self.open, self.runs = store.create, store.open, store.runs

    def lock(self) -> "OnTimeLock":
        return OnTimeLock(self._store.lock(), self._moment)


class OnTimeLock:
    def __init__(self, lock: Lock, moment: list[float]) -> None:
        self._lock = lock
        self._moment = moment
        self.release, self.unlock = lock.release, lock.unlock

    def acquire(self, keys: frozenset[str], holder: Holder, now: float) -> Held | HeldByOther:
        self._moment[:] = [BEGAN + now]
        return self._lock.acquire(keys, holder, now)

    def renew(self, holder: Holder, now: float) -> bool:
        self._moment[:] = [BEGAN + now]
        return self._lock.renew(holder, now)

    def held_for(self, run_id: str, now: float) -> tuple[Holder, ...]:
        self._moment[:] = [BEGAN + now]
        return self._lock.held_for(run_id, now)


def dated(client: Any, moment: list[float]) -> Any:
    """The client of an S3 whose clock shows this moment."""

    def date(response_dict: dict[str, Any], **_: object) -> None:
        response_dict["headers"]["date"] = formatdate(moment[0], usegmt=True)

    client.meta.events.register("before-parse.s3", date)
    return client


def simulated_s3(moment: list[float]) -> Any:
    scenario = f'{{version: 1, accounts: [{{id: "123456789012"}}], buckets: [{NAME}]}}'
    world = world_of(parse_scenario(scenario, "scenario.yaml"), lambda: moment[0])
    path_style = Config(s3={"addressing_style": "path"})
    return boto3_session(world.handle, region="us-east-1").client("s3", config=path_style)


Again = Callable[[], RunStore]
"""The same place, as another process opens it."""


@pytest.fixture(autouse=True)
def no_keys_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)


@pytest.fixture
def bucket() -> Iterator[Any]:
    with mock_aws():
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket=NAME)
        yield client


@pytest.fixture(params=["memory", "local", "s3", "s3 of the simulator"])
def again(request: pytest.FixtureRequest, tmp_path: Path) -> Again:
    moment = [float(BEGAN)]
    match request.param:
        case "memory":
            store = MemoryStore()
            return lambda: store
        case "local":
            return lambda: OnTime(LocalStore(tmp_path / "state", clock=lambda _: moment[0]), moment)
        case "s3":
            client = dated(request.getfixturevalue("bucket"), moment)
            return lambda: OnTime(S3Store(Bucket(client, NAME, "runs-of/dns/")), moment)
        case _:
            client = simulated_s3(moment)
            return lambda: OnTime(S3Store(Bucket(client, NAME, "runs-of/dns/")), moment)


def holder(run: str = "r1", who: str = "me", until: float = 100.0) -> Holder:
    return Holder(run, who, until)


def test_what_was_appended_stays_in_order(again: Again) -> None:
    journal = again().create("r1")
    journal.append(RECORDS[:1])
    journal.append(RECORDS[1:])
    assert list(journal.read()) == list(again().open("r1").read()) == RECORDS


def test_a_run_goes_on_where_another_process_left_it(again: Again) -> None:
    first = again().create("r1")
    first.append(RECORDS[:1])
    del first
    second = again().open("r1")
    second.append(RECORDS[1:])
    assert list(again().open("r1").read()) == RECORDS


def test_a_journal_that_was_closed_keeps_nobody_out_though_it_is_still_held(again: Again) -> None:
    first = again().create("r1")
    first.append(RECORDS[:1])
    first.close()
    again().open("r1").append(RECORDS[1:])
    first.close()
    assert list(first.read()) == RECORDS


def test_a_run_exists_once(again: Again) -> None:
    again().create("r1").append(RECORDS[:1])
    with pytest.raises(EksdnsError, match="run r1 already exists") as caught:
        again().create("r1")
    assert caught.value.exit_code is ExitCode.REFUSED


def test_a_run_that_is_not_there_names_those_that_are(again: Again) -> None:
    with pytest.raises(EksdnsError, match="run r9 not found") as none:
        again().open("r9")
    assert "no run is recorded yet" in none.value.hint
    for name in ("r2", "r1"):
        again().create(name).append(RECORDS)
    assert again().runs() == ("r1", "r2")
    with pytest.raises(EksdnsError) as some:
        again().open("r9")
    assert "r1, r2" in some.value.hint


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden", "a..b", "x" * 101, "a b", "ä"])
def test_ids_that_are_no_names_are_refused(again: Again, name: str) -> None:
    for use in (again().create, again().open):
        with pytest.raises(EksdnsError, match="invalid run ID"):
            use(name)


def test_only_one_holds_a_target(again: Again) -> None:
    assert again().lock().acquire(KEYS, holder(), 0.0) == Held(100.0)
    other = again().lock().acquire(frozenset({"1/eu/b", "1/eu/c"}), holder("r2", "you"), 50.0)
    assert other == HeldByOther("1/eu/b", holder())
    assert again().lock().acquire(frozenset({"1/eu/c"}), holder("r2", "you"), 50.0) == Held(100.0)


def test_the_same_process_of_the_same_run_may_take_it_again(again: Again) -> None:
    again().lock().acquire(KEYS, holder(), 0.0)
    assert again().lock().acquire(KEYS, holder(until=200.0), 50.0) == Held(200.0)
    assert isinstance(again().lock().acquire(KEYS, holder(who="you"), 50.0), HeldByOther)


def test_another_clock_takes_over_nobodys_lock(again: Again) -> None:
    """The caller's clock is an hour ahead, the store's is not."""
    first, other = again().lock(), again().lock()
    assert first.acquire(KEYS, holder(), 0.0) == Held(100.0)
    inner = getattr(other, "_lock", None)
    if inner is None:
        return  # in memory there is one process, and one clock
    taken = inner.acquire(KEYS, holder("r2", "you", 3700.0), 3600.0)
    assert isinstance(taken, HeldByOther)
    assert taken.holder.until == pytest.approx(3700.0)
    assert inner.renew(holder(until=3700.0), 3600.0) is True


def test_what_is_held_for_a_run_can_be_seen_and_unlocked(again: Again) -> None:
    lock = again().lock()
    lock.acquire(KEYS, holder(), 0.0)
    lock.acquire(frozenset({"1/eu/c"}), holder("r2", "you"), 0.0)
    assert [each.who for each in again().lock().held_for("r1", 1.0)] == ["me"]
    assert again().lock().held_for("r1", 100.0) == ()
    again().lock().unlock("r1")
    assert again().lock().held_for("r1", 1.0) == ()
    assert lock.renew(holder(until=200.0), 2.0) is False
    assert [each.who for each in again().lock().held_for("r2", 1.0)] == ["you"]


def test_a_lock_is_taken_over_only_when_its_time_is_over(again: Again) -> None:
    again().lock().acquire(KEYS, holder(), 0.0)
    late = holder("r2", "you", 300.0)
    assert isinstance(again().lock().acquire(KEYS, late, 99.9), HeldByOther)
    assert again().lock().acquire(KEYS, late, 100.0) == Held(300.0)
    assert again().lock().renew(holder(until=400.0), 150.0) is False


def test_a_renewal_gives_more_time_but_never_after_the_end(again: Again) -> None:
    lock = again().lock()
    lock.acquire(KEYS, holder(), 0.0)
    assert lock.renew(holder(until=200.0), 90.0) is True
    assert isinstance(again().lock().acquire(KEYS, holder("r2", "you"), 150.0), HeldByOther)
    assert lock.renew(holder(until=400.0), 250.0) is False


def test_a_release_frees_everything_and_may_come_twice(again: Again) -> None:
    lock = again().lock()
    lock.release(holder())
    lock.acquire(KEYS, holder(), 0.0)
    for _ in range(2):
        lock.release(holder())
    assert again().lock().acquire(KEYS, holder("r2", "you"), 1.0) == Held(100.0)


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


# the folder


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


def test_nobody_else_may_read_what_a_run_knows(tmp_path: Path) -> None:
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


def test_a_journal_that_cannot_be_mended_takes_nothing_more(
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


def test_a_damaged_run_can_be_opened_by_nobody(tmp_path: Path) -> None:
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


def test_a_lock_document_that_is_none_is_told(tmp_path: Path) -> None:
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


def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
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


# S3


def test_a_second_writer_in_s3_is_refused_even_with_equal_records(bucket: Any) -> None:
    store = S3Store(Bucket(bucket, NAME, ""))
    first, second = store.create("r1"), store.create("r1")
    first.append(RECORDS)
    with pytest.raises(EksdnsError, match="another process") as caught:
        second.append(RECORDS)
    assert caught.value.exit_code is ExitCode.REFUSED
    assert list(store.open("r1").read()) == RECORDS


class Client:
    """Passes everything on, and spoils what a test asks for."""

    def __init__(self, inner: Any, **spoilt: Callable[..., Any]) -> None:
        self._inner = inner
        self._spoilt = spoilt

    def __getattr__(self, name: str) -> Any:  # any method of a client
        return self._spoilt.get(name) or getattr(self._inner, name)


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": code}}, "PutObject")


def test_a_write_whose_answer_was_lost_is_known_again(bucket: Any) -> None:
    def put(**asked: Any) -> Any:  # as boto3
        bucket.put_object(**asked)
        raise refusal("PreconditionFailed")  # botocore's own repeat met what it had written

    journal = S3Store(Bucket(cast("Any", Client(bucket, put_object=put)), NAME, "")).create("r1")
    journal.append(RECORDS)
    assert list(S3Store(Bucket(bucket, NAME, "")).open("r1").read()) == RECORDS


def test_an_object_that_is_gone_or_damaged_is_an_error_not_a_shorter_story(bucket: Any) -> None:
    store = S3Store(Bucket(bucket, NAME, ""))
    journal = store.create("r1")
    for record in RECORDS:
        journal.append([record])
    bucket.put_object(Bucket=NAME, Key="runs/r1/00000002.jsonl", Body=b"")
    with pytest.raises(EksdnsError, match="damaged or missing"):
        store.open("r1").read()
    bucket.delete_object(Bucket=NAME, Key="runs/r1/00000001.jsonl")
    with pytest.raises(EksdnsError, match=r"found 00000002.jsonl instead of 00000001.jsonl"):
        store.open("r1").append(RECORDS)


@pytest.mark.parametrize(
    ("code", "hint"),
    [("NoSuchBucket", "create the bucket"), ("AccessDenied", "s3:PutObject"), ("Strange", "check --state")],
)
def test_what_s3_refuses_is_a_clear_error(bucket: Any, code: str, hint: str) -> None:
    def no(**_: Any) -> Any:  # as boto3
        raise refusal(code)

    for spoilt in ("put_object", "get_object"):
        store = S3Store(Bucket(cast("Any", Client(bucket, **{spoilt: no})), NAME, ""))
        with pytest.raises(EksdnsError) as caught:
            store.lock().acquire(KEYS, holder(), 0.0)
        assert hint in caught.value.hint
    with pytest.raises(EksdnsError, match="NoSuchBucket"):
        S3Store(Bucket(bucket, "another-bucket", "")).runs()


def test_a_connection_that_is_lost_is_a_clear_error(bucket: Any) -> None:
    def lost(**_: Any) -> Any:  # as boto3
        raise ConnectTimeoutError(endpoint_url="https://s3")

    for spoilt in ("put_object", "get_object"):
        store = S3Store(Bucket(cast("Any", Client(bucket, **{spoilt: lost})), NAME, ""))
        with pytest.raises(EksdnsError, match="Connect timeout"):
            store.lock().acquire(KEYS, holder(), 0.0)


def test_a_lock_that_changes_all_the_time_is_given_up(bucket: Any) -> None:
    S3Store(Bucket(bucket, NAME, "")).lock().acquire(KEYS, holder(), 0.0)

    def never(**_: Any) -> Any:  # as boto3
        raise refusal("PreconditionFailed")

    lock = quick(Client(bucket, put_object=never)).lock()
    for use in (
        lambda: lock.acquire(frozenset({"z"}), holder("r2"), 0.0),
        lambda: lock.renew(holder(), 0.0),
        lambda: lock.release(holder()),
    ):
        with pytest.raises(EksdnsError, match="keeps changing"):
            use()


@pytest.fixture(params=["versioned", "kms", "object-lock"])
def guarded_bucket(request: pytest.FixtureRequest, bucket: Any) -> Any:
    """A bucket as companies keep their state in."""
    bucket.create_bucket(Bucket=GUARDED, ObjectLockEnabledForBucket=request.param == "object-lock")
    if request.param == "versioned":
        bucket.put_bucket_versioning(Bucket=GUARDED, VersioningConfiguration={"Status": "Enabled"})
    elif request.param == "kms":
        rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}, "BucketKeyEnabled": True}
        bucket.put_bucket_encryption(Bucket=GUARDED, ServerSideEncryptionConfiguration={"Rules": [rule]})
    else:
        keep = {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 1}}
        lock = {"ObjectLockEnabled": "Enabled", "Rule": keep}
        bucket.put_object_lock_configuration(Bucket=GUARDED, ObjectLockConfiguration=lock)
    return bucket


def test_versioned_encrypted_and_locked_buckets_hold_journals_and_locks(guarded_bucket: Any) -> None:
    store = S3Store(Bucket(guarded_bucket, GUARDED, "p/"))
    journal = store.create("r1")
    journal.append(RECORDS[:1])
    journal.append(RECORDS[1:])
    assert list(store.open("r1").read()) == RECORDS
    lock = store.lock()
    assert lock.acquire(KEYS, holder(), 0.0) == Held(100.0)
    assert lock.renew(holder(until=200.0), 50.0) is True
    lock.release(holder())
    assert lock.held_for("r1", 60.0) == ()
    assert store.runs() == ("r1",)


def test_encryption_key_and_owner_are_sent_with_what_they_belong_to(bucket: Any) -> None:
    sent: dict[str, dict[str, Any]] = {}

    def noted(name: str) -> Callable[..., Any]:
        def call(**asked: Any) -> Any:
            sent[name] = asked
            return getattr(bucket, name)(**asked)

        return call

    client = Client(bucket, put_object=noted("put_object"), get_object=noted("get_object"))
    options = BucketOptions("aws:kms", "alias/eksdns", "123456789012")
    store = S3Store(Bucket(cast("Any", client), NAME, "", options=options))
    store.create("r1").append(RECORDS)
    assert list(store.open("r1").read()) == RECORDS
    wanted = {
        "ServerSideEncryption": "aws:kms",
        "SSEKMSKeyId": "alias/eksdns",
        "ExpectedBucketOwner": "123456789012",
    }
    assert wanted.items() <= sent["put_object"].items()
    assert sent["get_object"]["ExpectedBucketOwner"] == "123456789012"
    assert "SSEKMSKeyId" not in sent["get_object"]


# where


@pytest.mark.parametrize(
    ("query", "url"),
    [
        ("region=eu-west-1&profile=ops", BucketUrl(NAME, "a/", region="eu-west-1", profile="ops")),
        ("endpoint=https://minio:9000", BucketUrl(NAME, "a/", endpoint="https://minio:9000")),
        ("kmskeyid=alias/x", BucketUrl(NAME, "a/", encryption="aws:kms", key="alias/x")),
        ("ssetype=aws:kms:dsse", BucketUrl(NAME, "a/", encryption="aws:kms:dsse")),
        ("bucketowner=123456789012", BucketUrl(NAME, "a/", owner="123456789012")),
    ],
)
def test_settings_stand_behind_the_prefix(query: str, url: BucketUrl) -> None:
    assert read_bucket_url(f"s3://{NAME}/a?{query}") == url


@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ("regoin=eu-west-1", "did you mean region?"),
        ("what=1", "settings: region"),
        ("region=Ireland", "eu-west-1"),
        ("endpoint=minio", "https://"),
        ("ssetype=kms", "aws:kms"),
        ("bucketowner=1", "12 digits"),
        ("ssetype=AES256&kmskeyid=x", "aws:kms"),
        ("profile=", "not empty"),
        ("profile=a&profile=b", "remove one"),
    ],
)
def test_a_setting_that_is_unknown_or_not_valid_is_a_usage_error(query: str, hint: str) -> None:
    with pytest.raises(EksdnsError) as caught:
        read_bucket_url(f"s3://{NAME}/a?{query}")
    assert caught.value.exit_code is ExitCode.USAGE
    assert hint in caught.value.hint


def test_the_place_is_named_by_the_state(
    bucket: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(open_store(str(tmp_path), lambda _: bucket, unexplained), LocalStore)
    for url in (f"s3://{NAME}", f"s3://{NAME}/a/b/"):
        store = open_store(url, lambda _: bucket, unexplained)
        store.create("r1").append(RECORDS)
        assert store.runs() == ("r1",)
    keys = {each["Key"] for each in bucket.list_objects_v2(Bucket=NAME)["Contents"]}
    assert keys == {"runs/r1/00000000.jsonl", "a/b/runs/r1/00000000.jsonl"}
    with pytest.raises(EksdnsError, match="invalid S3 location"):
        open_store("s3:/x", lambda _: bucket, unexplained)
    assert default_state({"XDG_STATE_HOME": "/x"}) == "/x/eksdns"
    monkeypatch.setenv("HOME", "/h")
    assert default_state({}) == "/h/.local/state/eksdns"


def test_a_name_that_is_taken_while_memory_holds_it() -> None:
    store = MemoryStore()
    store.create("r1")
    with pytest.raises(EksdnsError):
        store.create("r1")


# S3 says that another write is under way, or its answers break off


class Broken:
    """A body that ends before its length."""

    def read(self) -> bytes:
        raise IncompleteReadError(actual_bytes=1, expected_bytes=2)


def conflicts(times: int, real: Any) -> Callable[..., Any]:
    left = [times]

    def put(**options: Any) -> Any:
        if left[0]:
            left[0] -= 1
            error = {"Error": {"Code": "ConditionalRequestConflict", "Message": "another write is under way"}}
            raise ClientError(cast("Any", error), "PutObject")
        return real(**options)

    return put


def quick(client: Any) -> S3Store:
    return S3Store(Bucket(client, NAME, "", pause=lambda: None))


def test_a_write_that_meets_another_one_is_sent_again(bucket: Any) -> None:
    store = quick(Client(bucket, put_object=conflicts(3, bucket.put_object)))
    journal = store.create("r1")
    journal.append(RECORDS)
    assert list(quick(bucket).open("r1").read()) == RECORDS
    store = quick(Client(bucket, put_object=conflicts(3, bucket.put_object)))
    assert store.lock().acquire(KEYS, holder(), 0.0) == Held(100.0)
    store = quick(Client(bucket, put_object=conflicts(3, bucket.put_object)))
    assert store.lock().renew(holder(until=200.0), 50.0) is True


def test_a_write_that_always_meets_another_one_is_given_up(bucket: Any) -> None:
    journal = quick(Client(bucket, put_object=conflicts(1000, bucket.put_object))).create("r1")
    with pytest.raises(EksdnsError, match="keeps changing"):
        journal.append(RECORDS)


def test_an_answer_that_breaks_off_is_asked_for_again(bucket: Any) -> None:
    quick(bucket).create("r1").append(RECORDS)
    left = [4]

    def get(**options: Any) -> Any:
        reply = bucket.get_object(**options)
        if left[0]:
            left[0] -= 1
            return {**reply, "Body": Broken()}
        return reply

    assert list(quick(Client(bucket, get_object=get)).open("r1").read()) == RECORDS
    left[0] = 1000
    with pytest.raises(EksdnsError, match=r"r1/00000000\.jsonl"):
        quick(Client(bucket, get_object=get)).open("r1").read()


# a process that has ended


def test_what_a_process_of_this_machine_held_is_free_once_it_has_ended(tmp_path: Path) -> None:
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


def _private_store(tmp_path: Path) -> LocalStore:
    store = LocalStore(tmp_path / "state")
    store.create("r1").append([{"n": 1}])
    store.lock()
    return store


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


def test_odd_objects_among_the_runs_are_errors_of_their_own(tmp_path: Path) -> None:
    store, runs = _private_store(tmp_path), tmp_path / "state" / "runs"
    (runs / "folder.jsonl").mkdir()
    os.mkfifo(runs / "pipe.jsonl")
    (runs / "odd name!.jsonl").write_bytes(b"\xff\xfe")
    assert store.open("r1").read() == ({"n": 1},)
    for run_id in ("folder", "pipe", "odd name!"):
        assert run_id in store.runs()
        with pytest.raises(EksdnsError):
            store.open(run_id)
