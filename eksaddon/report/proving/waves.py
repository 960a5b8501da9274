"""Lookups while the clusters of a wave were changed, as a picture over time."""

from collections.abc import Iterator

from eksaddon.domain.run.result import ClusterWrite, ProbeResult
from eksaddon.frozen import dataclass
from eksaddon.report.model.model import ReportModel
from eksaddon.report.model.text import probe_summary, target_text
from eksaddon.report.proving.svg import Lookups, Span


@dataclass(frozen=True, slots=True)
class WavePicture:
    """Attributes: lookups: Not escaped."""

    wave: str
    lookups: Lookups


def wave_pictures(report_model: ReportModel) -> Iterator[WavePicture]:
    """Of each wave whose probe has counted lookups, in the order of the waves."""
    labels = {entry.ref: target_text(entry) for entry in report_model.entries}
    for wave in report_model.waves:
        if wave.probe is not None and wave.probe.series.asked:
            spans = tuple(_span(labels.get(each.ref, str(each.ref)), each) for each in wave.probe.writes)
            yield WavePicture(wave.name, _lookups(wave.name, wave.probe, spans))


def _lookups(name: str, probe: ProbeResult, spans: tuple[Span, ...]) -> Lookups:
    series = probe.series
    return Lookups(
        f"Wave {name}: lookups while clusters were changed",
        probe_summary(probe),
        tuple(series.rows()),
        zero=spans[0].begin if spans else float(series.begin),
        since="the first write" if spans else "the first lookup",
        spans=spans,
        step=series.length,
    )


def _span(label: str, each: ClusterWrite) -> Span:
    what = "rolled back" if each.span.restores else "changed"
    return Span(each.span.began, each.span.ended, f"{label} is being {what}")
