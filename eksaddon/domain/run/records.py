"""Records of a run's journal, one class for each kind of event."""

from eksaddon.domain.encoding.codec import CodecError, as_object, decode_one_of, encode
from eksaddon.domain.errors import EksdnsError
from eksaddon.domain.json import JsonObject
from eksaddon.domain.plan import Plan, Plane
from eksaddon.domain.probing.figures import ClusterProbe
from eksaddon.domain.probing.series import NO_SERIES, Series
from eksaddon.domain.probing.session import SessionState
from eksaddon.domain.rollout.strategy import Strategy
from eksaddon.domain.run.outcome import Outcome
from eksaddon.domain.target import Account, ClusterRef
from eksaddon.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Opened:
    """The run starts; contains everything that is constant for the run.

    Attributes:
        at: Seconds since the epoch, in every record.
        accounts: Accounts of the targets with their credentials.
        tool: Version of eksdns.
        who: User, host and process, or the CI job.
    """

    at: float
    run_id: str
    plan: Plan
    strategy: Strategy
    accounts: tuple[Account, ...] = ()
    tool: str = ""
    who: str = ""


@dataclass(frozen=True, slots=True)
class Writing:
    """A write to a target is about to start; without a following `Accepted`, its result is unknown.

    Attributes:
        token: clientRequestToken.
        before: The stored text as read just before, verbatim; None if never set.
        restores: Whether the write rolls back a change of this run.
        plane: The plane that is written.
        eks_time: Time of the read just before, by EKS's clock; our update cannot be older. 0 if EKS
            returned none.
    """

    at: float
    ref: ClusterRef
    token: str
    before: str | None
    restores: bool = False
    plane: Plane = Plane.ADDON
    eks_time: float = 0.0


@dataclass(frozen=True, slots=True)
class Accepted:
    at: float
    ref: ClusterRef
    update_id: str


@dataclass(frozen=True, slots=True)
class PlaneDone:
    """One plane of a target is written and proven; the other one is next."""

    at: float
    ref: ClusterRef
    plane: Plane
    update_id: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """A target is finished, unless a retry or a rollback is requested.

    Attributes:
        seconds: Seconds since the first call for this target.
    """

    at: float
    ref: ClusterRef
    outcome: Outcome
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class WaveBegan:
    at: float
    wave: str


@dataclass(frozen=True, slots=True)
class WaveSoaking:
    """All members are finished, and the soak starts.

    Attributes:
        until: Seconds since the epoch.
    """

    at: float
    wave: str
    until: float


@dataclass(frozen=True, slots=True)
class GateLooked:
    """A check has run.

    Attributes:
        verdict: `pass`, `fail` or `inconclusive`.
    """

    at: float
    wave: str
    gate: str
    verdict: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ProbeStarted:
    """Lookups are sent to the wave's clusters from now on."""

    at: float
    wave: str


@dataclass(frozen=True, slots=True)
class ProbeRead:
    """What the probe has counted since it was started.

    Attributes:
        state: Whether it continues.
        series: Of all clusters together; at most 120 pairs of counts, however long it runs.
    """

    at: float
    wave: str
    results: tuple[ClusterProbe, ...]
    state: SessionState
    series: Series = NO_SERIES


@dataclass(frozen=True, slots=True)
class Approved:
    at: float
    wave: str
    who: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class WaveEnded:
    """A wave has finished.

    Attributes:
        state: `succeeded`, `failed` or `skipped`.
    """

    at: float
    wave: str
    state: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Paused:
    """The run is paused; `resume` continues it."""

    at: float
    reason: str


@dataclass(frozen=True, slots=True)
class Resumed:
    """A paused or killed run continues.

    Attributes:
        accepts_failures: The failures that paused the run no longer count. Versions that did not record this
            always accepted them.
        reason: Why, and for a request in GitHub, the person; empty if not given.
    """

    at: float
    who: str
    accepts_failures: bool = True
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Stopped:
    """The run is stopped: no new updates start, except by a retry or a rollback."""

    at: float
    reason: str


@dataclass(frozen=True, slots=True)
class Retried:
    """Targets are reset to their state before the wave."""

    at: float
    refs: tuple[ClusterRef, ...]


@dataclass(frozen=True, slots=True)
class SkipAsked:
    at: float
    ref: ClusterRef
    reason: str


@dataclass(frozen=True, slots=True)
class RollbackAsked:
    """A rollback of the run's changes is requested, in this order of waves.

    Attributes:
        asked_by: The operator; empty if triggered by the wave's `onFailure`.
    """

    at: float
    waves: tuple[str, ...]
    reason: str = ""
    asked_by: str = ""


@dataclass(frozen=True, slots=True)
class Closed:
    """The run is finished."""

    at: float
    state: str


Record = (
    Opened
    | Writing
    | Accepted
    | PlaneDone
    | Ended
    | WaveBegan
    | WaveSoaking
    | GateLooked
    | ProbeStarted
    | ProbeRead
    | Approved
    | WaveEnded
    | Paused
    | Resumed
    | Stopped
    | Retried
    | SkipAsked
    | RollbackAsked
    | Closed
)

KINDS: tuple[type[Record], ...] = Record.__args__


def to_json(record: Record) -> JsonObject:
    return as_object(encode(record))


def from_json(document: JsonObject) -> Record:
    """Read a record.

    Raises:
        EksdnsError: Not a record that this version supports.
    """
    try:
        return decode_one_of(KINDS, document)
    except CodecError as error:
        raise EksdnsError(
            f"the journal contains a record that this version cannot read: {error}",
            hint="use the version of eksdns that wrote the journal",
        ) from None
