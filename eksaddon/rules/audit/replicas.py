"""Checks of the number of replicas and of what changes it."""

from collections.abc import Iterator, Mapping

from eksaddon.rules.audit.facts import AuditFacts, Found
from eksaddon.rules.autoscaling_bounds import autoscaling_bounds
from eksaddon.rules.pdb_effect import DEFAULT_REPLICAS
from eksaddon.rules.scaled_down import how_to_restore, left_down, scaled_down

_ENOUGH = 2


def replicas(found: AuditFacts) -> Iterator[Found]:
    count = replica_count(found)
    record = left_down(found.live) if found.live else None
    fix = "set replicaCount to 2 or more" if record is None else how_to_restore(record)
    if count < 1:
        yield Found("no-replica", f"{count} replicas: cluster DNS is off", fix)
    elif count < _ENOUGH:
        yield Found(
            "one-replica",
            "one replica: DNS is interrupted whenever its pod restarts or its node is replaced",
            fix,
        )


def proofs(found: AuditFacts) -> Iterator[Found]:
    """What an interrupted `eksdns prove --scale-to` has left."""
    left = scaled_down(found.live) if found.live else None
    if found.live is None or left is None:
        return
    check = "scaled-down" if left_down(found.live) else "scaling-record"
    yield Found(check, left.summary, left.detail)


def replica_count(found: AuditFacts) -> int:
    """Live replicas, else those of the configuration."""
    if found.live is not None:
        return found.live.replicas
    count = found.facts.integer("replicaCount")
    scaling = _scaling(found)
    least = scaling.get("minReplicas") if scaling else None
    chosen = least if scaling else count
    return chosen if isinstance(chosen, int) and not isinstance(chosen, bool) else DEFAULT_REPLICAS


def _scaling(found: AuditFacts) -> Mapping[str, object]:
    """The add-on's autoScaling if it is enabled; empty otherwise."""
    scaling = found.facts.group("autoScaling")
    return scaling if scaling.get("enabled") is True else {}


def scaling(found: AuditFacts) -> Iterator[Found]:
    for one in autoscaling_bounds(found.facts):
        yield Found("scaling-bounds", one.diagnostic.summary, one.diagnostic.detail)
    live = found.live.scalers if found.live else ()
    lowest = [scaler.least for scaler in live if scaler.least is not None]
    least = _scaling(found).get("minReplicas")
    lowest += [least] if isinstance(least, int) else []
    if lowest and min(lowest) < _ENOUGH:
        yield Found(
            "scaling-bounds",
            f"autoscaling may go down to {min(lowest)} replica",
            "set its minimum to 2 or more; EKS advises more than 2",
        )
    scalers = _scalers(found)
    if len(scalers) > 1:
        yield Found(
            "two-scalers", f"several autoscalers set the replicas: {', '.join(scalers)}", "keep one of them"
        )


def _scalers(found: AuditFacts) -> tuple[str, ...]:
    """Without the HorizontalPodAutoscaler that KEDA makes for a ScaledObject, `keda-hpa-NAME`."""
    live = found.live.scalers if found.live else ()
    named = [f"{each.kind} {each.name}" for each in live if not each.name.startswith("keda-hpa-")]
    return (*named, *(["the add-on's autoScaling"] if _scaling(found) else []))


def scaling_reset(found: AuditFacts) -> Iterator[Found]:
    """Every add-on update first applies replicaCount (source: aws/containers-roadmap#2540)."""
    scalers = _scalers(found)
    if found.addon is None or found.live is None or not scalers:
        return
    count = found.facts.integer("replicaCount")
    after = DEFAULT_REPLICAS if count is None else count
    if after < found.live.replicas:
        yield Found(
            "scaling-reset",
            f"{scalers[0]} runs {found.live.replicas} replicas; the next add-on update first sets {after}",
            f"set replicaCount to {found.live.replicas} or more",
        )
