"""Plan a fleet: find, observe, ask for schemas, decide."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain

from eksaddon.app.fleet.fleet import Fleet, find_targets
from eksaddon.app.fleet.names import missing_names, nothing_found, unknown_clusters
from eksaddon.app.session import AccessBook, Session
from eksaddon.config.findings import idle_overrides
from eksaddon.discover.values import Place
from eksaddon.domain.desired import DesiredState
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.errors import EksdnsError
from eksaddon.domain.observed import Observed
from eksaddon.domain.plan import Plan
from eksaddon.domain.rollout.strategy import Strategy
from eksaddon.domain.selection import Selection
from eksaddon.domain.target import ClusterRef, Target
from eksaddon.observe.dry_run import trials
from eksaddon.observe.last_updates import with_updates
from eksaddon.observe.schemas import live_schemas
from eksaddon.observe.snapshot import Observation, snapshot, versions
from eksaddon.observe.workloads import with_workloads
from eksaddon.plan.dry_run import with_trials
from eksaddon.plan.fleet import Planner, plan_fleet
from eksaddon.plan.waves import staged

Tick = Callable[[int, int], None]
"""Called with targets read so far, and all of them."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Every target with what was found there, in order.

    Attributes:
        searched: Accounts and regions that were in scope.
    """

    observations: tuple[Observation, ...]
    searched: tuple[Place, ...] = ()

    @property
    def targets(self) -> tuple[Target, ...]:
        return tuple(one.target for one in self.observations)


def observe(fleet: Fleet, session: Session, book: AccessBook, tick: Tick = lambda _done, _all: None) -> Seen:
    found = find_targets(fleet, session, book)
    left, done = Counter(target.ref.scope for target in found.targets), 0

    def count(observed: Observed) -> None:
        nonlocal done
        done += 1
        left[observed.ref.scope] -= 1
        if not left[observed.ref.scope]:
            session.release(observed.ref.scope)
        tick(done, len(found.targets))

    read = snapshot(found.targets, session.addons, session.executor, count)
    lost = tuple(Observation(target, observed) for target, observed in found.unreachable)
    return Seen(tuple(sorted((*read, *lost), key=lambda one: one.target.ref)), found.searched)


def look_further(seen: Seen, session: Session, left_open: frozenset[ClusterRef]) -> Seen:
    """The same targets, with the newest update where the status, an issue or a run on record asks for it.

    Args:
        left_open: Targets whose last write on record did not end well.
    """
    executor = session.executor
    return replace(
        seen, observations=with_updates(seen.observations, left_open.__contains__, session.addons, executor)
    )


def idle(fleet: Fleet, seen: Seen) -> tuple[Diagnostic, ...]:
    """Overrides that match no cluster; none where not every cluster was looked for and found."""
    is_whole = fleet.targets.selection() == Selection()
    targets = [one.target for one in seen.observations]
    if not is_whole or any(target.ref.name == "*" for target in targets):
        return ()
    return tuple(idle_overrides(fleet.file, targets))


def doubts(fleet: Fleet, seen: Seen) -> Iterator[Diagnostic]:
    """What a verb that only reads says about names that found nothing."""
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


class Purpose(StrEnum):
    """What a plan is made for."""

    READ = "read"
    SAVE = "save"
    APPLY = "apply"


def refuse_doubts(fleet: Fleet, session: Session, seen: Seen, purpose: Purpose) -> None:
    """Refuse to save or to write where a name means nothing, and to write where one found nothing.

    Raises:
        EksdnsError: The first such name.
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
) -> Plan:
    """Decide for every target; the live schema of each installed version is asked for once.

    Args:
        live: Read the live objects everywhere, not only where the Corefile, grace or preStop are desired.
        corefiles: Read the live objects where the Corefile is desired.
        force: Overwrite Deployment fields managed by other controllers.
        tries: Let the API servers check what would be applied to Deployments; nothing is written.
        purpose: Where it is to apply, credentials that may not patch block the cluster.
    """
    schemas = live_schemas(versions(seen.observations), session.addons, session.executor)
    now = session.clock.now()
    resolver = fleet.resolver(now)

    def desired_of(target: Target) -> DesiredState:
        return resolver.resolve(target)

    def is_looked_at(target: Target) -> bool:
        desired = desired_of(target)
        return live or desired.manages_workload or (corefiles and desired.manages_corefile)

    observations = with_workloads(
        seen.observations,
        is_looked_at,
        session.workloads,
        session.executor,
    )
    rows = ((one.target, one.observed, one.workload) for one in observations)
    made = plan_fleet(rows, desired_of, Planner(schemas, strict, force), now=now)
    if tries:
        answers = trials(made.clusters, session.workloads, session.executor)
        made = with_trials(made, answers, writes=purpose is Purpose.APPLY)
    strategy = _strategy(fleet)
    return staged(made, strategy) if strategy else made


def _strategy(fleet: Fleet) -> Strategy | None:
    """The fleet file's; clusters that are named one by one are somebody's own choice of order."""
    named = fleet.targets.selection().clusters
    chosen = bool(named) and all(pattern.is_exact for pattern in named)
    return None if chosen else fleet.file.strategy
