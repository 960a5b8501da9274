"""The published documents of plan, apply, drift, status and audit; each key is defined here only.

Writer, reader and JSON Schema are derived from these classes by `domain.document`: keys are the attributes
in camelCase, and an attribute that equals its default is omitted. To add a key, add an attribute here, fill
it in `documents` and, if a merged report shows it, read it in `read`. Renaming or removing a published key
requires a new `SCHEMA_VERSION`.
"""

from collections.abc import Mapping
from dataclasses import field
from types import MappingProxyType
from typing import Annotated, Literal

from eksaddon.domain.audit.verdict import AuditWord, Grade, Level
from eksaddon.domain.cause import Cause
from eksaddon.domain.diagnostic import Severity
from eksaddon.domain.document import Count, Time, Version
from eksaddon.domain.encoding.codec import KEY
from eksaddon.domain.encoding.codec_schema import Keywords
from eksaddon.domain.json import Json
from eksaddon.domain.live import Fate
from eksaddon.domain.plan import Action, Plane
from eksaddon.domain.probing.verdict import ProbeWord
from eksaddon.domain.run.outcome import OutcomeWord
from eksaddon.domain.run.result import RunState
from eksaddon.domain.run.wave_progress import WaveState
from eksaddon.domain.termination import Verdict
from eksaddon.frozen import dataclass
from eksaddon.report.model.states import WORDS, DriftState, Kind, StatusWord

Place = Annotated[int | None, Keywords({"minimum": 1})]


@dataclass(frozen=True, slots=True)
class Location:
    source: Annotated[str, "A file, or another source such as `flag --lameduck`."]
    line: Annotated[Place, "From 1."]
    column: Annotated[Place, "From 1, in characters."]


@dataclass(frozen=True, slots=True)
class Change:
    plane: Plane
    path: str
    before: Annotated[Json, "Null if the field is not set."]
    after: Annotated[Json, "Null if the field is removed."]
    note: Annotated[str, "Why the change is not applied, or other remarks."] = ""
    origin: Annotated[Location | None, "Where the desired value comes from."] = None
    weakens: Annotated[bool, "Whether the change leaves cluster DNS with less protection."] = False


@dataclass(frozen=True, slots=True)
class Weakening:
    path: Annotated[str, "Paths of the changes concerned; a live value can become weaker without a change."]
    setting: str
    before: Annotated[str, "With its unit."]
    after: Annotated[str, "`none` or `off` if nothing is left."]


@dataclass(frozen=True, slots=True)
class Diagnostic:
    severity: Severity
    rule: Annotated[str, "Stable rule ID."]
    summary: str
    detail: Annotated[str, "Explanation and fix; may be empty."]
    location: Location | None


@dataclass(frozen=True, slots=True)
class OnUpdate:
    none: Fate
    preserve: Fate
    overwrite: Fate


@dataclass(frozen=True, slots=True)
class Live:
    path: str
    desired: Annotated[Json, "Null if no desired value is set."]
    held: Annotated[Json, "Value in the add-on's configuration; null if absent."]
    live: Annotated[Json, "Null if the field is not set."]
    deviates: Annotated[bool, "Whether it counts as drift."]
    held_by_eks: Annotated[bool, "Whether the add-on's configuration sets it."]
    compared: Annotated[bool, "False if a difference does not count as drift."]
    manager: Annotated[str | None, "Field manager of the live value."]
    operation: str | None
    since: Annotated[Time | None, "Last write of the manager, UTC."]
    on_update: Annotated[OnUpdate, "Effect of an add-on update, for each resolveConflicts mode."]


@dataclass(frozen=True, slots=True)
class LastUpdate:
    id: str | None
    at: Time | None
    status: Annotated[str, "As EKS reports it; `none` for no update, `unknown` if EKS could not be queried."]
    sent: Annotated[tuple[str, ...], "Names of its parameters; EKS does not record the sender."]
    detail: Annotated[str, "Error reported by EKS."]


@dataclass(frozen=True, slots=True)
class OwnCounts:
    pods: Annotated[Count, "Number of CoreDNS pods whose counters were read."]
    rises: Annotated[
        Mapping[str, int],
        "Increases while lookups were measured: panics, servfail, failedReloads, failedHealthChecks, "
        "failedUpstreamChecks, noHealthyUpstream; counters that did not increase are omitted.",
    ]
    unread: Annotated[str, "Why counters of pods are missing; empty if none are missing."]


@dataclass(frozen=True, slots=True)
class ProbePart:
    node: str
    server: Annotated[str, "`kube-dns`, or `pod/NAME` for a CoreDNS pod that was queried directly."]
    scheduled: Count
    missed: Count
    asked: Count
    good: Count
    lost: Annotated[Mapping[str, int], "Failed lookups by kind; those to a pod that ended belong to its end."]
    longest_outage_seconds: float


@dataclass(frozen=True, slots=True)
class ClusterProbe:
    account: str
    region: str
    name: str
    began: Annotated[Time, "First lookup, UTC."]
    until: Annotated[Time, "Last figures, UTC."]
    scheduled: Annotated[Count, "Lookups that were due."]
    missed: Annotated[Count, "Lookups that could not be sent in time."]
    asked: Annotated[Count, "Lookups that were sent, or could not be sent because of an error."]
    good: Annotated[Count, "Lookups with an expected answer."]
    lost: Annotated[Mapping[str, int], "Failed lookups by kind, most frequent first."]
    longest_outage_seconds: float
    trouble: Annotated[str, "Why it could not be measured to the end; empty otherwise."]
    measured_at: Annotated[str, "Where lookups were sent from."]
    coredns: Annotated[
        OwnCounts | None, "CoreDNS's own counters of errors; null for a probe outside the cluster."
    ] = None
    parts: Annotated[tuple[ProbePart, ...], "By node and server; empty for a probe outside the cluster."] = ()


@dataclass(frozen=True, slots=True)
class OverTime:
    begin: Annotated[Time, "Begin of the first slice, UTC."]
    slice_seconds: Annotated[int, "Length of each slice."]
    asked: Annotated[tuple[int, ...], "Lookups that were complete in each slice; at most 120 slices."]
    lost: Annotated[tuple[int, ...], "How many of them failed."]


@dataclass(frozen=True, slots=True)
class ClusterWrite:
    account: str
    region: str
    name: str
    began: Annotated[Time, "First write, UTC."]
    until: Annotated[Time | None, "Outcome, UTC; null while it is not over."]
    rolls_back: Annotated[bool, "Whether it rolls back a change of the run."]


@dataclass(frozen=True, slots=True)
class Probe:
    verdict: ProbeWord
    reasons: Annotated[tuple[str, ...], "Why it did not pass; one sentence each."]
    unmeasured_seconds: Annotated[
        float, "Time between the first and the last lookup in which nothing was measured."
    ]
    is_over: Annotated[bool, "Whether it measured until the wave ended."] = field(metadata={KEY: "complete"})
    clusters: tuple[ClusterProbe, ...] = ()
    over_time: Annotated[OverTime | None, "All clusters together; null before the first count."] = None
    writes: Annotated[tuple[ClusterWrite, ...], "Writes to clusters of the wave, in order of time."] = ()


@dataclass(frozen=True, slots=True)
class Wave:
    name: str
    state: WaveState
    targets: Annotated[Count, "Number of targets to change."]
    at_once: Annotated[Count, "Maximum number of targets updated in parallel."]
    soak_seconds: Count
    gates: Annotated[tuple[str, ...], "`approval`, `probe` or the name of a check."]
    until: Annotated[Time | None, "End of its soak, UTC; null before the soak starts."]
    approved_by: str
    reason: str
    probe: Annotated[Probe | None, "Lookups while the wave's clusters were changed."] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A target, with the keys common to all kinds.

    Attributes:
        state: Has a different key in each kind.
    """

    account: str
    account_name: Annotated[str, "Empty if unknown."]
    region: Annotated[str, "`*` if the account could not be read."]
    name: Annotated[str, "`*` if the clusters are unknown."]
    labels: Mapping[str, tuple[str, ...]]
    addon_version: Annotated[str, "Empty if there is no managed add-on."]
    state: str
    reason: str
    cause: Annotated[str | None, Keywords({"examples": list(Cause)}), "Open: a later release may add some."]
    hint: str
    changes: tuple[Change, ...]
    diagnostics: tuple[Diagnostic, ...]
    weakens: Annotated[
        tuple[Weakening, ...], "Settings that the changes weaken; absent if there are none."
    ] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow(Row):
    state: Action = field(metadata={KEY: "action"})
    fingerprint: Annotated[str, "Of the observed state."]
    wave: str
    live: Annotated[
        tuple[Live, ...], "Live value of each setting; absent if the Kubernetes API was not read."
    ] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow(Row):
    state: OutcomeWord = field(metadata={KEY: "outcome"})
    update_id: str | None
    seconds: Annotated[Count, "From the first call for this target to its outcome."]
    wave: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftRow(Row):
    state: DriftState
    last_update: Annotated[
        LastUpdate | None, ("The add-on's most recent update; absent unless requested.")
    ] = None
    live: Annotated[
        tuple[Live, ...], "Live value of each setting; absent if the Kubernetes API was not read."
    ] = ()


@dataclass(frozen=True, slots=True)
class Protection:
    replicas: Annotated[Count, "Of the Deployment."]
    lameduck_seconds: Annotated[
        int | float | None, Keywords({"minimum": 0}), "Of the live Corefile; null if it cannot be read."
    ]
    pre_stop_seconds: Annotated[Count, "0 without a preStop sleep."]
    grace_period_seconds: Count
    pod_disruption_budget: Annotated[str, "Limits of every budget that selects the pods, or `none`."]
    spread: Annotated[str, "What the pods are kept apart over: `zone`, `node`, both, or `none`."]
    verdict: Annotated[
        Verdict | None, "Of the shutdown, as of `timeline`; null if the live Corefile cannot be read."
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusRow(Row):
    state: StatusWord
    status: Annotated[str, "The add-on's or the cluster's, as EKS reports it."]
    replica_count: Annotated[Json, "As stored; null if not set."]
    lameduck_seconds: Annotated[
        int | float | None,
        Keywords({"minimum": 0}),
        "Of all server blocks together; null if no Corefile is stored.",
    ]
    kubernetes: Annotated[str, "Of the cluster, such as `1.34`; absent unless asked for."] = ""
    behind: Annotated[
        int | None,
        Keywords({"minimum": 0}),
        "Number of newer add-on versions that EKS offers for it; absent unless asked for and known.",
    ] = None
    protection: Annotated[Protection | None, "Of the live objects; absent unless they were read."] = None


@dataclass(frozen=True, slots=True)
class AuditSource:
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class AuditReason:
    level: Level
    check: Annotated[str, "Stable ID of the check, which is also the `rule` of its diagnostic."]
    summary: str
    fix: Annotated[str, "What to do; empty for a note."]
    sources: tuple[AuditSource, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow(Row):
    state: AuditWord = field(metadata={KEY: "verdict"})
    grade: Annotated[Grade | None, "Null if not enough could be read."]
    first: Annotated[str, "What to do first; may be empty."] = field(metadata={KEY: "doFirst"})
    reasons: Annotated[tuple[AuditReason, ...], "Worst first."]
    unread: Annotated[tuple[str, ...], "What could not be read; the verdict may be worse."]


def _summary(kind: Kind) -> Keywords:
    keys = ("targets", *WORDS[kind])
    counts: dict[str, Json] = {key: {"type": "integer", "minimum": 0} for key in keys}
    return Keywords({"required": list(keys), "properties": counts})


Counts = Mapping[str, int]
_SUM = "All other counts add up to `targets`."
_WEAKENING = "Targets whose changes leave cluster DNS with less protection; not part of the sum."


@dataclass(frozen=True, slots=True)
class Shard:
    number: Annotated[int, Keywords({"minimum": 1}), "From 1."]
    of: Annotated[int, Keywords({"minimum": 1}), "Number of all shards."]
    fleet: Annotated[str, "The same for every shard of one fleet."]


_SHARD = "The part of the fleet that the document is about; absent for all of it."


@dataclass(frozen=True, slots=True)
class PlanDocument:
    schema_version: Version
    kind: Literal["plan"]
    digest: Annotated[str, "SHA-256 of the planned changes; for merged documents, of their digests."]
    waves: tuple[Wave, ...]
    created_at: Time
    summary: Annotated[Counts, _summary(Kind.PLAN), _SUM]
    clusters: tuple[PlanRow, ...]
    weakening: Annotated[Count, _WEAKENING] = 0
    shard: Annotated[Shard | None, _SHARD] = None


@dataclass(frozen=True, slots=True)
class RunDocument:
    schema_version: Version
    kind: Literal["run"]
    run_id: str
    state: RunState
    reason: Annotated[str, "Why the run is paused, stopped, failed or rolled back; empty otherwise."]
    digest: Annotated[str, "Of the plan."]
    waves: tuple[Wave, ...]
    created_at: Time
    summary: Annotated[Counts, _summary(Kind.RUN), _SUM]
    clusters: tuple[RunRow, ...]
    failed_before: Annotated[
        Count, "Targets that had not succeeded when a rollback began; not part of the sum."
    ] = 0
    weakening: Annotated[Count, _WEAKENING] = 0


@dataclass(frozen=True, slots=True)
class DriftDocument:
    schema_version: Version
    kind: Literal["drift"]
    created_at: Time
    summary: Annotated[Counts, _summary(Kind.DRIFT), _SUM]
    clusters: tuple[DriftRow, ...]
    weakening: Annotated[Count, _WEAKENING] = 0
    shard: Annotated[Shard | None, _SHARD] = None


@dataclass(frozen=True, slots=True)
class StatusDocument:
    schema_version: Version
    kind: Literal["status"]
    created_at: Time
    summary: Annotated[Counts, _summary(Kind.STATUS), _SUM]
    clusters: tuple[StatusRow, ...]
    shard: Annotated[Shard | None, _SHARD] = None


@dataclass(frozen=True, slots=True)
class AuditDocument:
    schema_version: Version
    kind: Literal["audit"]
    created_at: Time
    summary: Annotated[Counts, _summary(Kind.AUDIT), _SUM]
    clusters: tuple[AuditRow, ...]
    shard: Annotated[Shard | None, _SHARD] = None


Document = PlanDocument | RunDocument | DriftDocument | StatusDocument | AuditDocument

DOCUMENTS: Mapping[Kind, type[Document]] = MappingProxyType(
    {
        Kind.PLAN: PlanDocument,
        Kind.RUN: RunDocument,
        Kind.DRIFT: DriftDocument,
        Kind.STATUS: StatusDocument,
        Kind.AUDIT: AuditDocument,
    }
)
