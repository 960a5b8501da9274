"""Waves of a plan or a run, for the HTML page."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from eksaddon.domain.run.result import WaveResult
from eksaddon.frozen import dataclass
from eksaddon.report.escape import terminal
from eksaddon.report.model.model import ReportModel
from eksaddon.report.model.probes import probe_rows
from eksaddon.report.model.states import Tone
from eksaddon.report.model.text import wave_terms

TONES: Mapping[str, Tone] = MappingProxyType(
    {
        "succeeded": Tone.GOOD,
        "gated": Tone.CHANGE,
        "running": Tone.CHANGE,
        "soaking": Tone.CHANGE,
        "paused": Tone.UNKNOWN,
        "stopped": Tone.UNKNOWN,
        "rolled_back": Tone.CHANGE,
        "failed": Tone.BAD,
    }
)
"""Tones by wave state; pending and skipped waves are muted."""


@dataclass(frozen=True, slots=True)
class WaveView:
    name: str
    state: str
    tone: Tone
    targets: str
    how: str


def wave_views(report_model: ReportModel) -> Iterator[WaveView]:
    return map(_wave, report_model.waves)


def _wave(wave: WaveResult) -> WaveView:
    tone = TONES.get(wave.state, Tone.MUTED)
    return WaveView(
        terminal(wave.name),
        terminal(wave.state.replace("_", " ")),
        tone,
        f"{wave.targets:,}",
        terminal(wave_terms(wave)),
    )


@dataclass(frozen=True, slots=True)
class ProbeView:
    cells: tuple[str, ...]
    tone: Tone


def probe_views(report_model: ReportModel) -> Iterator[ProbeView]:
    for row in probe_rows(report_model):
        yield ProbeView(tuple(map(terminal, row.cells)), Tone.BAD if row.is_bad else Tone.GOOD)
