"""The possible next steps of a run, and its limits."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from eksaddon.apply.checks import DueCheck
from eksaddon.domain.run.result import RunState
from eksaddon.domain.run.wave_progress import WaveState
from eksaddon.domain.target import ClusterRef


@dataclass(frozen=True, slots=True)
class Limits:
    """What holds for this process, whatever the strategy says.

    Attributes:
        total: Targets at once.
        per_scope: Targets at once in one account and region, the unit that AWS throttles.
        until_wave: Pause once this wave is over; empty for none.
        max_wait: Seconds; where nothing else is to be done for longer, the run is paused. None for no limit.
    """

    total: int = 10
    per_scope: int = 5
    until_wave: str = ""
    max_wait: float | None = None


@dataclass(frozen=True, slots=True)
class InFlight:
    """What the journal does not hold.

    Attributes:
        active: Targets that this process is at work on.
        held: Targets that have to wait, and until when, in seconds since the epoch.
        halted: Why nothing new may start in this process; empty as a rule.
        given_up: Targets whose end this process cannot find out; who resumes the run will.
        probing: The wave whose lookups this process measures; None for none.
        probe_due: When its figures are to be read next, in seconds since the epoch.
    """

    now: float
    active: frozenset[ClusterRef] = frozenset()
    held: Mapping[ClusterRef, float] = field(default_factory=dict)
    halted: str = ""
    given_up: frozenset[ClusterRef] = frozenset()
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
    """Measure lookups to the wave's clusters from now on."""

    wave: str


@dataclass(frozen=True, slots=True)
class ReadProbe:
    """Attributes: is_kept: Record the figures, whatever they are."""

    wave: str
    is_kept: bool = False


@dataclass(frozen=True, slots=True)
class EndProbe:
    """The wave is over: wait for the last answers."""

    wave: str


@dataclass(frozen=True, slots=True)
class Soak:
    """All members are done: watch until then."""

    wave: str
    until: float


@dataclass(frozen=True, slots=True)
class EndWave:
    wave: str
    state: WaveState
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Wait:
    """Until a target ends, or until then, in seconds since the epoch; None for no time."""

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
