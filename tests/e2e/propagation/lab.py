"""A rolling update of real CoreDNS processes behind a real load balancer, probed all the while.

Old pods are deleted one after the other, each as soon as its successor is ready, as a Deployment does. The
balancer's listeners stand for nodes, one for each way to use source ports: all three see the same update.
"""

import asyncio
import contextlib
import math
import threading
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from eksaddon.app.runtime import SystemClock
from eksaddon.domain.probing.lookup import PortMode, Transport
from eksaddon.domain.termination import SECOND
from eksaddon.ports import Clock
from eksaddon.probe.ask import Question, asking
from eksaddon.probe.check import Probe, measure_load
from eksaddon.probe.coredns import LOOPBACK, free_port, running
from eksaddon.probe.kubelet import delete
from tests.e2e.propagation.settings import Setting
from tests.support.network.balancer import Balancer, Node
from tests.support.network.ground_truth import Given

PODS = 4
STEP_SECONDS = 3.0
"""Between two deletions: a new pod of CoreDNS is ready within seconds."""

BEFORE_SECONDS = 1.0
TIMEOUT = 3.0
"""Seconds, as they pass, of a lookup: longer than any pause of a busy machine."""

MODES = {
    "new flows": (Transport.UDP, PortMode.WALKED),
    "kept flow": (Transport.UDP, PortMode.KEPT),
    "random ports": (Transport.UDP, PortMode.RANDOM),
    "TCP": (Transport.TCP, PortMode.RANDOM),
}
"""The modes by what they see, in the order in which they are shown; TCP keeps four connections."""

COREFILE = """\
.:{dns} {{
    bind 127.0.0.1
    hosts {{
        10.0.0.1 eksdns.invalid
    }}
    ready 127.0.0.1:{ready}
    health 127.0.0.1:0 {{
        lameduck {lameduck}ns
    }}
}}
"""


@dataclass(frozen=True, slots=True)
class Trial:
    """One update; seconds are those of life, whatever the scale.

    Attributes:
        rates: Lookups a second of each source port mode.
        scale: How many times faster than life.
        tcp_timeout: Seconds, as they pass, after which a connection without an answer is replaced.
    """

    setting: Setting
    propagation: float
    rates: Mapping[str, float]
    scale: int = 1
    tcp_timeout: float = TIMEOUT


@dataclass(frozen=True, slots=True)
class Seen:
    """What one source port mode met; seconds are those of life.

    Attributes:
        given: Queries that the balancer got, and `given_lost` those without an answer, by its own books.
        dropped: Queries that the kernel dropped before the balancer read them: the fault of a busy machine.
        propagation: From a deletion to the last query that the balancer gave to that pod; the longest.
        gap: The longest time without an answer.
    """

    asked: int
    lost: int
    given: int
    given_lost: int
    dropped: int
    propagation: float
    gap: float

    @property
    def share(self) -> float:
        return self.given_lost / self.given if self.given else 0.0


@dataclass(slots=True)
class Pod:
    """A CoreDNS process and its ports."""

    name: str
    dns: int
    ready: int
    process: Process
    deleted: float = math.inf


@dataclass(slots=True)
class _Update:
    trial: Trial
    balancer: Balancer
    clock: Clock
    old: Sequence[Pod] = field(default_factory=tuple)
    new: Sequence[Pod] = field(default_factory=tuple)

    def seconds(self, of_life: float) -> float:
        return of_life / self.trial.scale

    async def roll(self) -> None:
        """Every old pod, to its end and to the last node's knowledge of it."""
        async with asyncio.TaskGroup() as group:
            for old, new in zip(self.old, self.new, strict=True):
                self.balancer.add(new.name, new.dns)
                group.create_task(self._end(old))
                await self.clock.sleep(self.seconds(STEP_SECONDS))
        await self.clock.sleep(self.seconds(self.trial.propagation + 2 * BEFORE_SECONDS))

    async def _end(self, pod: Pod) -> None:
        setting = self.trial.setting
        pod.deleted = self.clock.now()
        self.balancer.delete(pod.name)
        probing = asyncio.create_task(self._watch_readiness(pod))
        await delete(pod.process, setting.pre_stop, setting.grace, self.clock, scale=self.trial.scale)
        self.balancer.end(pod.name)
        probing.cancel()

    async def _watch_readiness(self, pod: Pod) -> None:
        """As the kubelet: readiness probes go on during termination; each opens a connection of its own."""
        period, failures = self.trial.setting.readiness
        failed = 0
        while failed < failures:
            await self.clock.sleep(self.seconds(period))
            failed = 0 if await _is_open(pod.ready) else failed + 1
        self.balancer.unready(pod.name)


async def _is_open(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection(LOOPBACK, port)
    except OSError:
        return False
    writer.close()
    return True


async def rolled(trial: Trial, binary: Path) -> Mapping[str, Seen]:
    """Run one update, and what each mode saw of it."""
    clock, stopped = SystemClock(), threading.Event()
    nodes = dict.fromkeys(trial.rates, trial.propagation / trial.scale)
    with Balancer(nodes, scale=trial.scale) as balancer:
        async with contextlib.AsyncExitStack() as stack:
            names = [f"{kind}-{number}" for kind in ("old", "new") for number in range(PODS)]
            started = [stack.enter_async_context(_pod(name, trial, binary, clock)) for name in names]
            pods = await asyncio.gather(*started)
            update = _Update(trial, balancer, clock, pods[:PODS], pods[PODS:])
            for pod in update.old:
                balancer.add(pod.name, pod.dns, at_once=True)
            probes = [
                asyncio.create_task(
                    asyncio.to_thread(measure_load, _probe(mode, trial, node), math.inf, stopped)
                )
                for mode, node in balancer.nodes.items()
            ]
            try:
                await clock.sleep(update.seconds(BEFORE_SECONDS))
                await update.roll()
            finally:
                stopped.set()
            found = await asyncio.gather(*probes)
        deleted = {pod.name: pod.deleted for pod in update.old}
        return {
            mode: _seen(node, deleted, totals.asked, totals.lost, trial.scale)
            for (mode, node), totals in zip(balancer.nodes.items(), found, strict=True)
        }


def _probe(mode: str, trial: Trial, node: Node) -> Probe:
    transport, ports = MODES[mode]
    timeout = trial.tcp_timeout if transport is Transport.TCP else TIMEOUT
    question = Question(LOOPBACK, node.port, "eksdns.invalid.", transport=transport, timeout=timeout)
    return Probe(question, trial.rates[mode] * trial.scale, ports=ports)


@contextlib.asynccontextmanager
async def _pod(name: str, trial: Trial, binary: Path, clock: Clock) -> AsyncIterator[Pod]:
    dns, ready = free_port(), free_port()
    lameduck = round(trial.setting.lameduck * SECOND / trial.scale)
    corefile = COREFILE.format(dns=dns, ready=ready, lameduck=lameduck)
    ask = asking(Question(LOOPBACK, dns, "eksdns.invalid."))
    async with running(binary, corefile, ask, clock) as process:
        yield Pod(name, dns, ready, process)


def _seen(node: Node, deleted: Mapping[str, float], asked: int, lost: int, scale: float) -> Seen:
    lasts = (node.last_to(name) for name in deleted)
    propagations = (last - deleted[name] for last, name in zip(lasts, deleted, strict=True) if last)
    return Seen(
        asked=asked,
        lost=lost,
        given=len(node.given),
        given_lost=len(node.lost),
        dropped=node.dropped,
        propagation=max(propagations, default=0.0) * scale,
        gap=_longest_gap(node.given) * scale,
    )


def _longest_gap(given: Sequence[Given]) -> float:
    """Between two answered queries with lost ones between them; 0 where none was lost."""
    longest, was_lost = 0.0, False
    since: float | None = None
    for each in given:
        if each.answered is None:
            was_lost = True
            continue
        if was_lost and since is not None:
            longest = max(longest, each.at - since)
        since, was_lost = each.at, False
    return longest
