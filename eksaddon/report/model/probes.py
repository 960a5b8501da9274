"""What probes of a run's waves measured, one row for each cluster."""

from collections.abc import Iterator

from eksaddon.domain.probing.figures import ClusterProbe
from eksaddon.domain.probing.own_counts import OwnCounts, rises_text
from eksaddon.domain.probing.proof import SERVICE
from eksaddon.frozen import dataclass
from eksaddon.report.model.model import ReportModel
from eksaddon.report.model.text import target_text

PROBE_COLUMNS = ("wave", "cluster", "lookups", "lost", "outage", "CoreDNS counted", "measured from")


@dataclass(frozen=True, slots=True)
class ProbeRow:
    """Texts are not escaped.

    Attributes:
        counted: Rises of CoreDNS's own counters of errors.
        is_bad: Lookups were lost, or could not be measured, or CoreDNS counted errors.
        probe: The figures as numbers.
    """

    wave: str
    cluster: str
    lookups: str
    lost: str
    outage: str
    counted: str
    measured_at: str
    is_bad: bool
    probe: ClusterProbe

    @property
    def text(self) -> str:
        """Everything but the cluster, on one line."""
        named = zip(PROBE_COLUMNS, self.cells, strict=True)
        return "; ".join(f"{name} {cell}" for name, cell in named if cell and name != "cluster")

    @property
    def cells(self) -> tuple[str, ...]:
        return self.wave, self.cluster, self.lookups, self.lost, self.outage, self.counted, self.measured_at


def probe_rows(report_model: ReportModel) -> Iterator[ProbeRow]:
    """In the order of the waves."""
    labels = {entry.ref: target_text(entry) for entry in report_model.entries}
    for wave in report_model.waves:
        for one in wave.probe.clusters if wave.probe is not None else ():
            yield _row(wave.name, labels.get(one.ref, str(one.ref)), one)


def _row(wave: str, cluster: str, one: ClusterProbe) -> ProbeRow:
    figures = one.figures
    lost = f"{figures.lost:,} ({figures.causes})" if figures.lost else "0"
    late = figures.missed + figures.unsent
    by_node = [(each.node, each.figures.lost) for each in one.parts if each.server == SERVICE]
    if figures.lost and len(by_node) > 1:
        lost += f"; {', '.join(f'{node} {count:,}' for node, count in by_node)}"
    if late:
        lost += f"; {late:,} not sent in time"
    if figures.dropped:
        lost += f"; {figures.dropped:,} replies dropped by the prober's host"
    if one.trouble:
        lost += f"; {one.trouble}"
    outage = f"{figures.longest_outage:.1f} s" if figures.lost else "none"
    is_bad = bool(figures.lost or one.trouble or not figures.asked or (one.own and one.own.rises))
    return ProbeRow(
        wave, cluster, f"{figures.asked:,}", lost, outage, _counted(one.own), one.measured_at, is_bad, one
    )


def _counted(own: OwnCounts | None) -> str:
    if own is None:
        return "not read"
    return rises_text(own) or ("not read" if own.unread else "nothing")
