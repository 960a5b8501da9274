"""Plans a fleet: find, observe, read schemas, decide."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from enum import StrEnum
from itertools import chain

from eksaddon.app.fleet.early import EarlyPlans
from eksaddon.app.fleet.fleet import Fleet, find_targets
from eksaddon.app.fleet.names import missing_names, nothing_found, unknown_clusters
from eksaddon.app.fleet.reading import Reading, Tick
from eksaddon.app.session import AccessBook, Session
from eksaddon.config.findings import idle_overrides
from eksaddon.discover.values import Place
from eksaddon.domain.desired import Consent, DesiredState
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.errors import EksdnsError
from eksaddon.domain.observed import Managed, Observed
from eksaddon.domain.plan import Plan
from eksaddon.domain.rollout.strategy import EmptyWave, Strategy
from eksaddon.domain.selection import Selection
from eksaddon.domain.shards.shard import ShardMark
from eksaddon.domain.target import ClusterRef, Target
from eksaddon.domain.versions.desired import DesiredVersion
from eksaddon.domain.versions.offered import VersionMove, VersionsSeen
from eksaddon.domain.workload import WorkloadState
from eksaddon.frozen import dataclass
from eksaddon.observe.dry_run import removal_trials, template_trials, trials
from eksaddon.observe.last_updates import with_updates
from eksaddon.observe.offered import offered_versions
from eksaddon.observe.schemas import live_schemas
from eksaddon.observe.snapshot import NO_WORKLOAD_PLANE, Observation, versions
from eksaddon.observe.workloads import with_workloads
from eksaddon.plan.fleet import plan_fleet
from eksaddon.plan.inputs import version_choice
from eksaddon.plan.trials.dry_run import with_removal_trials, with_template_trials, with_trials
from eksaddon.plan.waves import staged


@dataclass(frozen=True, slots=True)
class Seen:
    """All targets with their observations, in order.

    Attributes:
        searched: Accounts and regions in scope.
        shard: None for a whole fleet.
    """

    observations: tuple[Observation, ...]
    searched: tuple[Place, ...] = ()
    shard: ShardMark | None = None

    @property
    def targets(self) -> tuple[Target, ...]:
        return tuple(one.target for one in self.observations)


def observe(
    fleet: Fleet,
    session: Session,
    book: AccessBook,
    tick: Tick = lambda _done, _all, _is_exact: None,
    early: EarlyPlans | None = None,
) -> Seen:
    """Find and read all targets.

    Args:
        early: Begins to plan for `make_plan`, while others are read.
    """
    reading = Reading(session, tick, early)
    found = find_targets(fleet, session, book, reading)
    lost = (Observation(target, observed) for target, observed in found.unreachable)
    rows = (*reading.observations, *lost)
    return Seen(tuple(sorted(rows, key=lambda one: one.target.ref)), found.searched, found.shard)


def with_live(seen: Seen, session: Session) -> Seen:
    """Add the live objects of every cluster with the add-on."""
    observations = with_workloads(
        seen.observations, lambda _: True, session.workloads, session.cluster_executor
    )
    return replace(seen, observations=observations)


def read_histories(seen: Seen, session: Session, left_open: frozenset[ClusterRef]) -> Seen:
    """Add the newest update to targets whose status, issues or recorded run require it.

    Args:
        left_open: Targets whose last recorded write did not succeed.
    """
    executor = session.executor
    return replace(
        seen, observations=with_updates(seen.observations, left_open.__contains__, session.addons, executor)
    )


def idle(fleet: Fleet, seen: Seen) -> tuple[Diagnostic, ...]:
    """Overrides that match no cluster; empty unless all clusters are known."""
    is_whole = fleet.targets.selection() == Selection() and seen.shard is None
    targets = [one.target for one in seen.observations]
    if not is_whole or any(target.ref.name == "*" for target in targets):
        return ()
    return tuple(idle_overrides(fleet.file, targets))


def doubts(fleet: Fleet, seen: Seen) -> Iterator[Diagnostic]:
    """Warnings of verbs that only read, for names that match nothing; none for a shard, which cannot know."""
    if seen.shard is not None:
        return
    selection, idle_ones = fleet.targets.selection(), {one.location for one in idle(fleet, seen)}
    overrides = tuple(f"{location}: " for location in idle_ones)
    found = (
        *nothing_found(selection, seen.targets, seen.searched),
        *(
            error
            for error in unknown_clusters(fleet.file, selection, seen.targets)
            if not error.message.startswith(overrides)
        ),
    )
    for error in found:
        yield Diagnostic(Severity.WARNING, "unknown-name", error.message, error.hint)


@dataclass(frozen=True, slots=True)
class Upgrade:
    """A version to plan instead of the desired state.

    Attributes:
        kubernetes: Choose among the versions for this Kubernetes version; empty for each cluster's own.
    """

    version: DesiredVersion
    kubernetes: str = ""

    @property
    def desired(self) -> DesiredState:
        """The version alone; nothing is written, so that consent is not needed."""
        return DesiredState(version=self.version, consent=Consent(weaken=True, downgrade=True))


class Purpose(StrEnum):
    """The purpose of a plan."""

    READ = "read"
    SAVE = "save"
    APPLY = "apply"


def refuse_findings(fleet: Fleet, session: Session, seen: Seen, purpose: Purpose) -> None:
    """Refuse to save or write if a name is unknown, and to write if a selection matches nothing.

    Raises:
        EksdnsError: With the first such name.
    """
    if purpose is Purpose.READ:
        return
    selection = fleet.targets.selection()
    rows = ((one.target, one.observed) for one in seen.observations)
    errors: Iterator[EksdnsError] = chain(
        missing_names(fleet.file, selection, rows, session.addons.clusters),
        nothing_found(selection, seen.targets, seen.searched) if purpose is Purpose.APPLY else (),
    )
    if first := next(errors, None):
        raise EksdnsError(f"{first.message}; nothing was written", hint=first.hint, exit_code=first.exit_code)


def make_plan(
    fleet: Fleet,
    session: Session,
    seen: Seen,
    *,
    strict: bool,
    live: bool = False,
    force: bool = False,
    tries: bool = False,
    purpose: Purpose = Purpose.READ,
    corefiles: bool = True,
    foresees: bool = True,
    upgrade: Upgrade | None = None,
    tried: Callable[[Plan], Plan] | None = None,
    early: EarlyPlans | None = None,
) -> Plan:
    """Plan every target; the live schema of each version that a cluster has or moves to is read once.

    Args:
        live: Read the live objects of all targets, not only if Corefile, grace or preStop are desired.
        corefiles: Read the live objects if the Corefile is desired.
        foresees: Read the live objects of every cluster whose add-on is to be updated, to find what the
            update will meet; a cluster that is in sync or blocked costs no call.
        force: Overwrite Deployment fields managed by other controllers.
        tries: Validate applies to Deployments with dry runs.
        purpose: Where it is to apply, credentials that may not patch block the cluster.
        upgrade: Plan nothing but this, regardless of the desired state.
        tried: Adds the results of trials in a real CoreDNS; None for no trials.
        early: What `observe` began, with the same arguments; unused for an upgrade.
    """
    now = session.clock.now()
    early = early or EarlyPlans(fleet, session, strict=strict, force=force)

    def desired_of(target: Target) -> DesiredState:
        return early.desired_of(target) if upgrade is None else upgrade.desired

    kubernetes = upgrade.kubernetes if upgrade is not None else ""
    offered = offered_versions(seen.observations, desired_of, session.versions, session.executor, kubernetes)
    moves = _moves(seen, desired_of, offered)
    schemas = live_schemas(
        versions(seen.observations, moves.get), session.addons, session.executor, early.schemas
    )

    def is_looked_at(target: Target) -> bool:
        desired = desired_of(target)
        is_about_corefile = desired.manages_corefile or target.ref in moves
        return live or desired.manages_objects or (corefiles and is_about_corefile)

    observations = with_workloads(
        seen.observations,
        is_looked_at,
        session.workloads,
        session.cluster_executor,
    )
    planner = replace(early.planner, schemas=schemas, versions=offered)
    plan = plan_fleet(_rows(observations), desired_of, planner, now=now)
    if foresees and corefiles and (unread := _updated_unread(plan, observations)):
        observations = with_workloads(
            observations, lambda target: target.ref in unread, session.workloads, session.cluster_executor
        )
        plan = plan_fleet(_rows(observations), desired_of, planner, now=now)
    if tries:
        writes = purpose is Purpose.APPLY
        plan = with_trials(
            plan, trials(plan.clusters, session.workloads, session.cluster_executor), writes=writes
        )
        answers = removal_trials(plan.clusters, session.workloads, session.cluster_executor)
        plan = with_removal_trials(plan, answers, writes=writes)
        plan = with_template_trials(
            plan, template_trials(plan.clusters, session.workloads, session.cluster_executor)
        )
    if tried is not None:
        plan = tried(plan)
    strategy = _strategy(fleet)
    if strategy and seen.shard:  # other shards may have the targets of a wave
        strategy = replace(strategy, empty_wave=EmptyWave.SKIP)
    return staged(plan, strategy) if strategy else plan


def _moves(
    seen: Seen,
    desired_of: Callable[[Target], DesiredState],
    offered: Mapping[ClusterRef, VersionsSeen],
) -> Mapping[ClusterRef, str]:
    """The version that each target moves to, without those that keep theirs."""
    found: dict[ClusterRef, str] = {}
    for one in seen.observations:
        if isinstance(one.observed, Managed) and (versions := offered.get(one.target.ref)):
            choice = version_choice(one.observed, desired_of(one.target), versions)
            if isinstance(choice, VersionMove):
                found[one.target.ref] = choice.after
    return found


def _rows(observations: Iterable[Observation]) -> Iterator[tuple[Target, Observed, WorkloadState]]:
    return ((one.target, one.observed, one.workload) for one in observations)


def _updated_unread(plan: Plan, observations: Iterable[Observation]) -> frozenset[ClusterRef]:
    """Clusters whose add-on the plan updates without having read their live objects."""
    unread = {one.target.ref for one in observations if one.workload is NO_WORKLOAD_PLANE}
    return frozenset(
        one.target.ref for one in plan.clusters if one.write is not None and one.target.ref in unread
    )


def _strategy(fleet: Fleet) -> Strategy | None:
    """The fleet file's strategy; None for clusters selected by exact names, which the user orders."""
    exact_clusters = fleet.targets.selection().clusters
    chosen = bool(exact_clusters) and all(pattern.is_exact for pattern in exact_clusters)
    return None if chosen else fleet.file.strategy
