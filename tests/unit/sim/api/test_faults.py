"""Which calls a fault strikes."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.sim.api.call_log import Call, CallLog
from eksaddon.sim.api.faults import SERVER_ERROR, THROTTLING, Effect, Fault, FaultBook, Match, Slow
from eksaddon.sim.api.throttle import Rate, Throttle
from tests.support.examples import examples


def call(
    operation: str = "DescribeAddon",
    account: str = "1",
    region: str = "eu-west-1",
    cluster: str = "a",
    service: str = "eks",
) -> Call:
    return Call(0.0, service, operation, account, region, cluster)


def struck(book: FaultBook, one: Call, elapsed: float = 0.0) -> list[Effect]:
    return [fault.effect for fault in book.strike(one, elapsed)]


@pytest.mark.parametrize(
    ("match", "other"),
    [
        (Match(operation="Update*"), call()),
        (Match(account="2"), call()),
        (Match(region="us-*"), call()),
        (Match(cluster="prod-*"), call()),
        (Match(service="sts"), call()),
    ],
)
def test_only_matching_calls_are_struck(match, other):
    book = FaultBook([Fault(SERVER_ERROR, match)])
    fitting = call("UpdateAddon", "2", "us-east-1", "prod-1", "sts")
    assert struck(book, fitting) == [SERVER_ERROR]
    assert struck(book, other) == []


def test_the_nth_of_all_matching_calls():
    book = FaultBook([Fault(SERVER_ERROR, nth=frozenset({2, 4}))])
    hits = [bool(struck(book, call(cluster=name))) for name in "abcde"]
    assert hits == [False, True, False, True, False]


def test_the_nth_call_of_each_cluster():
    book = FaultBook([Fault(SERVER_ERROR, nth=frozenset({2}), each=True)])
    hits = [bool(struck(book, call(cluster=name))) for name in "abab"]
    assert hits == [False, False, True, True]


def test_a_number_of_times():
    book = FaultBook([Fault(SERVER_ERROR, times=2)])
    assert [bool(struck(book, call())) for _ in range(4)] == [True, True, False, False]


def test_a_number_of_times_for_each_cluster():
    book = FaultBook([Fault(SERVER_ERROR, times=1, each=True)])
    assert [bool(struck(book, call(cluster=name))) for name in "abab"] == [True, True, False, False]


@pytest.mark.parametrize(("elapsed", "hits"), [(9.9, False), (10.0, True), (19.9, True), (20.0, False)])
def test_a_window_of_time(elapsed, hits):
    book = FaultBook([Fault(SERVER_ERROR, begins=10, ends=20)])
    assert bool(struck(book, call(), elapsed)) == hits


def test_slow_ones_add_up_and_the_first_other_one_ends_it():
    book = FaultBook([Fault(Slow(1)), Fault(SERVER_ERROR), Fault(Slow(2)), Fault(THROTTLING)])
    assert struck(book, call()) == [Slow(1), SERVER_ERROR]


def test_a_cleared_book_strikes_nothing():
    book = FaultBook([Fault(SERVER_ERROR)])
    book.clear()
    assert struck(book, call()) == []


def test_chance_strikes_about_as_often_as_it_says():
    book = FaultBook([Fault(SERVER_ERROR, probability=0.25)], seed=3)
    hits = sum(bool(struck(book, call(cluster=str(number)))) for number in range(1000))
    assert 200 < hits < 300


@given(st.permutations(range(12)))
@examples(20)
def test_chance_does_not_depend_on_the_order_of_calls(order):
    def hits(numbers: Iterable[int]) -> dict[int, bool]:
        book = FaultBook([Fault(SERVER_ERROR, probability=0.5)], seed=7)
        return {number: bool(struck(book, call(cluster=str(number)))) for number in numbers}

    assert hits(order) == hits(range(12))


def test_a_bucket_lets_a_burst_through_and_then_its_rate():
    throttle = Throttle(Rate(per_second=2, burst=3))
    assert [throttle.admits("a", 0.0) for _ in range(5)] == [True, True, True, False, False]
    assert throttle.admits("b", 0.0)
    assert [throttle.admits("a", 1.0) for _ in range(3)] == [True, True, False]


def test_a_bucket_never_holds_more_than_its_burst_and_time_never_runs_back():
    throttle = Throttle(Rate(per_second=1, burst=2))
    assert [throttle.admits("a", 1000.0) for _ in range(3)] == [True, True, False]
    assert not throttle.admits("a", 0.0)
    assert not throttle.admits("a", 1000.5)


def test_the_log_counts_all_and_remembers_the_last():
    log = CallLog(keep=2)
    for name in ("a", "b", "c"):
        log.add(call(cluster=name))
    assert log.counts["DescribeAddon"] == 3
    assert [each.cluster for each in log] == ["b", "c"]
    assert [each.cluster for each in log.of("DescribeAddon", cluster="c", account="1")] == ["c"]
    log.clear()
    assert len(log) == 0
    assert not log.counts


def test_threads_may_write_the_log_together():
    log = CallLog()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: log.add(call()), range(400)))
    assert log.counts["DescribeAddon"] == len(log) == 400
