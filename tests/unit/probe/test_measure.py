import asyncio
import time
from pathlib import Path

import pytest

from eksaddon.app.runtime import SystemClock
from eksaddon.domain.errors import EksdnsError
from eksaddon.domain.termination import SECOND, Measured, TerminationSettings
from eksaddon.probe.ask import Question, asking
from eksaddon.probe.coredns import LOOPBACK, free_port, running
from eksaddon.probe.measure import corefile_for, measure
from eksaddon.probe.samples import Sample
from tests.unit.probe.stand_in import stand_in

pytestmark = pytest.mark.slow


HURRY = 1000


class HurriedClock:
    """A second of it is a thousandth of ours."""

    def now(self) -> float:
        return time.monotonic() * HURRY

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / HURRY)


async def start(binary: Path, clock: SystemClock | HurriedClock) -> None:
    port = free_port()
    async with running(binary, corefile_for((), port), asking(Question(LOOPBACK, port, timeout=0.05)), clock):
        pass


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> list[Measured]:
    """A lameduck that runs to its end, and one that is cut; ten times faster than life."""
    binary = stand_in(tmp_path_factory.mktemp("coredns"))
    cases = [
        TerminationSettings(0, (1 * SECOND, 1 * SECOND), 30),
        TerminationSettings(1, (30 * SECOND,), 4),
    ]

    async def run_progress() -> list[Measured]:
        return await asyncio.gather(*(measure(case, binary, SystemClock(), scale=10) for case in cases))

    return asyncio.run(run_progress())


def test_measurements_match_the_prediction(measured: list[Measured]) -> None:
    for one in measured:
        assert one.answers_seconds == pytest.approx(one.predicted.answers_seconds, abs=1.5)
        assert one.killed == one.predicted.killed
        assert one.lost_early <= one.queries // 20, "a busy machine may lose a query or two"


def test_the_process_outlives_its_last_answer_only_shortly(measured: list[Measured]) -> None:
    assert all(0 <= one.exit_seconds - one.answers_seconds < 3 for one in measured)


def test_answers_that_fail_before_the_shutdown_spoil_the_measurement(tmp_path: Path) -> None:
    seen: list[Sample] = []
    settings = TerminationSettings(0, (), 30)
    with pytest.raises(EksdnsError, match="queries were lost before the shutdown began"):
        asyncio.run(measure(settings, stand_in(tmp_path, "forgets"), SystemClock(), seen=seen.append))
    assert seen


def test_a_refused_corefile_is_reported_in_coredns_own_words(tmp_path: Path) -> None:
    with pytest.raises(EksdnsError, match="ended with 1: Corefile:1 - Error during parsing: Unknown"):
        asyncio.run(start(stand_in(tmp_path, "refuses"), SystemClock()))


def test_a_server_that_never_answers_is_abandoned(tmp_path: Path) -> None:
    with pytest.raises(EksdnsError, match="does not answer within 20 s: no output"):
        asyncio.run(start(stand_in(tmp_path, "sleeps"), HurriedClock()))


@pytest.mark.parametrize("name", ["absent", "not-executable"])
def test_a_path_that_is_not_a_program_is_refused_with_a_remedy(tmp_path: Path, name: str) -> None:
    (tmp_path / "not-executable").write_text("data")
    with pytest.raises(EksdnsError, match=f"cannot start .*/{name}: ") as caught:
        asyncio.run(start(tmp_path / name, SystemClock()))
    assert "--coredns" in caught.value.hint


def test_no_process_is_left_behind_when_the_measurement_breaks(tmp_path: Path) -> None:
    port = free_port()
    pids: list[int] = []

    async def run_progress() -> None:
        ask = asking(Question(LOOPBACK, port))
        async with running(stand_in(tmp_path), corefile_for((), port), ask, SystemClock()) as process:
            pids.append(process.pid)
            raise KeyError

    with pytest.raises(KeyError):
        asyncio.run(run_progress())
    assert not Path(f"/proc/{pids[0]}").exists()


def test_the_corefile_has_a_health_block_for_each_lameduck() -> None:
    text = corefile_for((2 * SECOND, -SECOND), 1053, scale=4)
    assert text.count("health 127.0.0.1:0 {") == 2
    assert "lameduck 500000000ns" in text
    assert "lameduck -250000000ns" in text
    assert text.startswith(".:1053 {")


def test_without_lameducks_the_corefile_has_no_health() -> None:
    assert "health" not in corefile_for((), 1053)
