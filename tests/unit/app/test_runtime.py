"""The bounded executor, observed through what runs at once."""

import threading
import time
from itertools import islice

import pytest

from eksaddon.app.runtime import AHEAD, SystemClock, ThreadExecutor


class Gate:
    """Counts who is inside; opens when told."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.lock = threading.Lock()
        self.inside = self.most = 0

    def enter(self) -> None:
        with self.lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        self.open.wait(10)
        with self.lock:
            self.inside -= 1


def test_a_lane_never_runs_more_than_its_share():
    executor, gate = ThreadExecutor(8, per_lane=2), Gate()
    futures = [executor.submit("lane", gate.enter) for _ in range(12)]
    gate.open.set()
    for future in futures:
        future.result(10)
    executor.close()
    assert gate.most <= 2


def test_a_lane_gets_more_calls_at_a_time_where_few_lanes_share_the_threads():
    def limit(lanes: int) -> int:
        executor = ThreadExecutor(16, per_lane=2, most_per_lane=8)
        rows = executor.each(range(400), lambda _: None, lane=lambda number: number % lanes)
        most = max(executor.limit_of(number % lanes) for number, _ in islice(rows, 100))
        executor.close()
        return most

    assert (limit(1), limit(4), limit(40)) == (8, 4, 2)


def test_the_last_lane_gets_the_threads_of_those_that_ended():
    executor = ThreadExecutor(16, per_lane=2, most_per_lane=8)
    lanes = [*range(20), *[20] * 200]
    for _ in executor.each(enumerate(lanes), lambda _: None, lane=lambda pair: pair[1]):
        pass
    assert executor.limit_of(20) == 8
    executor.close()


def test_a_throttled_lane_runs_fewer_calls_at_a_time():
    executor, gate = ThreadExecutor(8, per_lane=4), Gate()
    executor.throttled("lane")
    futures = [executor.submit("lane", gate.enter) for _ in range(4)]
    other = [executor.submit("other", gate.enter) for _ in range(4)]
    gate.open.set()
    for future in (*futures, *other):
        future.result(10)
    executor.close()
    assert gate.most <= 2 + 4


def test_a_lane_that_is_throttled_while_it_runs_ends():
    executor = ThreadExecutor(8, per_lane=4)

    def work(number: int) -> int:
        if number % 3 == 0:
            executor.throttled("lane")
        return number

    found = {item for item, _ in executor.each(range(100), work, lane=lambda _: "lane")}
    assert executor.limit_of("lane") < 4
    executor.close()
    assert found == set(range(100))


def test_a_full_lane_holds_no_thread_of_another():
    executor, gate = ThreadExecutor(3, per_lane=2), Gate()
    blocked = [executor.submit("full", gate.enter) for _ in range(10)]
    assert executor.submit("other", lambda: "through").result(10) == "through"
    gate.open.set()
    for future in blocked:
        future.result(10)
    executor.close()


def test_every_item_gets_its_own_result():
    executor = ThreadExecutor(4, per_lane=2)
    found = dict(executor.each(range(50), lambda number: number * number, lane=lambda number: number % 3))
    executor.close()
    assert found == {number: number * number for number in range(50)}


def test_no_more_calls_are_started_than_keep_the_pool_busy():
    executor = ThreadExecutor(3, per_lane=2)
    started: list[int] = []
    rows = executor.each(range(900), started.append, lane=lambda number: number // 30)
    for _ in range(100):
        next(rows)
    ahead = len(started)
    assert len(list(rows)) == 800
    executor.close()
    assert 100 <= ahead <= 100 + AHEAD * (3 + 2)


def test_a_lane_is_done_before_the_last_one_is_begun():
    executor = ThreadExecutor(2, per_lane=2)
    seen: list[int] = []
    for number, _ in executor.each(range(200), lambda _: None, lane=lambda number: number // 10):
        seen.append(number // 10)
    executor.close()
    first_seen = {lane: seen.index(lane) for lane in range(20)}
    last_of_first = len(seen) - 1 - seen[::-1].index(0)
    assert last_of_first < first_seen[19]


def test_the_longest_lane_comes_first():
    executor = ThreadExecutor(1, per_lane=1)
    items = ["a1", "b1", "b2", "b3", "c1"]
    order = [item for item, _ in executor.each(items, lambda _: None, lane=lambda item: item[0])]
    executor.close()
    assert order.index("b1") == 0


def test_a_result_leads_to_further_calls_of_its_lane():
    executor = ThreadExecutor(4, per_lane=2)
    rows = executor.each(
        ["a", "b"],
        len,
        lane=lambda item: item[0],
        further=lambda item, size: [f"{item}{number}" for number in range(3)] if size < 3 else (),
    )
    found = [item for item, _ in rows]
    executor.close()
    expected = {
        f"{lane}{path}" for lane in "ab" for path in ("", *"012", *(f"{a}{b}" for a in "012" for b in "012"))
    }
    assert len(found) == len(expected)
    assert set(found) == expected


def test_few_lanes_are_begun_at_a_time_though_each_leads_to_more():
    executor = ThreadExecutor(4, per_lane=2)
    begun: set[int] = set()
    ended: set[int] = set()
    most = 0
    rows = executor.each(
        [(lane, 0) for lane in range(100)],
        lambda item: begun.add(item[0]),
        lane=lambda item: item[0],
        further=lambda item, _: [(item[0], item[1] + 1)] if item[1] < 5 else (),
    )
    for lane, number in (item for item, _ in rows):
        if number == 5:
            ended.add(lane)
        most = max(most, len(begun) - len(ended))
    executor.close()
    assert len(ended) == 100
    assert most <= 4 + 1 + 1


def test_unconsumed_work_is_cancelled():
    executor = ThreadExecutor(1, per_lane=1)
    made: list[int] = []
    rows = executor.each(range(50), made.append, lane=lambda number: number % 2)
    next(rows)
    rows.close()  # type: ignore[attr-defined]  # a generator
    executor.submit("last", lambda: None).result(10)
    executor.close()
    assert len(made) < 50


def test_an_exception_reaches_a_caller_who_asked():
    executor = ThreadExecutor(2, per_lane=1)
    with pytest.raises(ZeroDivisionError):
        list(executor.each([0], lambda number: 1 // number, lane=lambda _: "lane"))
    assert executor.submit("lane", lambda: 7).result(10) == 7
    executor.close()


def test_a_cancelled_call_is_not_made():
    executor, gate = ThreadExecutor(1, per_lane=1), Gate()
    first = executor.submit("lane", gate.enter)
    made: list[int] = []
    second = executor.submit("lane", lambda: made.append(1))
    assert second.cancel()
    gate.open.set()
    first.result(10)
    assert executor.submit("lane", lambda: 7).result(10) == 7
    executor.close()
    assert made == []


def test_the_clock_reports_the_time_of_day():
    assert SystemClock().now() > 1_700_000_000


def test_setting_the_clock_moves_no_deadline(monkeypatch):
    clock = SystemClock()
    before = clock.now()
    monkeypatch.setattr(time, "time", lambda: 0.0)
    assert 0.0 <= clock.now() - before < 60.0
    assert SystemClock().now() < 60.0
