"""What every store promises: in memory, in a folder, and in S3."""

from collections.abc import Callable
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
from botocore.config import Config

from eksaddon.app.local.places import default_state
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.ports import Held, HeldByOther, Holder, Lock, RunStore
from eksaddon.sim.inprocess.botocore_hook import boto3_session
from eksaddon.sim.scenario.scenario import world_of
from eksaddon.store.bucket import Bucket, unexplained
from eksaddon.store.local import LocalStore
from eksaddon.store.memory import MemoryStore
from eksaddon.store.opening import open_store
from eksaddon.store.s3 import S3Store
from tests.support.simulation import scenario_of
from tests.support.store.places import KEYS, NAME, RECORDS, holder

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
    world = world_of(scenario_of(scenario), lambda: moment[0])
    path_style = Config(s3={"addressing_style": "path"})
    return boto3_session(world.handle, region="us-east-1").client("s3", config=path_style)


Again = Callable[[], RunStore]
"""The same place, as another process opens it."""


@pytest.fixture(params=["memory", "local", pytest.param("s3", marks=pytest.mark.slow), "s3 of the simulator"])
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


def test_appended_records_stay_in_order(again: Again) -> None:
    journal = again().create("r1")
    journal.append(RECORDS[:1])
    journal.append(RECORDS[1:])
    assert list(journal.read()) == list(again().open("r1").read()) == RECORDS


def test_a_run_continues_where_another_process_left_it(again: Again) -> None:
    first = again().create("r1")
    first.append(RECORDS[:1])
    del first
    second = again().open("r1")
    second.append(RECORDS[1:])
    assert list(again().open("r1").read()) == RECORDS


def test_a_journal_that_was_closed_blocks_no_process_though_it_is_still_held(again: Again) -> None:
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


def test_a_run_that_does_not_exist_names_those_that_are(again: Again) -> None:
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
def test_ids_that_are_not_names_are_refused(again: Again, name: str) -> None:
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


def test_another_clock_takes_over_no_lock(again: Again) -> None:
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


def test_locks_of_a_run_can_be_listed_and_released(again: Again) -> None:
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
