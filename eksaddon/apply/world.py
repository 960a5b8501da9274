"""The ports of a run."""

import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import field

from eksaddon.apply.events import Event
from eksaddon.apply.surprise import KeepTraceback
from eksaddon.domain.probing.server import DnsServer
from eksaddon.domain.proof import SameDocument
from eksaddon.domain.run.progress import RunProgress
from eksaddon.domain.run.wave_progress import WaveProgress
from eksaddon.frozen import dataclass
from eksaddon.ports import AddonApi, Clock, Executor, WorkloadApi
from eksaddon.ports.probes import ProbeApi

CheckWave = Callable[[RunProgress, WaveProgress], Awaitable[tuple[str, str]]]
"""Runs a check; returns the verdict (`pass`, `fail`, `inconclusive`) and a detail."""


@dataclass(frozen=True, slots=True)
class World:
    """The ports of a run.

    Attributes:
        checks: Checks by the names used in gates.
        workloads: None if no plan has a workload plane.
        probes: None if probes are not possible.
        dns_servers: Servers of probes from this machine, in addition to those of the strategy.
        dns_name: Name to look up for gates that set none.
        same_corefile: Whether two Corefiles are equivalent.
        keep_traceback: Stores the traceback of a bug.
    """

    api: AddonApi
    executor: Executor
    clock: Clock
    emit: Callable[[Event], None]
    same: SameDocument
    dice: random.Random
    checks: Mapping[str, CheckWave] = field(default_factory=dict)
    workloads: WorkloadApi | None = None
    probes: ProbeApi | None = None
    dns_servers: tuple[DnsServer, ...] = ()
    dns_name: str = ""
    same_corefile: Callable[[str, str], bool] = str.__eq__
    keep_traceback: KeepTraceback = lambda _about, _error: ""
