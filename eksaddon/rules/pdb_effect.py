"""pdb-blocks-evictions, pdb-protects-nothing: compare a PodDisruptionBudget with the replicas."""

import math
from collections.abc import Iterator

from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.json import Json
from eksaddon.rules.facts import Facts, Finding

BLOCKS = "pdb-blocks-evictions"
NOTHING = "pdb-protects-nothing"
DEFAULT_REPLICAS = 2
"""Default of replicaCount (source: AWS user guide, CoreDNS add-on)."""
PATHS = ("podDisruptionBudget", "replicaCount", "autoScaling")


def pdb_effect(facts: Facts) -> Iterator[Finding]:
    budget = facts.group("podDisruptionBudget")
    if budget.get("enabled") is False:
        return
    replicas = least_replicas(facts)
    unavailable = allowed_down(budget.get("maxUnavailable"), budget.get("minAvailable"), replicas)
    if unavailable is None:
        return
    if unavailable <= 0:
        yield Finding(
            Diagnostic(
                Severity.ERROR,
                BLOCKS,
                f"the PodDisruptionBudget allows no eviction of {replicas} pods, so node drains hang",
                "allow one eviction: maxUnavailable 1, or minAvailable below replicaCount",
            ),
            PATHS,
        )
    elif unavailable >= replicas:
        yield Finding(
            Diagnostic(
                Severity.WARNING,
                NOTHING,
                f"the PodDisruptionBudget allows all {replicas} pods to be evicted at the same time",
                "raise replicaCount, or lower maxUnavailable",
            ),
            PATHS,
        )


def least_replicas(facts: Facts) -> int:
    """The minimum number of intended replicas."""
    scaling = facts.group("autoScaling")
    least = scaling.get("minReplicas")
    if scaling.get("enabled") is True:
        return least if isinstance(least, int) else DEFAULT_REPLICAS
    count = facts.integer("replicaCount")
    return DEFAULT_REPLICAS if count is None else count


def allowed_down(max_unavailable: Json, min_available: Json, replicas: int) -> int | None:
    """Number of pods that may be unavailable; None if the budget cannot be read.

    Percentages round up (source: Kubernetes, "Specifying a Disruption Budget").
    """
    if replicas < 1:
        return None
    down = _pods(max_unavailable, replicas)
    if down is not None:
        return down
    up = _pods(min_available, replicas)
    return None if up is None else replicas - up


def _pods(amount: Json, replicas: int) -> int | None:
    if isinstance(amount, int) and not isinstance(amount, bool):
        return amount
    if isinstance(amount, str) and amount.endswith("%") and amount[:-1].isdecimal():
        return math.ceil(replicas * int(amount[:-1]) / 100)
    return None
