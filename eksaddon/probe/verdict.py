"""Judges the totals of a probe."""

from typing import assert_never

from eksaddon.domain.probing.verdict import ProbeWord, Thresholds, judge_figures
from eksaddon.frozen import dataclass
from eksaddon.probe.totals import Totals


@dataclass(frozen=True, slots=True)
class Pass:
    totals: Totals


@dataclass(frozen=True, slots=True)
class Fail:
    """Lookups failed beyond the limits.

    Attributes:
        reasons: Sentences, at least one.
    """

    totals: Totals
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Inconclusive:
    """Neither passed nor failed; never counted as passed."""

    totals: Totals
    reasons: tuple[str, ...]


ProbeVerdict = Pass | Fail | Inconclusive


def judge(found: Totals, thresholds: Thresholds, *, known_reachable: bool = False) -> ProbeVerdict:
    """Like `judge_figures`, with all counts."""
    judged = judge_figures(found.figures(), thresholds, known_reachable=known_reachable)
    match judged.word:
        case ProbeWord.PASS:
            return Pass(found)
        case ProbeWord.FAIL:
            return Fail(found, judged.reasons)
        case ProbeWord.INCONCLUSIVE:
            return Inconclusive(found, judged.reasons)
        case never:
            assert_never(never)
