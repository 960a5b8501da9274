"""Plans a fleet; results that many clusters share are computed once."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, replace

from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.desired import DesiredState
from eksaddon.domain.observed import Managed, Observed
from eksaddon.domain.plan import ClusterPlan, Plan
from eksaddon.domain.target import ClusterRef, Target
from eksaddon.domain.versions.offered import NotRequested, VersionsSeen
from eksaddon.domain.workload import WorkloadState
from eksaddon.frozen import dataclass
from eksaddon.plan.digest import plan_digest
from eksaddon.plan.inputs import KnownSchema, Situation
from eksaddon.plan.planner import Resolution, resolve, with_addon, without_addon

Key = tuple[object, ...]

NO_SCHEMA = Trouble(Cause.NOT_FOUND, "not requested")


@dataclass(frozen=True, slots=True)
class _Begun:
    """A plan, and the values that it was made from."""

    observed: Managed
    desired: DesiredState
    workload: WorkloadState
    made: ClusterPlan

    def is_of(self, observed: Managed, desired: DesiredState, workload: WorkloadState) -> bool:
        return observed is self.observed and desired is self.desired and workload is self.workload


@dataclass(slots=True)
class Planner:
    """Plans clusters and caches situations, because a fleet has only a few different ones.

    Attributes:
        schemas: By add-on version, of every version that a cluster has or moves to.
        versions: That EKS offers, for the targets that need them.
    """

    schemas: Mapping[str, KnownSchema]
    strict: bool = False
    force: bool = False
    versions: Mapping[ClusterRef, VersionsSeen] = field(default_factory=dict)
    _known: dict[Key, Resolution] = field(default_factory=dict)
    _begun: dict[ClusterRef, "_Begun"] = field(default_factory=dict)

    def begin(
        self, target: Target, observed: Managed, desired: DesiredState, workload: WorkloadState
    ) -> None:
        """Plan a target before the others are known; `plan` returns the same for the same values."""
        made = self.plan(target, observed, desired, workload)
        self._begun[target.ref] = _Begun(observed, desired, workload, made)

    def plan(
        self, target: Target, observed: Observed, desired: DesiredState, workload: WorkloadState
    ) -> ClusterPlan:
        if not isinstance(observed, Managed):
            return without_addon(target, observed)
        begun = self._begun.get(target.ref)
        if begun is not None and begun.is_of(observed, desired, workload) and target.ref not in self.versions:
            return begun.made
        versions = self.versions.get(target.ref, NotRequested())
        key = (
            desired.key,
            observed.version,
            observed.text,
            observed.status,
            observed.issues,
            observed.update,
            workload,
            versions,
        )
        if key not in self._known:
            case = Situation(
                observed,
                desired,
                workload,
                NO_SCHEMA,
                strict=self.strict,
                force=self.force,
                versions=versions,
            )
            schema = self.schemas.get(case.version, NO_SCHEMA)
            self._known[key] = resolve(replace(case, schema=schema))
        return with_addon(target, observed, desired, self._known[key])


def plan_fleet(
    observations: Iterable[tuple[Target, Observed, WorkloadState]],
    desired_of: Callable[[Target], DesiredState],
    planner: Planner,
    *,
    now: float,
) -> Plan:
    """Return one plan for each target, in the order of the targets.

    Args:
        now: Seconds since the epoch.
    """
    clusters = tuple(
        planner.plan(target, observed, desired_of(target), workload)
        for target, observed, workload in observations
    )
    return Plan(clusters, now, plan_digest(clusters))
