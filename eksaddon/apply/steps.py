"""The possible next steps of a run, and its limits."""

from collections.abc import Mapping
from dataclasses import field

from eksaddon.apply.checks import DueCheck
from eksaddon.domain.run.result import RunState
from eksaddon.domain.run.wave_progress import WaveState
from eksaddon.domain.target import ClusterRef
from eksaddon.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of this process, independent of the strategy.

    Attributes:
        total: Maximum concurrent targets.
        per_scope: Maximum concurrent targets in one account and region, the unit that AWS throttles.
        until_wave: Pause after this wave; empty for none.
        max_wait: Maximum idle seconds before the run is paused; None for no limit.
    """

    total: int = 10
    per_scope: int = 5
    until_wave: str = ""
    max_wait: float | None = None


@dataclass(frozen=True, slots=True)
class InFlight:
    """State of this process that is not in the journal.

    Attributes:
        active: Targets that this process is working on.
        held: Postponed targets, and until when, in seconds since the epoch.
        halted: Why no new updates may start in this process; usually empty.
        undetermined: Targets whose result this process cannot determine; resuming the run checks them.
        probing: The wave that this process probes; None without one.
        probe_due: Time of the next reading of the probe, in seconds since the epoch.
    """

    now: float
    active: frozenset[ClusterRef] = frozenset()
    held: Mapping[ClusterRef, float] = field(default_factory=dict)
    halted: str = ""
    undetermined: frozenset[ClusterRef] = frozenset()
    probing: str | None = None
    probe_due: float = float("inf")


@dataclass(frozen=True, slots=True)
class Start:
    refs: tuple[ClusterRef, ...]


@dataclass(frozen=True, slots=True)
class BeginWave:
    wave: str


@dataclass(frozen=True, slots=True)
class StartProbe:
    """Start probes of the wave's clusters."""

    wave: str


@dataclass(frozen=True, slots=True)
class ReadProbe:
    """Read the probes.

    Attributes:
        is_kept: Record the counts in any case.
    """

    wave: str
    is_kept: bool = False


@dataclass(frozen=True, slots=True)
class EndProbe:
    """The wave has finished: wait for the last answers."""

    wave: str


@dataclass(frozen=True, slots=True)
class Soak:
    """All members are finished: soak until the given time."""

    wave: str
    until: float


@dataclass(frozen=True, slots=True)
class EndWave:
    wave: str
    state: WaveState
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Wait:
    """Wait until a target finishes, or until the given time in seconds since the epoch; None for no limit."""

    until: float | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    reason: str


@dataclass(frozen=True, slots=True)
class Stop:
    reason: str


@dataclass(frozen=True, slots=True)
class RollBack:
    waves: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Close:
    state: RunState


ProbeSteps = StartProbe | ReadProbe | EndProbe

Step = Start | BeginWave | ProbeSteps | Soak | DueCheck | EndWave | Wait | Pause | Stop | RollBack | Close
