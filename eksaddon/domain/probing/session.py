"""What probes of a wave have measured, over as many processes as the run took; and what it comes to."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from itertools import groupby

from eksaddon.domain.probing.figures import ClusterProbe, together, together_parts
from eksaddon.domain.probing.own_counts import together_own
from eksaddon.domain.probing.series import NO_SERIES, Series
from eksaddon.domain.probing.verdict import (
    PASSED,
    SILENT,
    Judgement,
    ProbeWord,
    Thresholds,
    faults_of,
    is_silent,
    judge_figures,
)
from eksaddon.domain.target import ClusterRef
from eksaddon.frozen import dataclass

Sessions = tuple["ProbeSession", ...]
Label = Callable[[ClusterRef], str]

_SHOWN = 3
"""Clusters that a reason names."""


class SessionState(StrEnum):
    RUNNING = "running"
    LEFT = "left"
    """The process paused or died, or a rollback began."""
    COMPLETE = "complete"
    """It lasted until its wave was over."""


@dataclass(frozen=True, slots=True)
class ProbeSession:
    """A time without a break, measured by one process.

    Attributes:
        began: Seconds since the epoch.
        until: As `began`; of the last figures on record.
        unmeasured: Seconds between the session before and this one.
        is_blind: Clusters of the wave were being changed in that time.
        is_accepted: A person saw that it did not pass, and resumed the run all the same.
        series: Of all clusters together, over time.
    """

    began: float
    until: float
    results: tuple[ClusterProbe, ...] = ()
    state: SessionState = SessionState.RUNNING
    unmeasured: float = 0.0
    is_blind: bool = False
    is_accepted: bool = False
    series: Series = NO_SERIES


def opened(sessions: Sessions, at: float, *, is_changing: bool) -> Sessions:
    """With a new session.

    Args:
        is_changing: Clusters of the wave are being changed, and were when the last session ended.
    """
    if not sessions:
        return (ProbeSession(at, at),)
    *older, last = sessions
    was_cut = last.state is SessionState.RUNNING
    ended = replace(last, state=SessionState.LEFT) if was_cut else last
    gap = max(0.0, at - last.until)
    return (*older, ended, ProbeSession(at, at, unmeasured=gap, is_blind=is_changing))


def updated(
    sessions: Sessions,
    at: float,
    results: tuple[ClusterProbe, ...],
    state: SessionState,
    series: Series = NO_SERIES,
) -> Sessions:
    """With the newest figures of the last session.

    Raises:
        ValueError: There is none.
    """
    if not sessions:
        raise ValueError("the journal has figures of a probe that was not started")
    *older, last = sessions
    return (*older, replace(last, until=at, results=results, state=state, series=series))


def accepted(sessions: Sessions, limits: Thresholds) -> Sessions:
    """As they are once a person resumes the run: what did not pass stays on record, and is judged no more."""
    few = replace(limits, least_sent=0)
    if judge_sessions(sessions, few, is_final=True, label=str).word is ProbeWord.PASS:
        return sessions
    return tuple(replace(each, is_accepted=True) for each in sessions)


def by_cluster(sessions: Sequence[ProbeSession]) -> tuple[ClusterProbe, ...]:
    """One result for each cluster; a trouble is that of the last session."""
    all_results = sorted((each for one in sessions for each in one.results), key=lambda each: each.ref)
    return tuple(_merged(tuple(own)) for _, own in groupby(all_results, key=lambda each: each.ref))


def _merged(own: tuple[ClusterProbe, ...]) -> ClusterProbe:
    last = own[-1]
    return replace(
        last,
        began=own[0].began,
        figures=together(each.figures for each in own),
        own=together_own(each.own for each in own),
        parts=together_parts(part for each in own for part in each.parts),
    )


def judge_sessions(sessions: Sessions, limits: Thresholds, *, is_final: bool, label: Label) -> Judgement:
    """What the sessions that were not accepted come to, over all clusters.

    Args:
        is_final: Judge what was not sent in time and what is silent, too; before the end either may
            still be made up for.
    """
    own = [each for each in sessions if not each.is_accepted]
    heard = by_cluster([_heard(each) for each in own])
    if faults := list(_faults(heard, limits, label)):
        return Judgement(ProbeWord.FAIL, _few(faults))
    blind = [_blind(each) for each in own if each.is_blind]
    troubles = [f"{label(each.ref)}: {each.trouble}" for each in by_cluster(own) if each.trouble]
    doubts = [*blind, *troubles]
    if is_final:
        doubts += _doubts(own, heard, limits, label)
    return Judgement(ProbeWord.INCONCLUSIVE, _few(doubts)) if doubts else PASSED


def _heard(session: ProbeSession) -> ProbeSession:
    """Without what was silent from its first lookup on: that proves no loss."""
    return replace(session, results=tuple(each for each in session.results if not _was_silent(each)))


def _was_silent(result: ClusterProbe) -> bool:
    return is_silent(result.figures)


def _faults(heard: Sequence[ClusterProbe], limits: Thresholds, label: Label) -> Iterator[str]:
    for each in heard:
        if faults := faults_of(each.figures, limits):
            yield f"{label(each.ref)}: {'; '.join(faults)}"


def _blind(session: ProbeSession) -> str:
    return f"not measured for {session.unmeasured:.0f} s, while clusters were being changed"


def _doubts(
    own: Sequence[ProbeSession], heard: Sequence[ClusterProbe], limits: Thresholds, label: Label
) -> Iterator[str]:
    silent = {each.ref for one in own for each in one.results if _was_silent(each) and not each.trouble}
    yield from (f"{label(ref)}: {SILENT}" for ref in sorted(silent))
    for each in heard:
        reasons = judge_figures(each.figures, limits, known_reachable=True).reasons
        if reasons and each.ref not in silent and not each.trouble:
            yield f"{label(each.ref)}: {'; '.join(reasons)}"


def _few(reasons: Sequence[str]) -> tuple[str, ...]:
    left = len(reasons) - _SHOWN
    return (*reasons[:_SHOWN], *([f"and {left} more clusters"] if left > 0 else []))
