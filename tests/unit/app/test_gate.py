"""The gate in front of the network, passed by many threads."""

import socket
import threading

import pytest

from eksaddon.app.gate import RequestGate
from eksaddon.domain.errors import LeavingError


def test_a_request_is_counted_until_it_ends_however_it_ends() -> None:
    gate = RequestGate()
    with gate.passing():
        assert not gate.is_idle_within(0)
        with gate.passing():
            pass
        assert not gate.is_idle_within(0)
    with pytest.raises(ZeroDivisionError), gate.passing():
        raise ZeroDivisionError
    assert gate.is_idle_within(0)


def test_a_closed_gate_lets_nothing_through_and_shuts_down_what_is_open() -> None:
    gate = RequestGate()
    here, there = socket.socketpair()
    late, _other = socket.socketpair()
    with here, there, late, _other:
        gate.connected(here)
        gate.close()
        assert there.recv(1) == b""
        with pytest.raises(LeavingError), gate.passing():
            pytest.fail("it was let through")
        with pytest.raises(LeavingError):
            gate.check()
        with pytest.raises(LeavingError):
            gate.connected(late)
        assert _other.recv(1) == b""
    assert gate.is_idle_within(0)


def test_whoever_waits_is_told_when_the_last_request_ends() -> None:
    gate, entered, leave = RequestGate(), threading.Event(), threading.Event()

    def request() -> None:
        with gate.passing():
            entered.set()
            leave.wait(30)

    thread = threading.Thread(target=request)
    thread.start()
    entered.wait(30)
    gate.close()
    waiting = threading.Thread(target=leave.set)
    waiting.start()
    assert gate.is_idle_within(30)
    thread.join()
    waiting.join()


def test_no_request_begins_after_an_idle_gate_was_seen_closed() -> None:
    """Threads that pass at the moment of the closing either are waited for, or are refused."""
    for _ in range(20):
        gate, begun = RequestGate(), threading.Barrier(5)
        under_way: list[int] = []
        is_idle = threading.Event()

        def requests(gate: RequestGate = gate, idle: threading.Event = is_idle) -> None:
            begun.wait(30)  # noqa: B023  # all threads of a turn end in it
            try:
                while True:
                    with gate.passing():
                        if idle.is_set():
                            under_way.append(1)  # noqa: B023  # as above
            except LeavingError:
                return

        threads = [threading.Thread(target=requests) for _ in range(4)]
        for each in threads:
            each.start()
        begun.wait(30)
        gate.close()
        assert gate.is_idle_within(30)
        is_idle.set()
        for each in threads:
            each.join()
        assert under_way == []
