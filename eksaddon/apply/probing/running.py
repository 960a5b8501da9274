"""The probes of one wave in this process."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import field, replace
from typing import TypeVar

from eksaddon.apply.probing.over_time import OverTime
from eksaddon.domain.probing.figures import ClusterProbe
from eksaddon.domain.probing.gate import ProbeFrom, ProbeGate
from eksaddon.domain.probing.server import DnsServer
from eksaddon.domain.probing.session import ProbeSession, SessionState, judge_sessions
from eksaddon.domain.rollout.strategy import probe_gate
from eksaddon.domain.run.progress import RunProgress
from eksaddon.domain.run.records import ProbeRead, ProbeStarted
from eksaddon.domain.run.wave_progress import WaveProgress
from eksaddon.domain.target import ClusterRef
from eksaddon.domain.workload import NotChecked
from eksaddon.frozen import dataclass
from eksaddon.ports import Clock, Executor
from eksaddon.ports.probes import ProbeApi, ProbeReading, ProbeRequest, RunningProbe

READ_EVERY = 1.0
"""Seconds between two readings; also the maximum time in which clusters can start after a loss."""

RECORD_EVERY = 60.0
"""Seconds between two records of a probe without failures; a killed process loses later counts."""

R = TypeVar("R")


@dataclass(slots=True)
class WaveProbes:
    """Starts, reads and ends the probes of a wave's clusters.

    Attributes:
        api: None if probes are not possible; then each cluster gets a Trouble.
        servers: From the command line, like the `name` to look up.
        wave: The wave being measured; None without one.
        due: Time of the next reading, in seconds since the epoch.
    """

    api: ProbeApi | None
    executor: Executor
    clock: Clock
    servers: Sequence[DnsServer] = ()
    name: str = ""
    wave: str | None = None
    due: float = float("inf")
    _gate: ProbeGate = field(init=False, default_factory=ProbeGate)
    _running: dict[ClusterRef, RunningProbe | NotChecked] = field(init=False, default_factory=dict)
    _began: float = field(init=False, default=0.0)
    _recorded: float = field(init=False, default=0.0)
    _was_good: bool = field(init=False, default=True)
    _over_time: OverTime = field(init=False, default_factory=OverTime)

    async def start(self, run_progress: RunProgress, wave: WaveProgress) -> ProbeStarted:
        """Start a probe for each member; a failed start is a Trouble of its cluster."""
        gate = probe_gate(wave.wave) or ProbeGate()
        self._gate = replace(gate, name=gate.name or self.name)
        requests = [self._request(run_progress, ref) for ref in wave.members]
        started = await asyncio.gather(*(self._started(each) for each in requests))
        self._running = {each.ref: one for each, one in zip(requests, started, strict=True)}
        self.wave, self._was_good = wave.wave.name, True
        self._began = self._recorded = self.clock.now()
        self._over_time = OverTime(self._began)
        self.due = self._began + READ_EVERY
        return ProbeStarted(self._began, wave.wave.name)

    def _request(self, run_progress: RunProgress, ref: ClusterRef) -> ProbeRequest:
        account_name = run_progress.targets[ref].plan.target.account_name
        servers = tuple(one for one in self.servers if one.answers_for(ref, account_name))
        is_inside = self._gate.source is ProbeFrom.CLUSTER
        return ProbeRequest(ref, self._gate, run_progress.opened.run_id, servers, with_pods=is_inside)

    async def _started(self, request: ProbeRequest) -> RunningProbe | NotChecked:
        api = self.api
        if api is None:
            return NotChecked("lookups cannot be measured here")
        return await self._call(request.ref, lambda: api.start(request))

    async def _call(self, ref: ClusterRef, work: Callable[[], R]) -> R:
        return await asyncio.wrap_future(self.executor.submit(("probe", ref), work))

    async def read(self, *, force: bool = False) -> ProbeRead | None:
        """Read the counts if they are to be recorded: at the first loss, and every minute.

        Args:
            force: Read them in any case.
        """
        if self.wave is None:
            return None
        now = self.clock.now()
        self.due = now + READ_EVERY
        results = tuple(self._result(ref, one, now) for ref, one in self._running.items())
        is_good = self._is_good(results, now)
        is_news = self._was_good and not is_good
        if not (force or is_news or now - self._recorded >= RECORD_EVERY):
            return None
        self._recorded, self._was_good = now, is_good
        return ProbeRead(now, self.wave, results, SessionState.RUNNING, self._over_time.series())

    def _is_good(self, results: tuple[ClusterProbe, ...], now: float) -> bool:
        session = ProbeSession(self._began, now, results)
        return not judge_sessions((session,), self._gate.limits, is_final=False, label=str).reasons

    def _result(self, ref: ClusterRef, one: RunningProbe | NotChecked, now: float) -> ClusterProbe:
        match one:
            case NotChecked(reason=reason):
                return ClusterProbe(ref, self._began, now, trouble=reason)
            case _:
                return self._probed(ref, now, one.read())

    async def end(self, state: SessionState) -> ProbeRead | None:
        """Stop all probes and wait for the last answers; None if none was running."""
        wave, running = self.wave, self._running
        if wave is None:
            return None
        self.wave, self.due, self._running = None, float("inf"), {}
        for one in running.values():
            if not isinstance(one, NotChecked):
                one.stop()
        now = self.clock.now()
        results = await asyncio.gather(*(self._ended(ref, one, now) for ref, one in running.items()))
        return ProbeRead(self.clock.now(), wave, tuple(results), state, self._over_time.series())

    async def _ended(self, ref: ClusterRef, one: RunningProbe | NotChecked, now: float) -> ClusterProbe:
        if isinstance(one, NotChecked):
            return self._result(ref, one, now)
        return self._probed(ref, now, await self._call(ref, one.end))

    def _probed(self, ref: ClusterRef, until: float, found: ProbeReading) -> ClusterProbe:
        counted_until = min(found.counted_until or until, self.clock.now())
        self._over_time.add(ref, counted_until, found.figures.asked, found.figures.lost)
        return ClusterProbe(
            ref, self._began, until, found.figures, found.trouble, found.measured_at, found.own, found.parts
        )

    def stop(self) -> None:
        """Stop sending, without waiting for results."""
        for one in self._running.values():
            if not isinstance(one, NotChecked):
                one.stop()
