"""What a probe's numbers prove, and what they do not."""

import re
from dataclasses import dataclass

from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.probe.samples import Loss
from eksaddon.probe.totals import Totals

LEAST_SENT_SHARE = 0.99
"""Lookups that must have been sent in their turn; with more missed, a loss may have gone unseen."""

_SHARE = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,6})?)%")


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
        EksdnsError: It is no percentage from 0% to 100%.
    """
    found = _SHARE.fullmatch(text)
    if found is None or float(found[1]) > 100:  # noqa: PLR2004 - percent
        raise EksdnsError(f"invalid percentage {text!r}", hint="example: 0.1%", exit_code=ExitCode.USAGE)
    return float(found[1]) / 100


@dataclass(frozen=True, slots=True)
class Pass:
    totals: Totals


@dataclass(frozen=True, slots=True)
class Fail:
    """Lookups failed beyond the limits.

    Attributes:
        reasons: One sentence each, at least one.
    """

    totals: Totals
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Inconclusive:
    """Nothing is proven either way; never taken for a pass."""

    totals: Totals
    reasons: tuple[str, ...]


ProbeVerdict = Pass | Fail | Inconclusive


def judge(found: Totals, thresholds: Thresholds, *, known_reachable: bool = False) -> ProbeVerdict:
    """Pass, fail, or inconclusive.

    Loss that was seen is a fail even where the probe itself had trouble: what was missed cannot undo it.

    Args:
        known_reachable: The server answered this prober before, so that silence is the server's.
    """
    own_path = not known_reachable and _is_silent(found)
    faults = () if own_path else _faults(found, thresholds)
    if faults:
        return Fail(found, faults)
    doubts = _doubts(found, thresholds, own_path=own_path)
    return Inconclusive(found, doubts) if doubts else Pass(found)


def _is_silent(found: Totals) -> bool:
    unsent = found.losses[Loss.NOT_SENT.value]
    return found.losses[Loss.TIMEOUT.value] + unsent == found.asked


def _doubts(found: Totals, thresholds: Thresholds, *, own_path: bool) -> tuple[str, ...]:
    doubts = []
    if found.asked < thresholds.least_sent:
        doubts.append(f"{found.asked} lookups were sent, {thresholds.least_sent} are needed")
    in_time = found.scheduled - found.missed
    if in_time < LEAST_SENT_SHARE * found.scheduled:
        doubts.append(f"{found.missed:,} of {found.scheduled:,} lookups were not sent in time by this host")
    unsent = found.losses[Loss.NOT_SENT.value]
    if unsent:
        doubts.append(f"{unsent:,} of {found.asked:,} lookups could not be sent from here")
    elif own_path and found.asked:
        doubts.append("no reply of any kind arrived: DNS is down, or it cannot be reached from here")
    return tuple(doubts)


def _faults(found: Totals, thresholds: Thresholds) -> tuple[str, ...]:
    """What goes beyond a limit; lookups that never left this machine are not the server's fault."""
    lost = found.lost - found.losses[Loss.NOT_SENT.value]
    faults = []
    causes = ", ".join(f"{count:,} {kind}" for kind, count in found.by_loss() if kind != Loss.NOT_SENT.value)
    if thresholds.max_lost is not None and lost > thresholds.max_lost:
        faults.append(
            f"{lost:,} of {found.asked:,} lookups failed ({causes}); {thresholds.max_lost:,} are allowed"
        )
    if thresholds.max_loss is not None and lost > thresholds.max_loss * found.asked:
        share, allowed = lost / found.asked, thresholds.max_loss
        faults.append(f"{share:.3%} of the lookups failed ({causes}); {allowed:.3%} are allowed")
    outage = found.longest_outage if lost else 0.0
    if thresholds.max_outage is not None and outage > thresholds.max_outage:
        faults.append(f"an outage of {outage:.1f} s; {thresholds.max_outage:g} s are allowed")
    return tuple(faults)
