"""The probe of a wave: as it is published, read back, and merged from several reports."""

from collections.abc import Sequence
from datetime import datetime
from itertools import chain

from eksaddon.domain.probing.figures import ClusterProbe, Figures, ProbePart
from eksaddon.domain.probing.own_counts import OwnCounts
from eksaddon.domain.probing.series import NO_SERIES, Series, together_series
from eksaddon.domain.probing.verdict import ProbeWord
from eksaddon.domain.run.result import ClusterWrite, ProbeResult
from eksaddon.domain.run.target_progress import WriteSpan
from eksaddon.domain.target import ClusterRef
from eksaddon.report.documents import published
from eksaddon.report.model.build import timestamp

_WORST_FIRST = (ProbeWord.FAIL, ProbeWord.INCONCLUSIVE, ProbeWord.PASS)


def probe_document(probe: ProbeResult) -> published.Probe:
    return published.Probe(
        probe.verdict,
        probe.reasons,
        round(probe.unmeasured, 3),
        probe.is_over,
        tuple(_cluster(each) for each in probe.clusters),
        _over_time(probe.series),
        tuple(_write(each) for each in probe.writes),
    )


def _over_time(series: Series) -> published.OverTime | None:
    if not series.asked:
        return None
    return published.OverTime(timestamp(series.begin), series.length, series.asked, series.lost)


def _write(one: ClusterWrite) -> published.ClusterWrite:
    ref, span = one.ref, one.span
    until = None if span.ended is None else timestamp(span.ended)
    return published.ClusterWrite(
        ref.account, ref.region, ref.name, timestamp(span.began), until, span.restores
    )


def _cluster(one: ClusterProbe) -> published.ClusterProbe:
    figures = one.figures
    return published.ClusterProbe(
        one.ref.account,
        one.ref.region,
        one.ref.name,
        began=timestamp(one.began),
        until=timestamp(one.until),
        scheduled=figures.scheduled,
        missed=figures.missed,
        asked=figures.asked,
        good=figures.good,
        lost=dict(figures.failures),
        longest_outage_seconds=figures.longest_outage,
        trouble=one.trouble,
        measured_at=one.measured_at,
        coredns=own_document(one.own),
        parts=tuple(_part(each) for each in one.parts),
    )


def own_document(own: OwnCounts | None) -> published.OwnCounts | None:
    return None if own is None else published.OwnCounts(own.pods, dict(own.rises), own.unread)


def _part(one: ProbePart) -> published.ProbePart:
    found = one.figures
    lost, outage = dict(found.failures), found.longest_outage
    return published.ProbePart(
        one.node, one.server, found.scheduled, found.missed, found.asked, found.good, lost, outage
    )


def _read_part(one: published.ProbePart) -> ProbePart:
    lost, outage = tuple(one.lost.items()), one.longest_outage_seconds
    return ProbePart(
        one.node, one.server, Figures(one.scheduled, one.missed, one.asked, one.good, lost, outage)
    )


def probe_result(one: published.Probe) -> ProbeResult:
    clusters = tuple(_read(each) for each in one.clusters)
    return ProbeResult(
        one.verdict,
        one.reasons,
        clusters,
        one.unmeasured_seconds,
        one.is_over,
        _read_series(one.over_time),
        tuple(_read_write(each) for each in one.writes),
    )


def _read_series(one: published.OverTime | None) -> Series:
    if one is None:
        return NO_SERIES
    return Series(int(_seconds(one.begin)), one.slice_seconds, one.asked, one.lost)


def _read_write(one: published.ClusterWrite) -> ClusterWrite:
    ended = None if one.until is None else _seconds(one.until)
    ref = ClusterRef(one.account, one.region, one.name)
    return ClusterWrite(ref, WriteSpan(_seconds(one.began), ended, one.rolls_back))


def _read(one: published.ClusterProbe) -> ClusterProbe:
    failures = tuple(one.lost.items())
    return ClusterProbe(
        ClusterRef(one.account, one.region, one.name),
        _seconds(one.began),
        _seconds(one.until),
        Figures(one.scheduled, one.missed, one.asked, one.good, failures, one.longest_outage_seconds),
        one.trouble,
        one.measured_at,
        _read_own(one.coredns),
        tuple(_read_part(each) for each in one.parts),
    )


def _read_own(own: published.OwnCounts | None) -> OwnCounts | None:
    return None if own is None else OwnCounts(own.pods, tuple(own.rises.items()), own.unread)


def _seconds(time: str) -> float:
    return datetime.fromisoformat(time).timestamp()


def merged_probes(probes: Sequence[ProbeResult]) -> ProbeResult | None:
    """One probe of all clusters; as bad as the worst."""
    if not probes:
        return None
    return ProbeResult(
        min((each.verdict for each in probes), key=_WORST_FIRST.index),
        tuple(chain.from_iterable(each.reasons for each in probes)),
        tuple(chain.from_iterable(each.clusters for each in probes)),
        max(each.unmeasured for each in probes),
        all(each.is_over for each in probes),
        together_series(each.series for each in probes),
        tuple(sorted(chain.from_iterable(each.writes for each in probes), key=lambda one: one.span.began)),
    )
