"""Audits every cluster in scope; reads only."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from eksaddon.app.exit_table import Result, Tally, decide
from eksaddon.app.fail_on import AuditFailOn
from eksaddon.app.fleet.fleet import Fleet
from eksaddon.app.fleet.plan import Seen
from eksaddon.app.session import Session
from eksaddon.domain.audit.network import NetworkSeen
from eksaddon.domain.audit.surroundings import ClusterFacts, ClusterSeen, Surroundings, VpcSeen
from eksaddon.domain.audit.verdict import AuditWord, Level
from eksaddon.domain.cause import Trouble
from eksaddon.domain.errors import ExitCode
from eksaddon.domain.kube.pods import own_running
from eksaddon.domain.observed import Managed, NotInstalled
from eksaddon.domain.target import ClusterRef
from eksaddon.domain.versions.offered import VersionList
from eksaddon.domain.workload import NotChecked, Workload, WorkloadState
from eksaddon.observe.snapshot import NO_WORKLOAD_PLANE, Observation
from eksaddon.plan.audit import Look, audit
from eksaddon.report.model.audited import Examined
from eksaddon.rules.audit.commands import for_cluster

_NOTHING = Look(NO_WORKLOAD_PLANE, ClusterFacts(), NO_WORKLOAD_PLANE)


def examine(fleet: Fleet, session: Session, seen: Seen) -> tuple[Examined, ...]:
    """One verdict for each target, in their order; clusters that run CoreDNS are read further."""
    relevant = [one for one in seen.observations if isinstance(one.observed, Managed | NotInstalled)]
    looked = {
        one.target.ref: found
        for one, found in session.executor.each(
            relevant, lambda one: _look(one, session), lane=lambda one: one.target.ref.scope
        )
    }
    now = session.clock.now()
    resolver, today = fleet.resolver(now), datetime.fromtimestamp(now, UTC).date()

    def verdict(one: Observation) -> Examined:
        desired = resolver.resolve(one.target)
        look = replace(looked.get(one.target.ref, _NOTHING), owner=desired.owner)
        found = audit(one.observed, look, propagation=desired.propagation, today=today)
        return Examined(one.target, one.observed, for_cluster(found, one.target.ref))

    return tuple(verdict(one) for one in seen.observations)


def _look(one: Observation, session: Session) -> Look:
    ref = one.target.ref
    namespace = one.observed.namespace if isinstance(one.observed, Managed) else "kube-system"
    cluster, workload = session.clusters.cluster(ref), session.workloads.read(ref, namespace)
    return Look(
        workload,
        cluster,
        _around(ref, workload, namespace, session),
        _offer(one, cluster, session),
        _vpc(one, cluster, session),
        network=_network(ref, cluster, workload, session),
    )


def _vpc(one: Observation, cluster: ClusterSeen, session: Session) -> VpcSeen | None:
    if not isinstance(cluster, ClusterFacts) or not cluster.vpc:
        return None
    return session.vpcs.vpc_dns(one.target.ref.scope, cluster.vpc)


def _network(
    ref: ClusterRef, cluster: ClusterSeen, workload: WorkloadState, session: Session
) -> NetworkSeen | None:
    if not isinstance(cluster, ClusterFacts) or not cluster.vpc:
        return None
    running = own_running(workload.pods) if isinstance(workload, Workload) else ()
    return session.vpcs.dns_network(ref, cluster, [pod for pod in running if not pod.is_ending])


def _offer(one: Observation, cluster: ClusterSeen, session: Session) -> VersionList | Trouble | None:
    """Read once for each region and Kubernetes version."""
    if not isinstance(one.observed, Managed) or not isinstance(cluster, ClusterFacts):
        return None
    return session.versions.offered(one.target.ref.scope, cluster.kubernetes)


def _around(
    ref: ClusterRef, workload: WorkloadState, namespace: str, session: Session
) -> Surroundings | NotChecked:
    if not isinstance(workload, Workload):
        return workload
    nodes = (pod.node for pod in workload.pods if pod.node and not pod.zone and not pod.is_over)
    return session.surroundings.surroundings(ref, nodes, namespace)


def exit_code(rows: Sequence[Examined], fail_on: AuditFailOn | None) -> ExitCode:
    """Failures come first: targets that could not be read, then those at or above the level."""
    return decide(
        Result.AUDIT,
        Tally(
            targets=len(rows),
            lost=_count(rows, AuditWord.UNREACHABLE),
            unverified=_count(rows, AuditWord.UNVERIFIED),
            failing=sum(1 for one in rows if fail_on and any(_levels(one, fail_on))),
            ignored=fail_on is AuditFailOn.NEVER,
        ),
    )


def _count(rows: Sequence[Examined], word: AuditWord) -> int:
    return sum(1 for one in rows if one.verdict.word is word)


def _levels(one: Examined, fail_on: AuditFailOn) -> Iterator[bool]:
    order = list(Level)
    if fail_on is not AuditFailOn.NEVER:
        worst = order.index(Level(fail_on.value))
        yield from (order.index(reason.level) <= worst for reason in one.verdict.reasons)
