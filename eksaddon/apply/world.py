"""What a run acts through."""

import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from eksaddon.apply.events import Event
from eksaddon.apply.surprise import KeepTraceback
from eksaddon.domain.probing.server import DnsServer
from eksaddon.domain.proof import SameDocument
from eksaddon.domain.run.progress import RunProgress
from eksaddon.domain.run.wave_progress import WaveProgress
from eksaddon.ports import AddonApi, Clock, Executor, WorkloadApi
from eksaddon.ports.probes import ProbeApi

CheckWave = Callable[[RunProgress, WaveProgress], Awaitable[tuple[str, str]]]
"""Makes a check: the verdict (`pass`, `fail`, `inconclusive`) and a detail for people."""


@dataclass(frozen=True, slots=True)
class World:
    """The ports a run acts through.

    Attributes:
        checks: By the names that gates have.
        workloads: None where no plan has a workload plane.
        probes: None where lookups cannot be measured.
        dns_servers: For probes that ask from here, in addition to those of the strategy.
        dns_name: What probes look up whose gate names nothing.
        same_corefile: Whether two Corefiles mean the same.
        keep_traceback: Where the traceback of a bug goes.
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
