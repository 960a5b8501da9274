import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from eksaddon.aws.single_flight import Once
from eksaddon.domain.cause import Cause, Trouble


class Source:
    """Counts how often it is asked; refuses some places."""

    def __init__(self, *refused: str, cause: Cause = Cause.DENIED) -> None:
        self.asked: list[str] = []
        self.refused = refused
        self.cause = cause
        self._lock = threading.Lock()

    def ask(self, place: str) -> str | Trouble:
        with self._lock:
            self.asked.append(place)
        return Trouble(self.cause, place) if place in self.refused else "answer"


def test_sixty_four_threads_ask_once() -> None:
    source, once = Source(), Once[str]()
    together = threading.Barrier(64)

    def want(number: int) -> str | Trouble:
        together.wait()
        return once.get("v1", number, lambda: source.ask("somewhere"))

    with ThreadPoolExecutor(64) as pool:
        assert set(pool.map(want, range(64))) == {"answer"}
    assert len(source.asked) == 1


def test_where_one_place_is_refused_the_next_one_asks_itself_and_all_have_the_answer() -> None:
    source, once = Source("a"), Once[str]()
    assert once.get("v", "a", lambda: source.ask("a")) == Trouble(Cause.DENIED, "a")
    assert once.get("v", "a", lambda: source.ask("a")) == Trouble(Cause.DENIED, "a")
    assert once.get("v", "b", lambda: source.ask("b")) == "answer"
    assert once.get("v", "c", lambda: source.ask("c")) == "answer"
    assert source.asked == ["a", "b"]


def test_a_passing_trouble_is_asked_for_again() -> None:
    source, once = Source("a", cause=Cause.THROTTLED), Once[str]()
    once.get("v", "a", lambda: source.ask("a"))
    once.get("v", "a", lambda: source.ask("a"))
    assert source.asked == ["a", "a"]


def test_a_caller_who_waits_for_a_refused_place_asks_for_itself() -> None:
    once = Once[str]()
    begun, waited = threading.Event(), threading.Event()

    def slow() -> str | Trouble:
        begun.set()
        waited.wait(5)
        return Trouble(Cause.DENIED, "a")

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(once.get, "v", "a", slow)
        begun.wait(5)
        second = pool.submit(once.get, "v", "b", lambda: "answer")
        waited.set()
        assert second.result(5) == "answer"
        assert isinstance(first.result(5), Trouble)


def test_a_crash_reaches_everyone_and_is_not_remembered() -> None:
    once = Once[str]()

    def crash() -> str:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        once.get("v", "a", crash)
    assert once.get("v", "a", lambda: "answer") == "answer"
