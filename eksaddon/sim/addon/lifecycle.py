"""An add-on's lifecycle as a pure function of time, evaluated at each request."""

from collections.abc import Mapping
from dataclasses import field, replace

from eksaddon.domain.json import Json, JsonObject
from eksaddon.frozen import dataclass
from eksaddon.sim.addon.update_script import FOREVER, SUCCEEDS, Course, Lag, Problem
from eksaddon.sim.addon.values import DEFAULT_REPLICAS, NO_VALUES, Values

ENDED = frozenset({"Successful", "Failed", "Cancelled"})
"""UpdateStatus values of a finished update."""

NO_FOREIGN_VALUES: Mapping[str, Json] = {}


@dataclass(frozen=True, slots=True)
class PodIdentity:
    service_account: str
    role_arn: str


@dataclass(frozen=True, slots=True)
class Stored:
    """The configuration stored by EKS.

    Attributes:
        text: configurationValues verbatim; None if never set.
    """

    version: str
    text: str | None
    role_arn: str = ""
    pod_identities: tuple[PodIdentity, ...] = ()


@dataclass(frozen=True, slots=True)
class Update:
    """An entry of the update history.

    Attributes:
        token: Its clientRequestToken.
        intent: Digest of the request.
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
    """An operation in progress, which ends at a given time."""

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
        heals_at: When the status becomes ACTIVE again, in seconds since the epoch.
        live: Values in force in the cluster, which can differ from the stored ones.
        foreign: Values in force of other field managers, by key; for example after `kubectl scale`.
        demand: Replicas wanted by the autoscaler if it is enabled.
        dip: Until when an update keeps replicas at `reset`, in seconds since the epoch.
        least: The lowest number of replicas so far.
        script: Courses of the next updates; later ones succeed.
        applied: Its objects are in the cluster; not necessarily if creating it failed.
        earlier: The configuration before the newest update; None without one.
        modified_before: When that configuration was stored, in seconds since the epoch.
        left_budget: Spec of a PodDisruptionBudget that EKS leaves in place although it is disabled now
            (source: AWS, managing-coredns); None if there is none.
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
    foreign: Mapping[str, Json] = field(default_factory=lambda: NO_FOREIGN_VALUES)
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
    modified_before: float = 0.0
    left_budget: JsonObject | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What DescribeAddon returns at a given time."""

    stored: Stored
    status: str
    issues: tuple[Problem, ...]
    modified_at: float


def begun(addon: Addon, update: Update, stored: Stored, after: Pending, *, regrow: float) -> Addon:
    """Start an update; with the autoscaler enabled, it first reduces replicas.

    Source: aws/containers-roadmap#2540.
    """
    addon = replace(
        addon,
        stored=stored,
        earlier=after.before,
        modified_before=addon.modified_at,
        modified_at=update.created_at,
        heals_at=FOREVER,
        updates=(*addon.updates, update),
        pending=after,
        script=addon.script[1:],
    )
    if not after.live.autoscaled:
        return addon
    reset = after.live.replicas
    return replace(addon, reset=reset, dip=after.ends + regrow, least=min(addon.least, reset))


def settled(addon: Addon, now: float) -> Addon | None:
    """Apply everything that has finished by now; None once the add-on is deleted."""
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
    is_stored = course.ends == "Successful" or course.keeps
    addon = replace(
        addon,
        stored=addon.stored if is_stored else pending.before,
        live=pending.live if is_stored else addon.live,
        foreign=pending.foreign if is_stored else addon.foreign,
        status=course.status,
        issues=course.issues,
        heals_at=pending.ends + course.lasts if course.status != "ACTIVE" else FOREVER,
        modified_at=pending.ends,
        left_budget=_left_budget(addon, pending) if is_stored else addon.left_budget,
        updates=_finished(addon.updates, course),
        pending=None,
    )
    return replace(addon, least=min(addon.least, replicas(addon, FOREVER)))


def _left_budget(addon: Addon, pending: Pending) -> JsonObject | None:
    if pending.live.budget is not None:
        return None
    return addon.live.budget or addon.left_budget


def _finished(updates: tuple[Update, ...], course: Course) -> tuple[Update, ...]:
    if not updates or updates[-1].status in ENDED:
        return updates
    return (*updates[:-1], replace(updates[-1], status=course.ends, errors=course.errors))


def seen(addon: Addon, now: float, lag: Lag) -> Seen:
    """The state as read, which can lag behind writes."""
    pending = addon.pending
    if pending is None:
        return Seen(addon.stored, addon.status, addon.issues, addon.modified_at)
    age = now - pending.begun
    stale_status = pending.course.shows == "UPDATING" and age < lag.status
    issues = addon.issues if stale_status else pending.course.issues * (pending.course.shows == "DEGRADED")
    is_late = age < lag.document
    return Seen(
        pending.before if is_late else addon.stored,
        addon.status if stale_status else pending.course.shows,
        issues,
        (is_late and addon.modified_before) or addon.modified_at,
    )


def replicas(addon: Addon, now: float) -> int:
    """The Deployment's replicas at a given time."""
    if addon.live.autoscaled:
        return addon.reset if now < addon.dip else max(addon.demand, addon.live.least_replicas)
    return addon.live.replicas


def next_course(addon: Addon) -> Course:
    return addon.script[0] if addon.script else SUCCEEDS
