"""Measures how long a real CoreDNS answers during a simulated pod shutdown."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from eksaddon.domain.errors import EksdnsError
from eksaddon.domain.termination import Measured, TerminationSettings
from eksaddon.ports import Clock
from eksaddon.probe.ask import Question, asking
from eksaddon.probe.coredns import LOOPBACK, free_port, running
from eksaddon.probe.kubelet import Ending, delete
from eksaddon.probe.prober import Pace, probe
from eksaddon.probe.samples import Sample

TEN_A_SECOND = Pace(10)
BEFORE_SECONDS = 0.5
"""Probing time before the deletion, to attribute later losses to the shutdown."""
AFTER_SECONDS = 0.5
"""Probing time after the end, to check that there are no more answers."""
FLIGHT_SECONDS = 0.1
"""A query sent this long before the deletion or the end had enough time on the loopback interface."""


def corefile_for(lameducks_ns: Sequence[int], port: int, *, scale: int = 1) -> str:
    """Build a Corefile that answers everything on the loopback interface, with a `health` per lameduck."""
    blocks = [
        f".:{port}" if not index else f"block{index}.invalid:{port}"
        for index in range(max(1, len(lameducks_ns)))
    ]
    lines = []
    for index, key in enumerate(blocks):
        lines += [f"{key} {{", f"    bind {LOOPBACK}", "    whoami"]
        if lameducks_ns:
            nanoseconds = int(lameducks_ns[index] / scale)
            lines += [f"    health {LOOPBACK}:0 {{", f"        lameduck {nanoseconds}ns", "    }"]
        lines += ["}", ""]
    return "\n".join(lines)


async def measure(
    settings: TerminationSettings,
    binary: Path,
    clock: Clock,
    *,
    scale: int = 1,
    pace: Pace = TEN_A_SECOND,
    seen: Callable[[Sample], None] | None = None,
) -> Measured:
    """Run CoreDNS with these settings, delete it like the kubelet, and query it continuously.

    Args:
        binary: A CoreDNS for this machine.
        scale: Speed-up factor: divides preStop, lameducks and grace, and multiplies the query rate.
        seen: Called with every sample.

    Raises:
        EksdnsError: CoreDNS does not start, or answers are lost before the shutdown.
    """
    port = free_port()
    corefile = corefile_for(settings.lameducks_ns, port, scale=scale)
    samples, ending = await watch_shutdown(
        binary,
        corefile,
        Question(LOOPBACK, port, "eksdns.invalid."),
        clock,
        pre_stop=settings.pre_stop_seconds,
        grace=settings.grace_seconds,
        scale=scale,
        pace=Pace(pace.per_second * scale),
        seen=seen,
    )
    return _measured(settings, scale, samples, ending)


async def watch_shutdown(
    binary: Path,
    corefile: str,
    question: Question,
    clock: Clock,
    *,
    pre_stop: float,
    grace: float,
    scale: int = 1,
    pace: Pace = TEN_A_SECOND,
    seen: Callable[[Sample], None] | None = None,
) -> tuple[tuple[Sample, ...], Ending]:
    """Samples around one shutdown of a CoreDNS with the given Corefile."""
    ask = asking(question)
    watch = seen or (lambda _: None)
    async with running(binary, corefile, ask, clock) as process:
        done = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            probing = group.create_task(probe(ask, pace, clock, done.is_set, seen=watch))
            await clock.sleep(BEFORE_SECONDS)
            ending = await delete(process, pre_stop, grace, clock, scale=scale)
            await clock.sleep(AFTER_SECONDS)
            done.set()
    return probing.result(), ending


def answered_for(samples: Sequence[Sample], ending: Ending) -> float:
    """Real seconds from the deletion to the arrival of the last answer."""
    arrivals = (sample.sent + sample.took for sample in samples if sample.answered)
    return max(0.0, max(arrivals, default=0.0) - ending.deleted)


def _measured(
    settings: TerminationSettings, scale: int, samples: Sequence[Sample], ending: Ending
) -> Measured:
    quiet = ending.deleted - FLIGHT_SECONDS
    if lost_before := sum(1 for one in samples if one.sent < quiet and not one.answered):
        raise EksdnsError(
            f"{lost_before} queries were lost before the shutdown began",
            hint="this machine is too busy to measure on; try again",
        )
    answers = answered_for(samples, ending)
    answered = max((one.sent for one in samples if one.answered), default=ending.deleted)
    last = min(answered, ending.exited - FLIGHT_SECONDS)
    return Measured(
        settings=settings,
        scale=scale,
        answers_seconds=answers * scale,
        exit_seconds=(ending.exited - ending.deleted) * scale,
        killed=ending.killed,
        queries=len(samples),
        lost_early=sum(1 for one in samples if not one.answered and ending.deleted <= one.sent < last),
    )
