"""An add-on's life as a pure function of time: nothing happens between two looks at it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from eksaddon.domain.json import Json
from eksaddon.sim.addon.update_script import FOREVER, SUCCEEDS, Course, Lag, Problem
from eksaddon.sim.addon.values import NO_VALUES, Values

DEFAULT_REPLICAS = 2
"""What EKS runs where nobody says otherwise (source: replicaCount's default in the user guide)."""

ENDED = frozenset({"Successful", "Failed", "Cancelled"})
"""UpdateStatus words of an update that is over."""

NOBODY: Mapping[str, Json] = {}


@dataclass(frozen=True, slots=True)
class PodIdentity:
    service_account: str
    role_arn: str


@dataclass(frozen=True, slots=True)
class Stored:
    """What EKS has on record.

    Attributes:
        text: configurationValues, verbatim; None where they were never set.
    """

    version: str
    text: str | None
    role_arn: str = ""
    pod_identities: tuple[PodIdentity, ...] = ()


@dataclass(frozen=True, slots=True)
class Update:
    """An entry of the update history.

    Attributes:
        token: The clientRequestToken it came with.
        intent: Digest of what was asked for.
    """

    id: str
    token: str
    intent: str
    created_at: float
    params: tuple[tuple[str, str], ...]
    status: str = "InProgress"
    errors: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Pending:
    """Something under way; it ends when the clock says so."""

    begun: float
    ends: float
    course: Course
    before: Stored
    live: Values
    foreign: Mapping[str, Json]
    removes: bool = False


@dataclass(frozen=True, slots=True)
class Addon:
    """An add-on of a cluster.

    Attributes:
        uid: The last part of its ARN.
        heals_at: When the status turns ACTIVE by itself, in seconds since the epoch.
        live: The values in force in the cluster, which are not always the recorded ones.
        foreign: Values in force that another field manager owns, by key; `kubectl scale` makes one.
        demand: Replicas that the autoscaler wants, where it is on.
        dip: Until when an update holds replicas at `reset`, in seconds since the epoch.
        least: The fewest replicas that were ever seen.
        script: How its next updates go; after those all succeed.
        applied: Its objects are in the cluster; where creating it failed they may not be.
        earlier: What was stored before the newest update; None where there was none.
    """

    name: str
    uid: str
    stored: Stored
    created_at: float
    modified_at: float
    status: str = "ACTIVE"
    issues: tuple[Problem, ...] = ()
    heals_at: float = FOREVER
    live: Values = NO_VALUES
    foreign: Mapping[str, Json] = field(default_factory=lambda: NOBODY)
    demand: int = DEFAULT_REPLICAS
    reset: int = DEFAULT_REPLICAS
    dip: float = 0.0
    least: int = DEFAULT_REPLICAS
    updates: tuple[Update, ...] = ()
    pending: Pending | None = None
    script: tuple[Course, ...] = ()
    tags: tuple[tuple[str, str], ...] = ()
    namespace: str = "kube-system"
    applied: bool = True
    earlier: Stored | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What DescribeAddon shows at one moment."""

    stored: Stored
    status: str
    issues: tuple[Problem, ...]


def begun(addon: Addon, update: Update, stored: Stored, after: Pending, *, regrow: float) -> Addon:
    """Start an update; with the autoscaler on, that takes replicas down first.

    Source: aws/containers-roadmap#2540.
    """
    addon = replace(
        addon,
        stored=stored,
        earlier=after.before,
        modified_at=update.created_at,
        heals_at=FOREVER,
        updates=(*addon.updates, update),
        pending=after,
        script=addon.script[1:],
    )
    if not after.live.autoscaled:
        return addon
    reset = after.live.replicas or DEFAULT_REPLICAS
    return replace(addon, reset=reset, dip=after.ends + regrow, least=min(addon.least, reset))


def settled(addon: Addon, now: float) -> Addon | None:
    """The add-on with all that has ended until now; None once it is deleted."""
    pending = addon.pending
    if pending is not None and pending.ends <= now:
        if pending.removes:
            return None
        addon = _ended(addon, pending)
    if addon.heals_at <= now:
        addon = replace(addon, status="ACTIVE", issues=(), heals_at=FOREVER)
    return addon


def _ended(addon: Addon, pending: Pending) -> Addon:
    course = pending.course
    taken = course.ends == "Successful" or course.keeps
    addon = replace(
        addon,
        stored=addon.stored if taken else pending.before,
        live=pending.live if taken else addon.live,
        foreign=pending.foreign if taken else addon.foreign,
        status=course.status,
        issues=course.issues,
        heals_at=pending.ends + course.lasts if course.status != "ACTIVE" else FOREVER,
        modified_at=pending.ends,
        updates=_finished(addon.updates, course),
        pending=None,
    )
    return replace(addon, least=min(addon.least, replicas(addon, FOREVER)))


def _finished(updates: tuple[Update, ...], course: Course) -> tuple[Update, ...]:
    if not updates or updates[-1].status in ENDED:
        return updates
    return (*updates[:-1], replace(updates[-1], status=course.ends, errors=course.errors))


def seen(addon: Addon, now: float, lag: Lag) -> Seen:
    """What a reader is told, who may be behind the writer."""
    pending = addon.pending
    if pending is None:
        return Seen(addon.stored, addon.status, addon.issues)
    age = now - pending.begun
    stale_status = pending.course.shows == "UPDATING" and age < lag.status
    issues = addon.issues if stale_status else pending.course.issues * (pending.course.shows == "DEGRADED")
    return Seen(
        pending.before if age < lag.document else addon.stored,
        addon.status if stale_status else pending.course.shows,
        issues,
    )


def replicas(addon: Addon, now: float) -> int:
    """Pods that the Deployment asks for at a moment."""
    if addon.live.autoscaled:
        return addon.reset if now < addon.dip else max(addon.demand, addon.live.least_replicas)
    return addon.live.replicas or DEFAULT_REPLICAS


def next_course(addon: Addon) -> Course:
    return addon.script[0] if addon.script else SUCCEEDS
