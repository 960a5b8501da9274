"""Values for a cluster, each with the sum that it comes from; docs/values.md explains them."""

from eksaddon.domain.kube.readiness import Readiness
from eksaddon.domain.propagation import RECOMMENDED_FACTOR, SHUTDOWN_SECONDS, recommended
from eksaddon.domain.termination import (
    SECOND,
    TerminationSettings,
    Verdict,
    in_seconds,
    timeline,
)
from eksaddon.frozen import dataclass

NODES_PER_REPLICA, CORES_PER_REPLICA = 16, 256
"""Source: EKS user guide, CoreDNS autoscaling: max(nodes / 16, cores / 256)."""

LEAST_REPLICAS, SPARE_REPLICAS = 2, 1
"""One more than the load needs, since a rollout or a node takes one away."""

MOST_REPLICAS = 1000
"""Of replicaCount and autoScaling (source: the add-on's JSON Schema)."""

MOST_NODES = (MOST_REPLICAS - SPARE_REPLICAS) * NODES_PER_REPLICA
MOST_CORES = (MOST_REPLICAS - SPARE_REPLICAS) * CORES_PER_REPLICA
"""Sizes with a recommendation that the add-on accepts."""

READINESS = Readiness(2, 1, 1)
"""Takes a terminating pod out of the node's rules before lameduck ends (measured, docs/probing.md)."""

COMPARED: tuple[tuple[str, int, int, int], ...] = (
    ("EKS's default", 5, 30, 0),
    ("EKS's best practices", 30, 30, 0),
    ("field note 30/30/5", 30, 30, 5),
)
"""Name, lameduck, grace period and preStop in seconds."""


@dataclass(frozen=True, slots=True)
class Size:
    """A cluster.

    Attributes:
        nodes: 0 if unknown, like `cores`.
        autoscaling: The add-on's autoScaling sets the replicas.
    """

    nodes: int = 0
    cores: int = 0
    autoscaling: bool = False


@dataclass(frozen=True, slots=True)
class Value:
    """A recommended value.

    Attributes:
        path: As in the fleet file.
        text: As in the fleet file.
        why: The sum or the reason.
    """

    path: str
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Other settings at the same propagation."""

    name: str
    settings: TerminationSettings
    verdict: Verdict
    answers_ns: int
    cut_ns: int


def values_for(propagation_ns: int, size: Size) -> tuple[Value, ...]:
    """The recommended values; nothing but arithmetic on the arguments."""
    shutdown = recommended(propagation_ns)
    lameduck = in_seconds(shutdown.lameduck_ns)
    count, count_why = replicas_for(size)
    found = [
        Value("replicaCount", str(count), count_why),
        Value(
            "podDisruptionBudget",
            "{enabled: true, maxUnavailable: 1}",
            "one pod at a time; 100 % or 0 would protect nothing or block node drains",
        ),
        Value("preStop", f"{shutdown.pre_stop_seconds}s", "`ready` answers while nodes start to update"),
        Value(
            "lameduck",
            f"{lameduck}s",
            f"{RECOMMENDED_FACTOR} x {in_seconds(propagation_ns)} s of propagation",
        ),
        Value(
            "terminationGracePeriod",
            f"{shutdown.grace_seconds}s",
            f"preStop {shutdown.pre_stop_seconds} s + lameduck {lameduck} s"
            f" + {SHUTDOWN_SECONDS} s to shut down",
        ),
        Value(
            "readinessProbe",
            f"{{periodSeconds: {READINESS.period_seconds}, failureThreshold: {READINESS.failure_threshold}, "
            f"timeoutSeconds: {READINESS.timeout_seconds}}}",
            "clients that keep a source port leave a terminating pod within 2 s",
        ),
    ]
    if size.autoscaling:
        bounds = f"{{enabled: true, minReplicas: {count}, maxReplicas: {min(2 * count, MOST_REPLICAS)}}}"
        why = "never below replicaCount, which every add-on update applies first"
        found.append(Value("configuration.autoScaling", bounds, why))
    return tuple(found)


def replicas_for(size: Size) -> tuple[int, str]:
    """The number of replicas, and how it is calculated."""
    parts = [str(LEAST_REPLICAS)]
    needed = LEAST_REPLICAS
    for amount, each, unit in (
        (size.nodes, NODES_PER_REPLICA, "nodes"),
        (size.cores, CORES_PER_REPLICA, "cores"),
    ):
        if amount:
            needed = max(needed, -(-amount // each))
            parts.append(f"{amount} {unit} / {each}")
    load = f"max({', '.join(parts)})" if len(parts) > 1 else parts[0]
    return needed + SPARE_REPLICAS, f"{load} + {SPARE_REPLICAS} spare"


def comparisons(propagation_ns: int) -> tuple[Comparison, ...]:
    """The usual settings and the recommended ones, worst known first."""
    usual = (
        (name, TerminationSettings(pre_stop, (lameduck * SECOND,), grace, propagation_ns=propagation_ns))
        for name, lameduck, grace, pre_stop in COMPARED
    )
    return tuple(
        Comparison(name, settings, line.verdict, line.answers_ns, line.cut_ns)
        for name, settings in (*usual, ("recommended", recommended(propagation_ns)))
        for line in (timeline(settings),)
    )
