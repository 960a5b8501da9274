"""What every report is drawn from: one entry a target, whichever command it comes from."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.json import Json
from eksaddon.domain.last_update import LastUpdate
from eksaddon.domain.live import LiveField
from eksaddon.domain.plan import Change
from eksaddon.domain.run.result import RunState, WaveResult
from eksaddon.domain.target import ClusterRef, Labels
from eksaddon.report.model.states import STATES, Kind, State, Tone, state_of


@dataclass(frozen=True, slots=True)
class Held:
    """What the add-on stores, as `status` tells it.

    Attributes:
        status: Status of the add-on or the cluster, as reported by EKS.
        replicas: replicaCount; None where it is not set.
        lameduck_seconds: Of all server blocks together; None where no Corefile is stored.
    """

    status: str = ""
    replicas: Json = None
    lameduck_seconds: int | float | None = None


NOTHING_HELD = Held()


@dataclass(frozen=True, slots=True)
class Entry:
    """What is said of one target.

    Attributes:
        ref: Region and name are `*` where they are not known.
        state: A word of its kind's states.
        reason: Empty where the state says all.
        cause: A `Cause`'s value; empty where nothing went wrong.
        update_id: Of runs, like `seconds`.
        fingerprint: Of plans.
        held: Of `status`.
        last_update: Of drift, where EKS was asked for it.
        live: Of plans and drift, where the cluster itself was looked at.
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

    @property
    def explanation(self) -> str:
        """The reason, with the cause in front of it exactly once."""
        if not self.cause or self.reason.startswith(self.cause):
            return self.reason
        return f"{self.cause}: {self.reason}" if self.reason else self.cause


@dataclass(frozen=True, slots=True)
class ReportModel:
    """One report.

    Attributes:
        created_at: UTC, ISO 8601.
        digest: Of the plan; empty for drift and status.
        run_id: Empty for what is no run, like `run_state`.
        reason: Why a run is paused, stopped, failed or rolled back; empty otherwise.
        failed_before: Targets that had not ended well when a rollback began.
        waves: In their order, those of the strategy that the plan was made with; none for drift and status.
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

    @property
    def counts(self) -> Mapping[str, int]:
        """By word, in the order of the kind's states, zeros included; they add up to the entries."""
        found = Counter(entry.state for entry in self.entries)
        return {state.word: found[state.word] for state in STATES[self.kind]}

    @property
    def run_state_label(self) -> str:
        return RunState(self.run_state).label if self.run_state else ""

    def state(self, entry: Entry) -> State:
        return state_of(self.kind, entry.state)

    def tone(self, entry: Entry) -> Tone:
        """As its state's, but an add-on that is there and not well is not good."""
        tone = self.state(entry).tone
        warned = any(one.severity is not Severity.INFO for one in entry.diagnostics)
        ails = warned and self.kind is Kind.STATUS and tone is Tone.GOOD
        return Tone.CHANGE if ails else tone
