"""Checks of a wave: time of the next check, and the overall verdict; pure."""

from collections.abc import Sequence

from eksaddon.domain.rollout.strategy import ADDON_HEALTH, Check, Wave
from eksaddon.domain.run.records import GateLooked
from eksaddon.frozen import dataclass

HEALTH = ADDON_HEALTH
"""Checked in every soak: a member whose add-on is not ACTIVE or has issues fails the wave."""

_OFTEN = 60
_PARTS = 4

PASS, FAIL, INCONCLUSIVE = "pass", "fail", "inconclusive"


@dataclass(frozen=True, slots=True)
class DueCheck:
    """The next check and its time, in seconds since the epoch."""

    wave: str
    check: str
    at: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """The overall verdict of all checks.

    Attributes:
        failed: Why the wave must not continue; empty if it may, or if not known yet.
        is_unclear: Nothing failed, but a check was inconclusive, which an operator must decide.
    """

    passed: bool
    failed: str = ""
    is_unclear: bool = False


def watched(wave: Wave) -> tuple[Check, ...]:
    """Checks of a soaking wave: its gates, and the health of its members."""
    gates = tuple(gate for gate in wave.gates if isinstance(gate, Check))
    if not wave.soak or any(check.name == HEALTH for check in gates):
        return gates
    return (*gates, Check(HEALTH, interval=max(_OFTEN, wave.soak // _PARTS)))


def verdict_of(checks: Sequence[Check], looks: Sequence[GateLooked]) -> Verdict:
    """Combine the results; a check without data never passes."""
    for check in checks:
        results = [result for result in looks if result.gate == check.name]
        unclear = next((result for result in results if result.verdict == INCONCLUSIVE), None)
        if unclear is not None:
            return Verdict(passed=False, failed=_check_text(check, unclear), is_unclear=True)
        failures = [result for result in results if result.verdict == FAIL]
        if len(failures) > check.failure_limit:
            return Verdict(passed=False, failed=_check_text(check, failures[-1]))
    return Verdict(passed=all(_is_satisfied(check, looks) for check in checks))


def _check_text(check: Check, result: GateLooked) -> str:
    word = "is inconclusive" if result.verdict == INCONCLUSIVE else "failed"
    return f"check {check.name} {word}" + (f": {result.detail}" if result.detail else "")


def _is_satisfied(check: Check, looks: Sequence[GateLooked]) -> bool:
    results = [result for result in looks if result.gate == check.name]
    last = results[-check.consecutive_success :]
    return len(last) == check.consecutive_success and all(result.verdict == PASS for result in last)


def next_look(wave: str, checks: Sequence[Check], looks: Sequence[GateLooked], *, begun: float) -> DueCheck:
    """The check that is due first."""
    due = [DueCheck(wave, check.name, _due(check, looks, begun)) for check in checks]
    return min(due, key=lambda result: result.at, default=DueCheck(wave, "", float("inf")))


def _due(check: Check, looks: Sequence[GateLooked], begun: float) -> float:
    times = [result.at for result in looks if result.gate == check.name]
    return times[-1] + check.interval if times else begun + check.initial_delay
