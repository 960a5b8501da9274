"""Rollout strategy: waves, gates, concurrency and failure tolerance."""

from dataclasses import field
from enum import StrEnum
from typing import assert_never

from eksaddon.domain.probing.gate import PROBE, ProbeGate
from eksaddon.domain.rollout.time_limits import TimeLimits
from eksaddon.domain.rollout.window import Window
from eksaddon.domain.selection import Match
from eksaddon.frozen import dataclass

WHOLE = 100


@dataclass(frozen=True, slots=True)
class Count:
    number: int


@dataclass(frozen=True, slots=True)
class Percent:
    """Percentage of the targets of the wave."""

    number: int


Amount = Count | Percent


def width(amount: Amount, total: int) -> int:
    """Number of concurrent targets; a percentage is rounded down, to at least one."""
    return amount.number if isinstance(amount, Count) else max(1, total * amount.number // WHOLE)


def tolerance(amount: Amount, total: int) -> int:
    """Number of tolerated failures of a wave; the next failure stops it."""
    return amount.number if isinstance(amount, Count) else total * amount.number // WHOLE


class OnFailure(StrEnum):
    """Reaction to more failures than the wave tolerates."""

    PAUSE = "pause"
    STOP = "stop"
    ROLLBACK_WAVE = "rollback-wave"
    CONTINUE = "continue"


class SpreadBy(StrEnum):
    """Whether the first batch is taken from different accounts or regions."""

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
    """How failures limit concurrency. Strict: at most the remaining tolerated failures plus one in flight."""

    STRICT = "strict"
    SOFT = "soft"


class UnreachableIs(StrEnum):
    """How an unreachable target counts against the tolerance."""

    FAILURE = "failure"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Approval:
    """Manual approval."""


@dataclass(frozen=True, slots=True)
class Check:
    """An automatic check, repeated at an interval; without a result it is inconclusive, never passed.

    Attributes:
        name: One of `MADE`, such as `addon-health`.
        initial_delay: Seconds before the first check.
        interval: Seconds between two checks.
        failure_limit: Number of failed checks tolerated.
        consecutive_success: Number of consecutive successful checks required to pass.
    """

    name: str
    initial_delay: int = 0
    interval: int = 60
    failure_limit: int = 0
    consecutive_success: int = 1


Gate = Approval | Check | ProbeGate

ADDON_HEALTH, COREFILE_TRY = "addon-health", "corefile-try"
CHECKS = (ADDON_HEALTH,)
"""Every check that a gate can name; `dns-probe` was replaced by the gate `probe`."""
MADE = frozenset({*CHECKS, COREFILE_TRY})
"""Names of all checks of a run; `corefile-try` is a gate of its own type."""


@dataclass(frozen=True, slots=True)
class Wave:
    """A group of targets that is updated before the next wave starts.

    Attributes:
        limit: Maximum number of members, taken in the stable order; the rest falls to later waves. 0 for no
            limit.
        before: Gates that must pass before the wave starts.
        gates: Gates that must pass during the soak, before the next wave starts.
        per_account: Maximum concurrency in one account; 0 for no separate limit.
        per_region: Maximum concurrency in one account and region; 0 for no separate limit.
        soak: Seconds to watch the wave after its last update.
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
    """What has to pass before the wave and after it: `approval`, `probe` or the name of a check."""
    return tuple(_gate_name(gate) for gate in (*wave.before, *wave.gates))


def _gate_name(gate: Gate) -> str:
    match gate:
        case Approval():
            return "approval"
        case Check(name=name):
            return name
        case ProbeGate():
            return PROBE
        case _:
            assert_never(gate)


def probe_gate(wave: Wave) -> ProbeGate | None:
    """The wave's probe; a fleet file allows one."""
    return next((gate for gate in wave.gates if isinstance(gate, ProbeGate)), None)


@dataclass(frozen=True, slots=True)
class Strategy:
    """Waves that run in sequence; a target belongs to the first wave that selects it.

    Attributes:
        windows: When updates may start; empty for any time.
        time_limits: How long to wait for a target.
    """

    waves: tuple[Wave, ...]
    unmatched: Unmatched = Unmatched.ERROR
    empty_wave: EmptyWave = EmptyWave.SKIP
    concurrency_mode: ConcurrencyMode = ConcurrencyMode.STRICT
    unreachable: UnreachableIs = UnreachableIs.FAILURE
    windows: tuple[Window, ...] = ()
    time_limits: TimeLimits = field(default_factory=TimeLimits)


def at_once(wave: Wave, members: int, mode: ConcurrencyMode) -> int:
    """Maximum number of concurrent targets of a wave before any failure."""
    wide = width(wave.max_concurrency, members)
    if mode is ConcurrencyMode.SOFT:
        return wide
    return min(wide, tolerance(wave.failure_tolerance, members) + 1)


def unstaged(at_once: int = 10, failures: int = 0) -> Strategy:
    """Strategy without a configured rollout: one unnamed wave with the given concurrency and tolerance.

    Unreachable targets do not count as failures: they do not predict the result of the next target.
    """
    wave = Wave(
        "",
        max_concurrency=Count(at_once),
        failure_tolerance=Count(failures),
        on_failure=OnFailure.STOP,
    )
    return Strategy((wave,), concurrency_mode=ConcurrencyMode.SOFT, unreachable=UnreachableIs.SKIP)
