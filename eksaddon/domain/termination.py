"""What happens when a CoreDNS pod is deleted, from the three numbers that decide it.

Kubernetes: the countdown starts when the deletion is recorded, preStop runs inside it, then SIGTERM, then
SIGKILL when the grace is over (source: kubernetes.io, pod lifecycle, termination of pods). After SIGTERM
the kubelet leaves at least two seconds, which is also the one-off extension for a preStop that still runs
when the grace is over (source: kubelet, killContainer, minimumGracePeriodInSeconds = 2).

CoreDNS: at SIGTERM `ready` closes, then every `health` block sleeps its lameduck, one after the other,
while DNS is still answered; only then the servers stop (source: coredns 1.8 to 1.14.7, OnFinalShutdown
in plugin order).
"""

from dataclasses import dataclass
from enum import StrEnum

SECOND = 1_000_000_000
LEAST_AFTER_SIGTERM = 2 * SECOND
AGREEMENT_SECONDS = 0.5
DEFAULT_MARGIN_SECONDS = 10
"""Covers the health, metrics and DNS servers' own shutdown timeouts (5 s each) in nearly every case."""


def in_seconds(nanoseconds: int) -> str:
    """The exact number for people, as `30` or `2.5`."""
    whole, rest = divmod(nanoseconds, SECOND)
    return f"{whole}.{rest:09}".rstrip("0").rstrip(".") if rest else str(whole)


class EventKind(StrEnum):
    """In the order in which those of one moment happen."""

    DELETED = "deleted"
    PRE_STOP = "preStop"
    SIGTERM = "SIGTERM"
    READY_CLOSED = "ready closed"
    LAMEDUCK = "lameduck"
    SERVERS_STOP = "servers stop"
    SIGKILL = "SIGKILL"


@dataclass(frozen=True, slots=True)
class Event:
    """A moment of the shutdown.

    Attributes:
        at_ns: Nanoseconds since the deletion was recorded, when the endpoint also starts to go.
        block: Which lameduck begins, from 0; -1 for every other kind.
    """

    at_ns: int
    kind: EventKind
    block: int = -1


class PhaseKind(StrEnum):
    PRE_STOP = "preStop"
    LAMEDUCK = "lameduck"


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of the shutdown during which DNS is still answered.

    Attributes:
        planned_ns: How long it should last.
        ends_ns: When it really ends; `begins_ns` where nothing is left for it.
        block: Which lameduck, from 0; -1 for preStop.
    """

    kind: PhaseKind
    begins_ns: int
    ends_ns: int
    planned_ns: int
    block: int = -1

    @property
    def cut_ns(self) -> int:
        return self.planned_ns - (self.ends_ns - self.begins_ns)


class Verdict(StrEnum):
    """Published in JSON output, so that a value is never renamed.

    `fits`: everything runs to its end with the margin to spare. `tight`: nothing planned is cut, but less
    than the margin is left. `cut`: part of preStop or lameduck never runs. `unprotected`: neither is set, so
    that answers end with the deletion while nodes still send queries.
    """

    FITS = "fits"
    TIGHT = "tight"
    CUT = "cut"
    UNPROTECTED = "unprotected"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two ways to make the settings agree: raise the grace, or lower (or set) lameduck.

    Attributes:
        grace_seconds: The smallest grace, never below the given one, that holds all and the margin.
        lameduck_seconds: The largest total of lameducks, in whole seconds, that the given grace holds;
            0 where it holds none.
        blocks: How many `health` blocks share that total; at least 1.
    """

    grace_seconds: int
    lameduck_seconds: int
    blocks: int

    @property
    def block_seconds(self) -> int:
        """The largest lameduck if every block has the same."""
        return self.lameduck_seconds // self.blocks


@dataclass(frozen=True, slots=True)
class TerminationSettings:
    """What decides a shutdown.

    Attributes:
        pre_stop_seconds: 0 for no preStop.
        lameducks_ns: One for each server block with `health`, in the file's order; zero and negative
            mean none.
        grace_seconds: terminationGracePeriodSeconds.
        margin_seconds: To be left between the last lameduck's end and SIGKILL.

    Raises:
        ValueError: preStop, grace or margin are negative; Kubernetes refuses those too.
    """

    pre_stop_seconds: int
    lameducks_ns: tuple[int, ...]
    grace_seconds: int
    margin_seconds: int = DEFAULT_MARGIN_SECONDS

    def __post_init__(self) -> None:
        for name in ("pre_stop_seconds", "grace_seconds", "margin_seconds"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} must be 0 or more, got {getattr(self, name)}")

    @property
    def lameduck_ns(self) -> int:
        """Total lameduck of all server blocks, in nanoseconds."""
        return sum(max(0, one) for one in self.lameducks_ns)

    @property
    def needed_ns(self) -> int:
        """preStop, every lameduck and the margin."""
        return (self.pre_stop_seconds + self.margin_seconds) * SECOND + self.lameduck_ns


@dataclass(frozen=True, slots=True)
class Timeline:
    """A shutdown from the deletion to the last moment of the process.

    Attributes:
        answers_ns: How long DNS is answered after the deletion.
        cut_ns: How much of preStop and lameduck never runs.
        kill_ns: When SIGKILL is due, whether or not a process is left for it.
        suggestion: None where the settings agree.
    """

    settings: TerminationSettings
    events: tuple[Event, ...]
    phases: tuple[Phase, ...]
    answers_ns: int
    cut_ns: int
    kill_ns: int
    verdict: Verdict
    suggestion: Suggestion | None

    @property
    def spare_ns(self) -> int:
        """What is left between the last planned moment and SIGKILL; 0 where something is cut."""
        return 0 if self.cut_ns else self.kill_ns - self.answers_ns

    @property
    def answers_seconds(self) -> int:
        """Whole seconds, rounded down: what can be relied on."""
        return self.answers_ns // SECOND

    @property
    def cut_seconds(self) -> int:
        """Whole seconds, rounded up: 0 only where nothing is cut."""
        return -(-self.cut_ns // SECOND)

    @property
    def killed(self) -> bool:
        """SIGKILL finds the process alive."""
        return any(event.kind is EventKind.SIGKILL for event in self.events)


def timeline(settings: TerminationSettings) -> Timeline:
    term, kill = _signals(settings)
    phases = _phases(settings, term, kill)
    cut = sum(phase.cut_ns for phase in phases)
    answers = max((phase.ends_ns for phase in phases), default=0)
    verdict = _verdict(settings, answers, cut)
    return Timeline(
        settings=settings,
        events=_events(phases, term, kill, planned_end=term + settings.lameduck_ns),
        phases=phases,
        answers_ns=answers,
        cut_ns=cut,
        kill_ns=kill,
        verdict=verdict,
        suggestion=None if verdict is Verdict.FITS else _suggest(settings),
    )


def _signals(settings: TerminationSettings) -> tuple[int, int]:
    """When SIGTERM and SIGKILL come; grace 0 skips preStop and kills at once."""
    grace = settings.grace_seconds * SECOND
    if grace == 0:
        return 0, 0
    term = min(settings.pre_stop_seconds * SECOND, grace)
    return term, max(grace, term + LEAST_AFTER_SIGTERM)


def _phases(settings: TerminationSettings, term: int, kill: int) -> tuple[Phase, ...]:
    phases = []
    if settings.pre_stop_seconds:
        phases.append(Phase(PhaseKind.PRE_STOP, 0, term, settings.pre_stop_seconds * SECOND))
    begins = term
    for block, planned in enumerate(settings.lameducks_ns):
        if planned > 0:
            ends = min(begins + planned, kill)
            phases.append(Phase(PhaseKind.LAMEDUCK, begins, ends, planned, block))
            begins = ends
    return tuple(phases)


def _events(phases: tuple[Phase, ...], term: int, kill: int, *, planned_end: int) -> tuple[Event, ...]:
    """A process that would end in the very moment of SIGKILL is killed: stopping takes time too."""
    events = [Event(0, EventKind.DELETED)]
    if term:
        events.append(Event(0, EventKind.PRE_STOP))
    if kill:
        events += [Event(term, EventKind.SIGTERM), Event(term, EventKind.READY_CLOSED)]
    events += [
        Event(phase.begins_ns, EventKind.LAMEDUCK, phase.block)
        for phase in phases
        if phase.kind is PhaseKind.LAMEDUCK and phase.ends_ns > phase.begins_ns
    ]
    ended = planned_end < kill
    events.append(Event(planned_end, EventKind.SERVERS_STOP) if ended else Event(kill, EventKind.SIGKILL))
    return tuple(events)


def _verdict(settings: TerminationSettings, answers: int, cut: int) -> Verdict:
    if cut:
        return Verdict.CUT
    if not answers:
        return Verdict.UNPROTECTED
    return Verdict.FITS if settings.needed_ns <= settings.grace_seconds * SECOND else Verdict.TIGHT


def _suggest(settings: TerminationSettings) -> Suggestion:
    left = settings.grace_seconds - settings.pre_stop_seconds - settings.margin_seconds
    return Suggestion(
        grace_seconds=max(settings.grace_seconds, -(-settings.needed_ns // SECOND)),
        lameduck_seconds=max(0, left),
        blocks=max(1, sum(1 for one in settings.lameducks_ns if one > 0)),
    )


@dataclass(frozen=True, slots=True)
class Measured:
    """A shutdown as it was seen from outside; seconds are those of the settings, whatever the scale.

    Attributes:
        scale: How many times faster than life it was run.
        answers_seconds: From the deletion to the last answer's arrival; 0 where none came after it.
        exit_seconds: From the deletion to the end of the process.
        killed: It took a SIGKILL.
        queries: Sent in all, before and after the deletion.
        lost_early: Queries lost between the deletion and the last answer.
    """

    settings: TerminationSettings
    scale: int
    answers_seconds: float
    exit_seconds: float
    killed: bool
    queries: int
    lost_early: int

    @property
    def predicted(self) -> Timeline:
        return timeline(self.settings)

    @property
    def agrees(self) -> bool:
        """Predicted and measured differ by less than half a second, as it passed while measuring."""
        error = abs(self.answers_seconds - self.predicted.answers_ns / SECOND)
        return error / self.scale < AGREEMENT_SECONDS and self.killed == self.predicted.killed
