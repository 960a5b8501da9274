"""Probes of simulated clusters: what a scenario says about DNS, in the figures of a real prober."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import field

from eksaddon.domain.probing.figures import Figures, Loss, ProbePart
from eksaddon.domain.probing.gate import ProbeFrom
from eksaddon.domain.probing.lines import FailedLookup
from eksaddon.domain.probing.own_counts import OwnCounts
from eksaddon.domain.probing.proof import NodeTrace, Point
from eksaddon.domain.target import ClusterRef
from eksaddon.domain.workload import NotChecked
from eksaddon.frozen import dataclass
from eksaddon.ports.probes import ProbeReading, ProbeRequest, RunningProbe
from eksaddon.sim.workload.state import Dns, Reach
from eksaddon.sim.world import World

LINE_AFTER = 0.9
"""Seconds until a pod prints its first line."""


@dataclass(slots=True)
class ScriptedProbe:
    """Nothing runs in it: how many lookups there were is computed when the result is read."""

    world: World
    request: ProbeRequest
    now: Callable[[], float]
    _began: float = field(init=False)
    _ended: float | None = field(init=False, default=None)
    _before: tuple[int, int] = field(init=False)

    def __post_init__(self) -> None:
        self._began = self.now()
        self._before = self._state()

    def read(self) -> ProbeReading:
        until = self.now() if self._ended is None else self._ended
        scheduled = int((until - self._began) * self.request.gate.rate)
        where = "simulated pods" if self.request.gate.source is ProbeFrom.CLUSTER else "simulated host"
        figures = _figures(self._dns, scheduled, self._lost(until), self.request.gate.rate)
        traces = (
            (self._trace(until, figures),) if self.request.with_traces or self.request.with_points else ()
        )
        parts = (ProbePart("node-1", "kube-dns", figures),)
        return ProbeReading(figures, "", where, until, parts, self._own(), traces)

    def _trace(self, until: float, figures: Figures) -> NodeTrace:
        """Losses of a change come right after it; no pod is asked apart, so none explains them."""
        changed, rate = self.world.workload(self.request.ref).changed_at, self.request.gate.rate
        begin, end = self._silence(until)
        silent = int((end - begin) * rate)
        failures = tuple(
            FailedLookup("kube-dns", sent, Loss.TIMEOUT.value)
            for sent in (
                *(changed + number / rate for number in range(figures.lost - silent)),
                *(begin + number / rate for number in range(silent)),
            )
        )
        return NodeTrace("node-1", tuple(self._points(until, figures, failures)), failures)

    def _points(self, until: float, figures: Figures, failures: Sequence[FailedLookup]) -> Iterator[Point]:
        """As a pod prints them: once a second, and once more at the end."""
        sent = sorted(each.sent for each in failures)
        at = self._began + LINE_AFTER
        while at < until:
            share = (at - self._began) / (until - self._began)
            yield Point(at, round(figures.asked * share), bisect_right(sent, at))
            at += 1.0
        yield Point(until, figures.asked, figures.lost)

    @property
    def _dns(self) -> Dns:
        return self.world.workload(self.request.ref).dns

    def _lost(self, until: float) -> int:
        changed = self._dns.lost_on_change if self._state() != self._before else 0
        begin, end = self._silence(until)
        return self._dns.lost_before + changed + int((end - begin) * self.request.gate.rate)

    def _silence(self, until: float) -> tuple[float, float]:
        """When no pod was left after a scaling to 0."""
        scaled = self.world.workload(self.request.ref).scaled
        if scaled is None or scaled.silent_from > until:
            return until, until
        begin = max(scaled.silent_from, self._began)
        return begin, max(begin, min(scaled.silent_until, until))

    def _own(self) -> OwnCounts | None:
        if self.request.gate.source is ProbeFrom.HERE:
            return None
        if self._dns.is_metrics_denied:
            return OwnCounts(unread="pods/proxy is not granted in kube-system (configs/access/probe.yaml)")
        return OwnCounts(2, self._dns.counted_on_change if self._state() != self._before else ())

    def _state(self) -> tuple[int, int]:
        addon = self.world.addon(self.request.ref)
        return len(addon.updates) if addon else 0, self.world.workload(self.request.ref).changes

    def stop(self) -> None:
        self._ended = self.now() if self._ended is None else self._ended

    def end(self) -> ProbeReading:
        self.stop()
        return self.read()


def _figures(dns: Dns, scheduled: int, lost: int, rate: int) -> Figures:
    missed = int(scheduled * dns.late)
    asked = scheduled - missed
    failed = min(asked, lost) if dns.answers else asked
    failures = ((Loss.TIMEOUT.value, failed),) if failed else ()
    return Figures(scheduled, missed, asked, asked - failed, failures, round(failed / rate, 1))


@dataclass(frozen=True, slots=True)
class ScriptedProbes:
    """Attributes: now: Seconds since the epoch."""

    world: World
    now: Callable[[], float]

    def start(self, request: ProbeRequest) -> RunningProbe | NotChecked:
        if request.gate.source is ProbeFrom.HERE and not (request.servers or request.gate.servers):
            return NotChecked("no DNS server is known for this cluster")
        workload = self.world.workload(request.ref)
        if request.gate.source is ProbeFrom.CLUSTER and workload.reach is not Reach.OPEN:
            return NotChecked(f"the Kubernetes API cannot be used: {workload.reach.value}")
        return ScriptedProbe(self.world, request, self.now)

    def clean(self, ref: ClusterRef, _namespace: str, _run_id: str) -> tuple[str, ...] | NotChecked:
        """Nothing of a simulated probe is ever left."""
        reach = self.world.workload(ref).reach
        return () if reach is Reach.OPEN else NotChecked(f"the Kubernetes API cannot be used: {reach.value}")
