"""Digest of a plan."""

from collections.abc import Iterable, Iterator
from itertools import chain

from eksaddon.domain.encoding.codec import encode
from eksaddon.domain.json import Json, canonical, canonical_list, digest_of_parts
from eksaddon.domain.plan import ClusterPlan
from eksaddon.domain.rollout.strategy import Strategy


def plan_digest(clusters: Iterable[ClusterPlan], strategy: Strategy | None = None) -> str:
    """SHA-256 over everything that determines the writes, in the plan's order, without the time.

    Args:
        strategy: None without a configured rollout; concurrency and tolerance are then options of the run.
    """
    return digest_of_parts(_parts(clusters, strategy))


def _parts(clusters: Iterable[ClusterPlan], strategy: Strategy | None) -> Iterator[str]:
    """The canonical text of the decisive values, or of a pair of them and the strategy."""
    decisive = canonical_list(map(_decisive, clusters))
    if strategy is None:
        return decisive
    return chain(("[",), decisive, (f",{canonical(encode(strategy))}]",))


def _decisive(cluster: ClusterPlan) -> Json:
    write, workload = cluster.write, cluster.workload
    return {
        "target": str(cluster.target.ref),
        "action": cluster.action,
        "version": cluster.version,
        "fingerprint": cluster.fingerprint,
        "wave": cluster.wave,
        "text": write.text if write else None,
        "toVersion": write.version if write else None,
        "role": write.role_arn if write else None,
        "resolveConflicts": write.resolve_conflicts if write else None,
        "workload": encode(workload) if workload else None,
        "removal": encode(cluster.removal) if cluster.removal else None,
        "kept": encode(cluster.kept) if cluster.kept else None,
        "namespace": cluster.namespace,
        "order": list(cluster.order),
        "cut": list(cluster.cut_ns),
        "unverified": bool(cluster.unverified),
        "liveCorefile": cluster.basis.live_corefile if cluster.basis else "",
        "live": encode(cluster.basis.live) if cluster.basis and cluster.basis.live else None,
        "changes": [[change.plane, change.path, change.before, change.after] for change in cluster.changes],
    }
