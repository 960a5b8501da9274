"""What a run's journal holds: one class for each thing that can happen, in the order in which it did."""

from dataclasses import dataclass

from eksaddon.domain.encoding.codec import CodecError, as_object, decode_one_of, encode
from eksaddon.domain.errors import EksdnsError
from eksaddon.domain.json import JsonObject
from eksaddon.domain.plan import Plan, Plane
from eksaddon.domain.probing.figures import ClusterProbe
from eksaddon.domain.probing.session import SessionState
from eksaddon.domain.rollout.strategy import Strategy
from eksaddon.domain.run.outcome import Outcome
from eksaddon.domain.target import Account, ClusterRef


@dataclass(frozen=True, slots=True)
class Opened:
    """The run begins; everything about it that never changes.

    Attributes:
        at: Seconds since the epoch, in all records.
        accounts: How the accounts of the targets are entered.
        tool: The version of eksdns.
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
    """A target is about to be written to; without an `Accepted` after it nobody knows whether it was.

    Attributes:
        token: clientRequestToken.
        before: The stored text as it was read just before, verbatim; None where it was never set.
        restores: Whether the write takes back what this run did.
        plane: Which half of the target.
        eks_time: When the target was read just before, by EKS's clock: an update of ours is not older.
            0 where EKS gave no time.
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
    """One half of a target is written and proven, and the other comes next."""

    at: float
    ref: ClusterRef
    plane: Plane
    update_id: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """A target is done with, until somebody asks for a retry or a rollback.

    Attributes:
        seconds: From the first call for this target.
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
    """All members are done.

    Attributes:
        until: Seconds since the epoch.
    """

    at: float
    wave: str
    until: float


@dataclass(frozen=True, slots=True)
class GateLooked:
    """A check was made.

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
        state: Whether it goes on.
    """

    at: float
    wave: str
    results: tuple[ClusterProbe, ...]
    state: SessionState


@dataclass(frozen=True, slots=True)
class Approved:
    at: float
    wave: str
    who: str


@dataclass(frozen=True, slots=True)
class WaveEnded:
    """A wave is over.

    Attributes:
        state: `succeeded`, `failed` or `skipped`.
    """

    at: float
    wave: str
    state: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Paused:
    """The process leaves; `resume` goes on."""

    at: float
    reason: str


@dataclass(frozen=True, slots=True)
class Resumed:
    at: float
    who: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """Nothing new starts in this run any more, except by a retry or a rollback."""

    at: float
    reason: str


@dataclass(frozen=True, slots=True)
class Retried:
    """These go back to where they were before their wave began."""

    at: float
    refs: tuple[ClusterRef, ...]


@dataclass(frozen=True, slots=True)
class SkipAsked:
    at: float
    ref: ClusterRef
    reason: str


@dataclass(frozen=True, slots=True)
class RollbackAsked:
    """What this run changed is to be rolled back, in waves of this order.

    Attributes:
        asked_by: Who asked for it; empty where the run's own brakes did.
    """

    at: float
    waves: tuple[str, ...]
    reason: str = ""
    asked_by: str = ""


@dataclass(frozen=True, slots=True)
class Closed:
    """Nothing is left to do."""

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
        EksdnsError: It is none that this version knows.
    """
    try:
        return decode_one_of(KINDS, document)
    except CodecError as error:
        raise EksdnsError(
            f"the journal contains a record that this version cannot read: {error}",
            hint="use the version of eksdns that wrote the journal",
        ) from None
