"""pdb-blocks-evictions, pdb-protects-nothing: compare a PodDisruptionBudget with the replicas."""

import math
from collections.abc import Iterator, Mapping

from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.json import Json, JsonObject
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
    replicas = least_replicas(facts.values)
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


def least_replicas(values: JsonObject) -> int:
    """The fewest replicas that a configuration allows."""
    scaling = values.get("autoScaling")
    count = values.get("replicaCount")
    if isinstance(scaling, Mapping) and scaling.get("enabled") is True:
        count = scaling.get("minReplicas")
    return count if isinstance(count, int) and not isinstance(count, bool) else DEFAULT_REPLICAS


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
