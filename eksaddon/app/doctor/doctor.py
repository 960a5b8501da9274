"""Checks the permissions for every target in scope, with read calls and dry runs."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from eksaddon.app.doctor.checks import NOT_PROVABLE, answered, of_addon, of_scaling, of_trial, of_workload
from eksaddon.app.exit_table import Result, Tally, decide
from eksaddon.app.fleet.fleet import Fleet, find_targets
from eksaddon.app.session import AccessBook, Session
from eksaddon.domain.access.checkup import Check, CheckState, Checkup, Piece
from eksaddon.domain.cause import Trouble
from eksaddon.domain.errors import ExitCode
from eksaddon.domain.observed import Managed, NotInstalled, RegionUnavailable, Unreachable
from eksaddon.domain.plan import WorkloadWrite
from eksaddon.domain.target import ClusterRef, Scope
from eksaddon.domain.workload import NotChecked, Workload


def examine(fleet: Fleet, session: Session, book: AccessBook, *, writes: bool) -> tuple[Checkup, ...]:
    """Return one checkup for each target, and for each account or region that could not be listed.

    Args:
        writes: Also check permissions that only `apply` needs.
    """
    found = find_targets(fleet, session, book)
    names = {target.ref: target.account_name for target in found.targets}
    refs = list(names)
    listed = _listed(refs, session)

    def work(ref: ClusterRef) -> Checkup:
        return Checkup(ref, tuple(_checks(ref, session, listed[ref.scope], writes=writes)), names[ref])

    checkups = [checkup for _, checkup in session.executor.each(refs, work, lane=lambda ref: ref.scope)]
    unreachable = [
        Checkup(target.ref, (_of_scope(observed),), target.account_name)
        for target, observed in found.unreachable
    ]
    return tuple(sorted((*checkups, *unreachable), key=lambda one: one.ref))


def _of_scope(observed: Unreachable | RegionUnavailable) -> Check:
    if isinstance(observed, RegionUnavailable):
        return Check(Piece.ACCOUNT, CheckState.SKIPPED, str(observed.trouble))
    return answered(Piece.ACCOUNT, observed.trouble)


def _listed(refs: Sequence[ClusterRef], session: Session) -> Mapping[Scope, Check]:
    """Check ListClusters explicitly, because `discovery: known` does not call it."""
    scopes = sorted({ref.scope for ref in refs})
    answers = session.executor.each(scopes, session.addons.clusters, lane=lambda scope: scope)
    return {scope: answered(Piece.LIST_CLUSTERS, answer) for scope, answer in answers}


def _checks(ref: ClusterRef, session: Session, listed: Check, *, writes: bool) -> Iterator[Check]:
    observed = session.addons.read(ref)
    yield listed
    yield of_addon(observed)
    namespace = "kube-system"
    if isinstance(observed, Managed):
        namespace = observed.namespace
        schema = session.fetch_schema(ref.scope, observed.version)
        yield answered(Piece.DESCRIBE_CONFIGURATION, schema)
        if writes:
            yield answered(Piece.UPDATES, _updates(ref, session))
            yield NOT_PROVABLE
    if isinstance(observed, Managed | NotInstalled | Unreachable):
        yield from _kubernetes(ref, session, namespace, writes=writes)


def _updates(ref: ClusterRef, session: Session) -> Trouble | None:
    ids = session.addons.updates(ref)
    if isinstance(ids, Trouble):
        return ids
    answers = (session.addons.describe_update(ref, each) for each in ids[:1])
    return next((each for each in answers if isinstance(each, Trouble)), None)


def _kubernetes(ref: ClusterRef, session: Session, namespace: str, *, writes: bool) -> Iterator[Check]:
    state = session.workloads.read(ref, namespace)
    if isinstance(state, Workload):  # an apply gets the Deployment, which a plan finds in a list
        looked = session.workloads.look(ref, namespace)
        state = looked if isinstance(looked, NotChecked) else state
    yield of_workload(state)
    yield from filter(None, (of_scaling(ref, state),))
    if not writes:
        return
    if not isinstance(state, Workload):
        yield Check(Piece.KUBERNETES_PATCH, CheckState.SKIPPED, "not checked because reading failed")
        return
    unchanged = WorkloadWrite(grace_seconds=state.grace_seconds, pre_stop_seconds=None)
    yield of_trial(session.workloads.write(ref, unchanged, namespace, dry_run=True))


def exit_code(checkups: Sequence[Checkup]) -> ExitCode:
    """A target of which nothing could be checked proves nothing, unless it was skipped on purpose."""
    count = Counter(one.verdict for one in checkups)
    targets = len(checkups) - count[CheckState.SKIPPED]
    return decide(
        Result.DOCTOR,
        Tally(targets=targets, lost=count[CheckState.MISSING], unverified=count[CheckState.UNPROVEN]),
    )
