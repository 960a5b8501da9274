"""`eksdns prove --scale-to`: what is scaled, who else scales it, and how the replicas are restored."""

from collections.abc import Iterator

from eksaddon.app.session import Session
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.kube.scaled import ScaledDown
from eksaddon.domain.target import ClusterRef, Target
from eksaddon.domain.workload import Budget, NotChecked, Scaler, ScalerKind, Workload
from eksaddon.frozen import dataclass
from eksaddon.rules.audit.commands import with_name
from eksaddon.rules.scaled_down import RESTORE

_ACTS = {
    ScalerKind.HORIZONTAL: "stops at 0 replicas and scales again after they are restored",
    ScalerKind.PROPORTIONAL: "sets the replicas again at its next poll, by default within 10 s",
    ScalerKind.KEDA: "sets the replicas again at its next poll, by default within 30 s",
}
"""What an autoscaler does meanwhile (sources: Kubernetes, HPA algorithm: 0 replicas switch it off;
cluster-proportional-autoscaler 1.10, --poll-period-seconds; KEDA 2.18, pollingInterval).
"""

_ABOVE_ZERO = "sets the replicas again, by default within 15 s"
"""What a HorizontalPodAutoscaler does above 0 (source: --horizontal-pod-autoscaler-sync-period)."""


@dataclass(frozen=True, slots=True)
class Scaling:
    """A temporary scaling.

    Attributes:
        unread: Why some kinds of autoscalers could not be looked for; usually empty.
    """

    record: ScaledDown
    budgets: tuple[Budget, ...] = ()
    scalers: tuple[Scaler, ...] = ()
    unread: str = ""


def plan_scaling(found: Workload, to: int, label: str) -> Scaling:
    """Raises EksdnsError where this is not a scaling down."""
    if to >= found.replicas:
        raise EksdnsError(
            f"{label}: CoreDNS has {found.replicas} replicas, and --scale-to {to} does not lower them",
            hint="choose a lower number",
            exit_code=ExitCode.REFUSED,
        )
    record = ScaledDown(found.replicas, to)
    return Scaling(record, found.budgets, found.scalers, found.scalers_unread)


def scaling_lines(found: Scaling, grace: int, ref: ClusterRef) -> Iterator[str]:
    """What users have to know before they confirm. Not escaped."""
    before, to = found.record.before, found.record.to
    left = f"{to} pods are" if to != 1 else "1 pod is"
    yield f"  until the ended pods are gone (at most {grace} s each) and new ones are ready, {left} left"
    if not to:
        yield "  DNS in the cluster fails meanwhile"
    for each in found.budgets:
        bound = f"minAvailable {each.min_available}" if each.min_available else ""
        bound = bound or f"maxUnavailable {each.max_unavailable}"
        yield f"  PodDisruptionBudget {each.name} ({bound}) does not protect the pods: a scaling evicts none"
    for one in found.scalers:
        acts = _ABOVE_ZERO if to and one.kind is ScalerKind.HORIZONTAL else _ACTS[one.kind]
        yield f"  autoscaler {one}: {acts}"
    if found.unread:
        yield f"  autoscalers may be missing here: {found.unread}"
    yield "  EKS's own autoscaling of the add-on, if it is enabled, can also change the replicas"
    yield (
        f"  the {before} replicas are restored in any case; if this process is killed, run "
        f"{with_name(RESTORE, ref)}, or: {found.record.by_hand}"
    )


def restore_left(session: Session, target: Target) -> str:
    """Restore the replicas of an interrupted proof and describe that; empty if there is nothing to restore.

    Replicas that were changed since then are kept.

    Raises:
        EksdnsError: The cluster cannot be read or written.
    """
    found = session.workloads.read(target.ref)
    if isinstance(found, NotChecked):
        raise EksdnsError(f"{target.label}: {found.reason}", hint=found.hint)
    record = found.scaled_down
    if record is None:
        return ""
    is_as_left = found.replicas == record.to
    answer = session.restarts.scale(target.ref, record.before if is_as_left else None, None)
    if answer is not None:
        raise EksdnsError(
            f"{target.label}: an interrupted proof scaled CoreDNS from {record.before} to {record.to} "
            f"replicas, and they could not be restored: {answer.reason}",
            hint=record.by_hand,
        )
    if not is_as_left:
        return (
            f"an interrupted proof scaled CoreDNS from {record.before} to {record.to} replicas; it has "
            f"{found.replicas} now, which stay"
        )
    return f"restored the {record.before} replicas that an interrupted proof had scaled to {record.to}"
