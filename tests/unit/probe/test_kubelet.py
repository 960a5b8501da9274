import asyncio

import pytest

from eksaddon.probe.kubelet import Ending, delete
from eksaddon.sim.inprocess.virtual_time import VirtualClock, run_virtually


class Pod:
    """A process that ends so many seconds after SIGTERM."""

    def __init__(self, clock: VirtualClock, lameduck: float) -> None:
        self._clock, self._lameduck = clock, lameduck
        self._ended = asyncio.Event()
        self.signals: list[tuple[str, float]] = []

    def _saw(self, signal: str) -> None:
        self.signals.append((signal, round(self._clock.elapsed, 6)))

    def terminate(self) -> None:
        self._saw("SIGTERM")
        asyncio.get_running_loop().call_later(self._lameduck, self._ended.set)

    def kill(self) -> None:
        self._saw("SIGKILL")
        self._ended.set()

    async def wait(self) -> int:
        await self._ended.wait()
        return 0


def deleted(lameduck: float, pre_stop: float, grace: float, scale: int = 1) -> tuple[Ending, Pod]:
    clock = VirtualClock()

    async def run_progress() -> tuple[Ending, Pod]:
        pod = Pod(clock, lameduck)
        return await delete(pod, pre_stop, grace, clock, scale=scale), pod

    return run_virtually(run_progress(), clock)


@pytest.mark.parametrize(
    ("lameduck", "pre_stop", "grace", "signals"),
    [
        (5, 0, 30, [("SIGTERM", 0)]),
        (5, 3, 30, [("SIGTERM", 3)]),
        (30, 0, 20, [("SIGTERM", 0), ("SIGKILL", 20)]),
        (30, 5, 30, [("SIGTERM", 5), ("SIGKILL", 30)]),
        (30, 15, 10, [("SIGTERM", 10), ("SIGKILL", 12)]),
        (30, 29, 30, [("SIGTERM", 29), ("SIGKILL", 31)]),
        (30, 5, 0, [("SIGKILL", 0)]),
    ],
)
def test_signals_come_when_the_kubelet_sends_them(
    lameduck: float, pre_stop: float, grace: float, signals: list[tuple[str, float]]
) -> None:
    ending, pod = deleted(lameduck, pre_stop, grace)
    assert pod.signals == signals
    assert ending.killed == (signals[-1][0] == "SIGKILL")


def test_the_end_is_when_the_process_ended() -> None:
    ending, _ = deleted(lameduck=5, pre_stop=3, grace=30)
    assert ending.exited - ending.deleted == pytest.approx(8)


def test_a_scale_makes_every_wait_shorter() -> None:
    _, pod = deleted(lameduck=30, pre_stop=5, grace=30, scale=5)
    assert pod.signals == [("SIGTERM", 1), ("SIGKILL", 6)]


class Gone:
    """A process that ended by itself before anybody told it to."""

    def terminate(self) -> None:
        raise ProcessLookupError

    def kill(self) -> None:
        raise ProcessLookupError

    async def wait(self) -> int:
        return 1


@pytest.mark.parametrize("grace", [0, 30])
def test_a_container_that_is_gone_already_is_not_an_error(grace: float) -> None:
    clock = VirtualClock()
    ending = run_virtually(delete(Gone(), 5, grace, clock), clock)
    assert ending.killed == (grace == 0)
