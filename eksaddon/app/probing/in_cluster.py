"""`eksdns probe --in-cluster` and `--clean`."""

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Literal

from eksaddon.app.fleet.fleet import Fleet, find_targets
from eksaddon.app.session import AccessBook, Session
from eksaddon.domain.document import Count, Version, as_json
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.json import SCHEMA_VERSION, JsonObject
from eksaddon.domain.probing.figures import NOTHING, ClusterProbe, ProbePart, probe_text
from eksaddon.domain.probing.gate import ProbeGate
from eksaddon.domain.probing.own_counts import OwnCounts
from eksaddon.domain.probing.verdict import Judgement, ProbeWord, judge_figures
from eksaddon.domain.target import Target
from eksaddon.domain.workload import NotChecked
from eksaddon.frozen import dataclass
from eksaddon.ports.probes import ProbeReading, ProbeRequest

SPARE_SECONDS = 180.0
"""That pods may last longer than they are read: for images to be pulled, and last answers."""

CODES = {
    ProbeWord.PASS: ExitCode.DONE,
    ProbeWord.FAIL: ExitCode.ERROR,
    ProbeWord.INCONCLUSIVE: ExitCode.PARTIAL,
}


def the_cluster(fleet: Fleet, session: Session, book: AccessBook) -> Target:
    """The only cluster that is chosen.

    Raises:
        EksdnsError: There is none, or there are several.
    """
    found = find_targets(fleet, session, book)
    if len(found.targets) == 1 and not found.unreachable:
        return found.targets[0]
    if found.unreachable:
        target, observed = found.unreachable[0]
        raise EksdnsError(f"{target}: {observed.trouble}", hint=observed.trouble.hint)
    count = len(found.targets)
    raise EksdnsError(
        f"{count} clusters are in scope, but exactly one is required",
        hint="choose one with --cluster",
        exit_code=ExitCode.USAGE,
    )


@dataclass(frozen=True, slots=True)
class Measured:
    """What a probe in a cluster came to."""

    target: Target
    gate: ProbeGate
    seconds: float
    reading: ProbeReading
    judged: Judgement

    @property
    def exit_code(self) -> ExitCode:
        return CODES[self.judged.word]


def measure(
    session: Session,
    target: Target,
    gate: ProbeGate,
    seconds: float,
    *,
    run_id: str,
    seen: Callable[[ProbeReading], None] = lambda _: None,
) -> Measured:
    """Probe from inside the cluster for a number of seconds.

    Args:
        run_id: Label of what is created, by which `clean` finds it.
        seen: Called every second with what has been counted.
    """
    request = ProbeRequest(
        target.ref, gate, run_id, seconds=seconds + SPARE_SECONDS, with_pods=True, with_traces=True
    )
    reading = session.run(_measured(session, request, seconds, seen))
    if reading.trouble:
        judged = Judgement(ProbeWord.INCONCLUSIVE, (reading.trouble,))
    else:
        judged = judge_figures(reading.figures, gate.limits)
    return Measured(target, gate, seconds, reading, judged)


async def _measured(
    session: Session, request: ProbeRequest, seconds: float, seen: Callable[[ProbeReading], None]
) -> ProbeReading:
    started = session.probes.start(request)
    if isinstance(started, NotChecked):
        return ProbeReading(NOTHING, f"{started.reason} ({started.hint})" if started.hint else started.reason)
    try:
        end = session.clock.now() + seconds
        while (left := end - session.clock.now()) > 0:
            await session.clock.sleep(min(1.0, left))
            seen(started.read())
    finally:
        reading = started.end()
    return reading


def cleaned(session: Session, target: Target, namespace: str, run_id: str) -> tuple[str, ...]:
    """Remove what probes have left; the names of their Jobs.

    Raises:
        EksdnsError: They cannot be listed or removed.
    """
    found = session.probes.clean(target.ref, namespace, run_id)
    if isinstance(found, NotChecked):
        raise EksdnsError(f"{target.label}: {found.reason}", hint=found.hint)
    return found


def lines(found: Measured) -> Iterator[str]:
    """Text lines, the verdict first. Not escaped."""
    yield f"{found.judged.word.value}: lookups in {found.target.label}"
    yield from (f"  {why}" for why in found.judged.reasons)
    own = ClusterProbe(found.target.ref, 0.0, 0.0, found.reading.figures, own=found.reading.own)
    yield f"  kube-dns: {probe_text([own])}"
    for part in found.reading.parts:
        lost = f"{part.figures.lost:,} of {part.figures.asked:,} lookups lost"
        causes = f" ({part.figures.causes})" if part.figures.lost else ""
        yield f"  {part.node} -> {part.server}: {lost}{causes}"


@dataclass(frozen=True, slots=True)
class PartView:
    node: str
    server: Annotated[str, "`kube-dns`, or `pod/NAME`."]
    asked: Count
    good: Count
    missed: Annotated[Count, "Lookups that could not be sent in time."]
    lost: Annotated[Mapping[str, int], "Failed lookups by kind, most frequent first."]
    longest_outage_seconds: float


@dataclass(frozen=True, slots=True)
class OwnView:
    pods: Annotated[Count, "Number of CoreDNS pods whose counters were read."]
    rises: Annotated[Mapping[str, int], "Increase by counter; counters that did not increase are omitted."]
    unread: Annotated[str, "Why counters of pods are missing; empty if none are missing."]


@dataclass(frozen=True, slots=True)
class ClusterProbeDocument:
    schema_version: Version
    kind: Literal["clusterProbe"]
    cluster: str
    verdict: ProbeWord
    reasons: tuple[str, ...]
    seconds: float
    rate: Annotated[int, "Lookups per second for each server and node."]
    parts: tuple[PartView, ...]
    coredns: Annotated[OwnView | None, "CoreDNS's own counters of errors."]


def own_view(own: OwnCounts | None) -> OwnView | None:
    return None if own is None else OwnView(own.pods, dict(own.rises), own.unread)


def document(found: Measured) -> JsonObject:
    """What `-o json` prints."""
    made = ClusterProbeDocument(
        SCHEMA_VERSION,
        "clusterProbe",
        str(found.target.ref),
        found.judged.word,
        found.judged.reasons,
        found.seconds,
        found.gate.rate,
        tuple(_part(each) for each in found.reading.parts),
        own_view(found.reading.own),
    )
    return as_json(made)


def _part(each: ProbePart) -> PartView:
    one = each.figures
    lost = dict(one.failures)
    return PartView(each.node, each.server, one.asked, one.good, one.missed, lost, one.longest_outage)
