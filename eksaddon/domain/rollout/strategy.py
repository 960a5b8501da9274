"""How a change is spread over the fleet."""

from dataclasses import dataclass, field
from enum import StrEnum

from eksaddon.domain.rollout.time_limits import TimeLimits
from eksaddon.domain.rollout.window import Window
from eksaddon.domain.selection import Match

WHOLE = 100


@dataclass(frozen=True, slots=True)
class Count:
    number: int


@dataclass(frozen=True, slots=True)
class Percent:
    """Of the targets of the wave."""

    number: int


Amount = Count | Percent


def width(amount: Amount, total: int) -> int:
    """How many at once; a percentage rounds down and is at least one."""
    return amount.number if isinstance(amount, Count) else max(1, total * amount.number // WHOLE)


def tolerance(amount: Amount, total: int) -> int:
    """How many failures a wave bears; the next one stops it."""
    return amount.number if isinstance(amount, Count) else total * amount.number // WHOLE


class OnFailure(StrEnum):
    """Reaction to more failures than the wave tolerates."""

    PAUSE = "pause"
    STOP = "stop"
    ROLLBACK_WAVE = "rollback-wave"
    CONTINUE = "continue"


class SpreadBy(StrEnum):
    """Pick the first batch from different accounts or regions."""

    NOTHING = "nothing"
    ACCOUNT = "account"
    REGION = "region"


class Unmatched(StrEnum):
    """Treatment of targets that no wave selects."""

    ERROR = "error"
    LAST_WAVE = "last-wave"
    EXCLUDE = "exclude"


class EmptyWave(StrEnum):
    SKIP = "skip"
    ERROR = "error"


class ConcurrencyMode(StrEnum):
    """Strict: never more in flight than failures still borne, plus one."""

    STRICT = "strict"
    SOFT = "soft"


class UnreachableIs(StrEnum):
    """How an unreachable target counts against the tolerance."""

    FAILURE = "failure"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Approval:
    """A person says yes."""


@dataclass(frozen=True, slots=True)
class Check:
    """A machine looks, again and again; without an answer it is inconclusive, never passed.

    Attributes:
        name: Which check, as `dns-probe`.
        initial_delay: Seconds before the first look.
        interval: Seconds between two looks.
        failure_limit: Number of failed checks tolerated.
        consecutive_success: How many good looks in a row it takes.
    """

    name: str
    initial_delay: int = 0
    interval: int = 60
    failure_limit: int = 0
    consecutive_success: int = 1


Gate = Approval | Check

ADDON_HEALTH, DNS_PROBE = "addon-health", "dns-probe"
CHECKS = (ADDON_HEALTH, DNS_PROBE)
"""Every check that a gate can name."""


@dataclass(frozen=True, slots=True)
class Wave:
    """Targets that are changed together.

    Attributes:
        limit: Only the first so many in the stable order; the rest falls to later waves. 0 for all.
        before: Have to pass before the wave starts.
        gates: Have to pass while it soaks, before the next wave starts.
        per_account: At once in one account; 0 for no limit of its own.
        per_region: At once in one account and region; 0 for no limit of its own.
        soak: Seconds to watch after the last member has finished.
    """

    name: str
    select: Match = field(default_factory=Match)
    limit: int = 0
    before: tuple[Gate, ...] = ()
    gates: tuple[Gate, ...] = ()
    max_concurrency: Amount = Percent(10)
    per_account: int = 0
    per_region: int = 0
    spread_by: SpreadBy = SpreadBy.NOTHING
    failure_tolerance: Amount = Count(0)
    soak: int = 0
    on_failure: OnFailure = OnFailure.PAUSE


def gate_names(wave: Wave) -> tuple[str, ...]:
    """What has to pass before the wave and after it: `approval` or the name of a check."""
    gates = (*wave.before, *wave.gates)
    return tuple("approval" if isinstance(gate, Approval) else gate.name for gate in gates)


@dataclass(frozen=True, slots=True)
class Strategy:
    """Waves one after the other; a target belongs to the first that selects it.

    Attributes:
        windows: When something new may start; at any time where there are none.
        time_limits: For how long a target is waited for.
    """

    waves: tuple[Wave, ...]
    unmatched: Unmatched = Unmatched.ERROR
    empty_wave: EmptyWave = EmptyWave.SKIP
    concurrency_mode: ConcurrencyMode = ConcurrencyMode.STRICT
    unreachable: UnreachableIs = UnreachableIs.FAILURE
    windows: tuple[Window, ...] = ()
    time_limits: TimeLimits = field(default_factory=TimeLimits)


def at_once(wave: Wave, members: int, mode: ConcurrencyMode) -> int:
    """How many of a wave are under way at once at most, while nothing has failed."""
    wide = width(wave.max_concurrency, members)
    if mode is ConcurrencyMode.SOFT:
        return wide
    return min(wide, tolerance(wave.failure_tolerance, members) + 1)


def unstaged(at_once: int = 10, failures: int = 0) -> Strategy:
    """What holds where nobody described a rollout: one wave without a name, as wide as it is told.

    What could not even be read says nothing about the next cluster, and does not count.
    """
    wave = Wave(
        "",
        max_concurrency=Count(at_once),
        failure_tolerance=Count(failures),
        on_failure=OnFailure.STOP,
    )
    return Strategy((wave,), concurrency_mode=ConcurrencyMode.SOFT, unreachable=UnreachableIs.SKIP)
