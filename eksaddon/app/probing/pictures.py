"""What the pictures of probes and proofs show."""

from collections.abc import Iterator, Sequence

from eksaddon.app.probing.in_cluster import Measured
from eksaddon.app.probing.in_cluster import lines as cluster_lines
from eksaddon.app.probing.proof_report import lines as proof_lines
from eksaddon.app.probing.prove import Proof
from eksaddon.domain.probing.proof import by_second
from eksaddon.probe.check import Probe, word
from eksaddon.probe.totals import Outage
from eksaddon.probe.verdict import ProbeVerdict
from eksaddon.report.proving.svg import Lookups, Mark, Span, lookups_svg

Rows = Sequence[tuple[int, int, int]]
"""Second since the epoch, lookups asked and lost in it."""


def probe_picture(probe: Probe, verdict: ProbeVerdict, seconds: Rows) -> str:
    """Of one server; outages are the bars below."""
    question, found = probe.question, verdict.totals
    server = f"[{question.server}]" if ":" in question.server else question.server
    return lookups_svg(
        Lookups(
            f"{question.name} {question.record_type} at {server}:{question.port}: {word(verdict)}",
            f"{found.lost:,} of {found.asked:,} lookups lost, longest outage {found.longest_outage:.1f} s",
            seconds,
            zero=float(seconds[0][0]) if seconds else 0.0,
            since="the first lookup",
            spans=tuple(_outage(each) for each in found.outages()),
        )
    )


def _outage(found: Outage) -> Span:
    text = f"outage of {found.seconds:.1f} s, {found.share:.0%} lost"
    return Span(found.start, found.start + found.seconds, text, is_bad=True)


def cluster_picture(found: Measured) -> str:
    """Of the Service on all nodes."""
    head, *rest = cluster_lines(found)
    seconds = by_second(found.reading.traces)
    return lookups_svg(
        Lookups(
            head,
            next((line.strip() for line in rest if line.startswith("  kube-dns: ")), ""),
            seconds,
            zero=float(seconds[0][0]) if seconds else 0.0,
            since="the first lookup",
        )
    )


def proof_picture(proof: Proof) -> str:
    """Of the Service on all nodes, with the restart or scaling and the end of each pod."""
    head, *rest = proof_lines(proof)
    seconds = by_second(proof.reading.traces)
    zero = proof.restarted or (float(seconds[0][0]) if seconds else 0.0)
    return lookups_svg(
        Lookups(
            f"{proof.plan.act.capitalize()} of CoreDNS in {proof.plan.target.label}: {head}",
            next((line.strip() for line in rest if "lookups to kube-dns lost" in line), head),
            seconds,
            zero=zero,
            since=f"the {proof.plan.act}" if proof.restarted else "the first lookup",
            marks=tuple(_marks(proof)),
            spans=tuple(
                Span(each.deleted, each.gone, f"{each.pod} is terminating") for each in proof.deletions
            ),
        )
    )


def _marks(proof: Proof) -> Iterator[Mark]:
    if not proof.restarted:
        return
    scaling = proof.plan.scaling
    if scaling is None:
        yield Mark(proof.restarted, "restarted")
        return
    yield Mark(proof.restarted, f"scaled to {scaling.record.to}")
    if proof.restored:
        yield Mark(proof.restored, f"restored to {scaling.record.before}")
