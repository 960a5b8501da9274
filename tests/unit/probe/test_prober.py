import asyncio
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.domain.probing.figures import Loss
from eksaddon.probe.prober import Ask, Pace, lasting, probe
from eksaddon.probe.samples import NoReply, Reply, Sample
from eksaddon.sim.inprocess.virtual_time import VirtualClock, run_virtually


def probed(ask: Ask, seconds: float, per_second: int = 10) -> tuple[Sample, ...]:
    clock = VirtualClock()
    return run_virtually(probe(ask, Pace(per_second), clock, lasting(seconds, clock)), clock)


async def at_once() -> Reply:
    await asyncio.sleep(0)
    return Reply("NOERROR")


async def never() -> NoReply:
    await asyncio.sleep(1)
    return NoReply(Loss.TIMEOUT)


@given(st.integers(1, 50), st.integers(1, 5))
def test_so_many_queries_a_second_are_sent(per_second: int, seconds: int) -> None:
    assert abs(len(probed(at_once, seconds, per_second)) - per_second * seconds) <= 1


def test_a_server_that_is_silent_does_not_slow_the_pace() -> None:
    samples = probed(never, 2)
    assert len(samples) == 20
    assert {round(later.sent - sooner.sent, 3) for sooner, later in itertools.pairwise(samples)} == {0.1}


def test_the_last_queries_are_waited_for() -> None:
    assert all(sample.took == pytest.approx(1) for sample in probed(never, 2))


def test_samples_are_in_the_order_in_which_they_were_sent() -> None:
    delays = iter([0.5, 0.1, 0.3] * 10)

    async def unevenly() -> Reply:
        await asyncio.sleep(next(delays))
        return Reply("NOERROR")

    samples = probed(unevenly, 2)
    assert [sample.sent for sample in samples] == sorted(sample.sent for sample in samples)


def test_queries_that_we_are_too_late_for_are_excluded_and_not_sent_in_a_burst() -> None:
    clock = VirtualClock()
    stalls = iter([0.0, 0.45])

    async def stalling() -> Reply:
        clock.advance(next(stalls, 0.0))
        return await at_once()

    samples = run_virtually(probe(stalling, Pace(10), clock, lasting(1, clock)), clock)
    gaps = [round(later.sent - sooner.sent, 2) for sooner, later in itertools.pairwise(samples)]
    assert max(gaps) >= 0.4
    assert min(gaps) > 0.0
    assert len(samples) < 10


def test_every_sample_is_seen_as_it_comes() -> None:
    clock, seen = VirtualClock(), list[Sample]()
    samples = run_virtually(probe(at_once, Pace(10), clock, lasting(1, clock), seen=seen.append), clock)
    assert seen == list(samples)


def test_a_pace_below_one_a_second_is_refused() -> None:
    with pytest.raises(ValueError, match="1 or more"):
        Pace(0)
