"""The report model: one entry for each target, the same for all commands."""

from collections import Counter
from collections.abc import Mapping

from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.json import Json
from eksaddon.domain.last_update import LastUpdate
from eksaddon.domain.live import LiveField
from eksaddon.domain.plan import Change
from eksaddon.domain.run.result import RunState, WaveResult
from eksaddon.domain.shards.shard import ShardMark
from eksaddon.domain.target import ClusterRef, Labels
from eksaddon.domain.weakening import Weakening
from eksaddon.frozen import dataclass
from eksaddon.report.model.protection import Protection
from eksaddon.report.model.states import STATES, Kind, State, Tone, state_of


@dataclass(frozen=True, slots=True)
class Held:
    """Configuration stored by the add-on, as shown by `status`.

    Attributes:
        status: Status of the add-on or the cluster, as reported by EKS.
        replicas: replicaCount; None if not set.
        lameduck_seconds: Total of all server blocks; None if no Corefile is stored.
        kubernetes: Of the cluster; empty unless it was asked for.
        behind: Number of newer versions that EKS offers for it; None unless that was asked for.
        protection: Of the live objects; None unless they were read.
    """

    status: str = ""
    replicas: Json = None
    lameduck_seconds: int | float | None = None
    kubernetes: str = ""
    behind: int | None = None
    protection: Protection | None = None


NOTHING_HELD = Held()


def in_force(held: Held) -> tuple[Json, int | float | None]:
    """Replicas and lameduck in seconds: of the live objects if they were read, else as stored."""
    live = held.protection
    return (held.replicas, held.lameduck_seconds) if live is None else (live.replicas, live.lameduck_seconds)


@dataclass(frozen=True, slots=True)
class Entry:
    """The report of one target.

    Attributes:
        ref: Region and name are `*` if unknown.
        state: A state of the report's kind.
        reason: Empty if the state is sufficient.
        cause: Value of a `Cause`; empty without an error.
        update_id: Set for runs, like `seconds`.
        fingerprint: Set for plans.
        held: Set for `status`.
        last_update: Set for drift, if it was read.
        live: Set for plans and drift, if the cluster was read.
        weakens: Settings that protect cluster DNS less after the changes.
        grade: Set for an audit, if one was given, such as `B`; `hint` is then what to do first.
        unread: Set for an audit: what could not be read, one sentence each.
    """

    ref: ClusterRef
    state: str
    reason: str = ""
    account_name: str = ""
    labels: Labels = ()
    version: str = ""
    cause: str = ""
    hint: str = ""
    changes: tuple[Change, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    wave: str = ""
    fingerprint: str = ""
    update_id: str = ""
    seconds: int = 0
    held: Held = NOTHING_HELD
    last_update: LastUpdate | None = None
    live: tuple[LiveField, ...] = ()
    weakens: tuple[Weakening, ...] = ()
    grade: str = ""
    unread: tuple[str, ...] = ()

    @property
    def explanation(self) -> str:
        """The reason, prefixed with the cause exactly once."""
        if not self.cause or self.reason.startswith(self.cause):
            return self.reason
        return f"{self.cause}: {self.reason}" if self.reason else self.cause


@dataclass(frozen=True, slots=True)
class ReportModel:
    """The model of a report.

    Attributes:
        created_at: UTC, ISO 8601.
        digest: Digest of the plan; empty for drift and status.
        run_id: Empty except for runs, like `run_state`.
        reason: Why a run is paused, stopped, failed or rolled back; empty otherwise.
        failed_before: Number of failed targets when a rollback started.
        shard: The part of the fleet that it is about; None for all of it.
        waves: Waves of the plan's strategy, in order; empty for drift and status.
    """

    kind: Kind
    created_at: str
    entries: tuple[Entry, ...]
    digest: str = ""
    run_id: str = ""
    run_state: str = ""
    reason: str = ""
    waves: tuple[WaveResult, ...] = ()
    failed_before: int = 0
    shard: ShardMark | None = None

    @property
    def counts(self) -> Mapping[str, int]:
        """Counts by state, in the kind's order, including zeros; they add up to the number of entries."""
        found = Counter(entry.state for entry in self.entries)
        return {state.word: found[state.word] for state in STATES[self.kind]}

    @property
    def weakening(self) -> int:
        """Targets whose changes leave cluster DNS with less protection; of a run, those that it changed."""
        is_run = self.kind is Kind.RUN
        return sum(1 for one in self.entries if one.weakens and (self.state(one).moves or not is_run))

    @property
    def has_protection(self) -> bool:
        """Whether the live objects of a target were read for `status`."""
        return any(entry.held.protection is not None for entry in self.entries)

    @property
    def run_state_label(self) -> str:
        return RunState(self.run_state).label if self.run_state else ""

    def state(self, entry: Entry) -> State:
        return state_of(self.kind, entry.state)

    def tone(self, entry: Entry) -> Tone:
        """Tone of the entry's state; an unhealthy add-on is not good."""
        tone = self.state(entry).tone
        has_warnings = any(one.severity is not Severity.INFO for one in entry.diagnostics)
        is_unhealthy = has_warnings and self.kind is Kind.STATUS and tone is Tone.GOOD
        return Tone.CHANGE if is_unhealthy else tone
