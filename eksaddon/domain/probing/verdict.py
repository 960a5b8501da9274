"""What a probe's numbers prove, and what they do not."""

from enum import StrEnum

from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.probing.figures import Figures, Loss
from eksaddon.frozen import dataclass
from eksaddon.regex import regex

LEAST_SENT_SHARE = 0.99
"""Lookups that must have been sent in their turn; with more missed, a loss may have gone unseen."""

SILENT = "no reply of any kind arrived: DNS is down, or it cannot be reached from here"

_SHARE = regex(r"([0-9]{1,3}(?:\.[0-9]{1,6})?)%")


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Limits within which a probe passes.

    Attributes:
        max_lost: Failed lookups; None: no limit in number.
        max_loss: Failed lookups of all, from 0 to 1; None: no limit by share.
        max_outage: Seconds of the longest outage; None: no limit.
        least_sent: Fewer lookups than these prove nothing.
    """

    max_lost: int | None = 0
    max_loss: float | None = None
    max_outage: float | None = None
    least_sent: int = 20


def read_share(text: str) -> float:
    """Read `0.1%` as 0.001.

    Raises:
        EksdnsError: It is not a percentage from 0% to 100%.
    """
    found = _SHARE.fullmatch(text)
    if found is None or float(found[1]) > 100:  # noqa: PLR2004 - percent
        raise EksdnsError(f"invalid percentage {text!r}", hint="example: 0.1%", exit_code=ExitCode.USAGE)
    return float(found[1]) / 100


class ProbeWord(StrEnum):
    """Published in JSON output and in journals."""

    PASS = "pass"  # noqa: S105 - no password
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, slots=True)
class Judgement:
    """Attributes: reasons: Why it did not pass, one sentence each; at least one, unless it passed."""

    word: ProbeWord
    reasons: tuple[str, ...] = ()


PASSED = Judgement(ProbeWord.PASS)


def judge_figures(found: Figures, limits: Thresholds, *, known_reachable: bool = False) -> Judgement:
    """Pass, fail, or inconclusive.

    Loss that was seen is a fail even where the probe itself had trouble: what was missed cannot undo it.

    Args:
        known_reachable: The server answered this prober before, so that silence is the server's.
    """
    own_path = not known_reachable and is_silent(found)
    if not own_path and (faults := faults_of(found, limits)):
        return Judgement(ProbeWord.FAIL, faults)
    doubts = _doubts(found, limits, own_path=own_path)
    return Judgement(ProbeWord.INCONCLUSIVE, doubts) if doubts else PASSED


def is_silent(found: Figures) -> bool:
    """Nothing at all came back: that may be the prober's own path."""
    return found.count(Loss.TIMEOUT.value) + found.unsent + found.dropped == found.asked


def _doubts(found: Figures, limits: Thresholds, *, own_path: bool) -> tuple[str, ...]:
    doubts = []
    if found.asked < limits.least_sent:
        doubts.append(f"{found.asked} lookups were sent, {limits.least_sent} are needed")
    if found.scheduled - found.missed < LEAST_SENT_SHARE * found.scheduled:
        doubts.append(f"{found.missed:,} of {found.scheduled:,} lookups were not sent in time by this host")
    if found.unsent:
        doubts.append(f"{found.unsent:,} of {found.asked:,} lookups could not be sent from here")
    elif found.dropped:
        doubts.append(f"{found.dropped:,} of {found.asked:,} replies were dropped by this host")
    elif own_path and found.asked:
        doubts.append(SILENT)
    return tuple(doubts)


def faults_of(found: Figures, limits: Thresholds) -> tuple[str, ...]:
    """What goes beyond a limit, one sentence each."""
    lost, faults = found.lost, []
    if limits.max_lost is not None and lost > limits.max_lost:
        faults.append(
            f"{lost:,} of {found.asked:,} lookups failed ({found.causes}); {limits.max_lost:,} are allowed"
        )
    if limits.max_loss is not None and lost > limits.max_loss * found.asked:
        share, allowed = lost / found.asked, limits.max_loss
        faults.append(f"{share:.3%} of the lookups failed ({found.causes}); {allowed:.3%} are allowed")
    outage = found.longest_outage if lost else 0.0
    if limits.max_outage is not None and outage > limits.max_outage:
        faults.append(f"an outage of {outage:.1f} s; {limits.max_outage:g} s are allowed")
    return tuple(faults)
