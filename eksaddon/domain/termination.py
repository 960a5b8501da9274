"""Predicts the shutdown of a deleted CoreDNS pod from preStop, lameduck and grace period.

Kubernetes: the grace period starts when the deletion is recorded; preStop runs within it, then SIGTERM, then
SIGKILL when it expires (source: kubernetes.io, pod lifecycle, termination of pods). After SIGTERM
the kubelet allows at least two seconds, also as the one-off extension for a preStop that still runs when
the grace period expires (source: kubelet, killContainer, minimumGracePeriodInSeconds = 2).

CoreDNS: at SIGTERM `ready` closes, then every `health` block sleeps its lameduck, one after the other,
while DNS is still answered; then the servers stop (source: coredns 1.8 to 1.14.7, OnFinalShutdown
in plugin order).
"""

from enum import StrEnum

from eksaddon.frozen import dataclass

SECOND = 1_000_000_000
LEAST_AFTER_SIGTERM = 2 * SECOND
AGREEMENT_SECONDS = 0.5
DEFAULT_MARGIN_SECONDS = 10
"""Covers the shutdown timeouts of the health, metrics and DNS servers (5 s each) in nearly every case."""

PROPAGATION_MARGIN_SECONDS = 2
"""Answers that have to follow the propagation: kube-proxy merges the second of two quick changes into a sync
up to 1 s later (source: kubernetes 1.36.3, minSyncPeriod), and deletions are recorded in whole seconds."""


def in_seconds(nanoseconds: int) -> str:
    """Format nanoseconds as exact seconds, such as `30` or `2.5`."""
    whole, rest = divmod(nanoseconds, SECOND)
    return f"{whole}.{rest:09}".rstrip("0").rstrip(".") if rest else str(whole)


class EventKind(StrEnum):
    """Kinds in the order of events at the same time."""

    DELETED = "deleted"
    PRE_STOP = "preStop"
    SIGTERM = "SIGTERM"
    READY_CLOSED = "ready closed"
    LAMEDUCK = "lameduck"
    SERVERS_STOP = "servers stop"
    SIGKILL = "SIGKILL"


@dataclass(frozen=True, slots=True)
class Event:
    """An event of the shutdown.

    Attributes:
        at_ns: Nanoseconds since the deletion was recorded, when removal of the endpoint starts too.
        block: Index of the lameduck that begins; -1 for other kinds.
    """

    at_ns: int
    kind: EventKind
    block: int = -1


class PhaseKind(StrEnum):
    PRE_STOP = "preStop"
    LAMEDUCK = "lameduck"


@dataclass(frozen=True, slots=True)
class Phase:
    """A phase of the shutdown during which DNS is still answered.

    Attributes:
        planned_ns: Configured duration.
        ends_ns: Actual end; `begins_ns` if no time is left for it.
        block: Index of the lameduck; -1 for preStop.
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
    """Values are published in JSON output and must not be renamed.

    `fits`: everything completes and the margin remains. `tight`: nothing is cut, but less than the margin
    remains. `cut`: part of preStop or lameduck never runs, but the rest is long enough. `too-short`: answers
    end while nodes may still send queries. `unprotected`: neither is set, so that answers end with the
    deletion.
    """

    FITS = "fits"
    TIGHT = "tight"
    CUT = "cut"
    TOO_SHORT = "too-short"
    UNPROTECTED = "unprotected"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two fixes for the settings: raise the grace period, or lower (or set) lameduck.

    Attributes:
        grace_seconds: The smallest sufficient grace period including the margin, never below the given one.
        lameduck_seconds: The largest total of lameducks, in whole seconds, that fits the given grace period;
            0 if none fits.
        blocks: Number of `health` blocks that share that total; at least 1.
    """

    grace_seconds: int
    lameduck_seconds: int
    blocks: int

    @property
    def block_seconds(self) -> int:
        """The largest lameduck per block if all blocks use the same value."""
        return self.lameduck_seconds // self.blocks


@dataclass(frozen=True, slots=True)
class TerminationSettings:
    """Settings that determine a shutdown.

    Attributes:
        pre_stop_seconds: 0 for no preStop.
        lameducks_ns: One for each server block with `health`, in the file's order; zero or negative
            for none.
        grace_seconds: terminationGracePeriodSeconds.
        margin_seconds: Required time between the end of the last lameduck and SIGKILL.
        propagation_ns: How long nodes send new flows to a deleted pod; 0 if not considered.

    Raises:
        ValueError: preStop, grace, margin or propagation is negative; Kubernetes rejects the first three too.
    """

    pre_stop_seconds: int
    lameducks_ns: tuple[int, ...]
    grace_seconds: int
    margin_seconds: int = DEFAULT_MARGIN_SECONDS
    propagation_ns: int = 0

    def __post_init__(self) -> None:
        for name in ("pre_stop_seconds", "grace_seconds", "margin_seconds", "propagation_ns"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} must be 0 or more, got {getattr(self, name)}")

    @property
    def lameduck_ns(self) -> int:
        """Total lameduck of all server blocks, in nanoseconds."""
        return sum(max(0, one) for one in self.lameducks_ns)

    @property
    def needed_ns(self) -> int:
        """Required grace period: preStop, all lameducks and the margin."""
        return (self.pre_stop_seconds + self.margin_seconds) * SECOND + self.lameduck_ns

    @property
    def answers_needed_ns(self) -> int:
        """How long a deleted pod has to answer: the propagation and its margin; 0 where it is left aside."""
        return self.propagation_ns + PROPAGATION_MARGIN_SECONDS * SECOND if self.propagation_ns else 0


@dataclass(frozen=True, slots=True)
class Timeline:
    """A shutdown from the deletion to the end of the process.

    Attributes:
        answers_ns: How long DNS is answered after the deletion.
        cut_ns: How much of preStop and lameduck never runs.
        kill_ns: When SIGKILL is due, even if the process has ended before.
        suggestion: None if the verdict is `fits`.
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
        """Time between the last answer and SIGKILL; 0 if something is cut."""
        return 0 if self.cut_ns else self.kill_ns - self.answers_ns

    @property
    def answers_seconds(self) -> int:
        """Whole seconds, rounded down to stay on the safe side."""
        return self.answers_ns // SECOND

    @property
    def cut_seconds(self) -> int:
        """Whole seconds, rounded up: 0 only if nothing is cut."""
        return -(-self.cut_ns // SECOND)

    @property
    def killed(self) -> bool:
        """Whether SIGKILL ends the process."""
        return any(event.kind is EventKind.SIGKILL for event in self.events)


def timeline(settings: TerminationSettings) -> Timeline:
    sigterm, sigkill = _signal_times(settings)
    phases = _phases(settings, sigterm, sigkill)
    cut = sum(phase.cut_ns for phase in phases)
    answers = max((phase.ends_ns for phase in phases), default=0)
    verdict = _verdict(settings, answers, cut)
    return Timeline(
        settings=settings,
        events=_events(phases, sigterm, sigkill, planned_end=sigterm + settings.lameduck_ns),
        phases=phases,
        answers_ns=answers,
        cut_ns=cut,
        kill_ns=sigkill,
        verdict=verdict,
        suggestion=None if verdict is Verdict.FITS else _suggest(settings),
    )


def _signal_times(settings: TerminationSettings) -> tuple[int, int]:
    """Times of SIGTERM and SIGKILL; grace period 0 skips preStop and kills immediately."""
    grace = settings.grace_seconds * SECOND
    if grace == 0:
        return 0, 0
    sigterm = min(settings.pre_stop_seconds * SECOND, grace)
    return sigterm, max(grace, sigterm + LEAST_AFTER_SIGTERM)


def _phases(settings: TerminationSettings, sigterm: int, sigkill: int) -> tuple[Phase, ...]:
    phases = []
    if settings.pre_stop_seconds:
        phases.append(Phase(PhaseKind.PRE_STOP, 0, sigterm, settings.pre_stop_seconds * SECOND))
    begins = sigterm
    for block, planned in enumerate(settings.lameducks_ns):
        if planned > 0:
            ends = min(begins + planned, sigkill)
            phases.append(Phase(PhaseKind.LAMEDUCK, begins, ends, planned, block))
            begins = ends
    return tuple(phases)


def _events(phases: tuple[Phase, ...], sigterm: int, sigkill: int, *, planned_end: int) -> tuple[Event, ...]:
    """Events in order; a planned end at the time of SIGKILL is too late, because stopping takes time."""
    events = [Event(0, EventKind.DELETED)]
    if sigterm:
        events.append(Event(0, EventKind.PRE_STOP))
    if sigkill:
        events += [Event(sigterm, EventKind.SIGTERM), Event(sigterm, EventKind.READY_CLOSED)]
    events += [
        Event(phase.begins_ns, EventKind.LAMEDUCK, phase.block)
        for phase in phases
        if phase.kind is PhaseKind.LAMEDUCK and phase.ends_ns > phase.begins_ns
    ]
    ended = planned_end < sigkill
    events.append(Event(planned_end, EventKind.SERVERS_STOP) if ended else Event(sigkill, EventKind.SIGKILL))
    return tuple(events)


def _verdict(settings: TerminationSettings, answers: int, cut: int) -> Verdict:
    if not answers and not cut:
        return Verdict.UNPROTECTED
    if answers < settings.answers_needed_ns:
        return Verdict.TOO_SHORT
    if cut:
        return Verdict.CUT
    return Verdict.FITS if settings.needed_ns <= settings.grace_seconds * SECOND else Verdict.TIGHT


def _suggest(settings: TerminationSettings) -> Suggestion:
    remaining = settings.grace_seconds - settings.pre_stop_seconds - settings.margin_seconds
    return Suggestion(
        grace_seconds=max(settings.grace_seconds, -(-settings.needed_ns // SECOND)),
        lameduck_seconds=max(0, remaining),
        blocks=max(1, sum(1 for one in settings.lameducks_ns if one > 0)),
    )


@dataclass(frozen=True, slots=True)
class Measured:
    """A shutdown measured from outside; seconds are in the time of the settings, independent of `scale`.

    Attributes:
        scale: Speed-up factor of the measurement relative to real time.
        answers_seconds: From the deletion to the arrival of the last answer; 0 if none arrived after it.
        exit_seconds: From the deletion to the end of the process.
        killed: The process was ended by SIGKILL.
        queries: Total number sent, before and after the deletion.
        lost_early: Queries lost after the deletion and sent before the last answered one, without those in
            flight at the end.
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
        """Whether prediction and measurement differ by less than half a second of measuring time."""
        error = abs(self.answers_seconds - self.predicted.answers_ns / SECOND)
        return error / self.scale < AGREEMENT_SECONDS and self.killed == self.predicted.killed
