"""weakens-dns: what protects cluster DNS before a plan and after it; pure.

Counted are replicas, lameduck, preStop, the grace period, the PodDisruptionBudget and the spread over nodes
and zones. A change that only moves protection from one place to another does not weaken it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.json import Json, JsonObject
from eksaddon.domain.termination import in_seconds
from eksaddon.domain.weakening import Weakening
from eksaddon.frozen import dataclass
from eksaddon.rules.pdb_effect import allowed_down
from eksaddon.rules.spread import Strength, anti_affinity, topology_spread

RULE = "weakens-dns"
GRACE, PRE_STOP = "terminationGracePeriodSeconds", "lifecycle.preStop"
BUDGET = "podDisruptionBudget"
DEFAULT_UNAVAILABLE = 1
"""maxUnavailable of the budget that EKS brings (source: AWS, managing-coredns)."""


@dataclass(frozen=True, slots=True)
class Protection:
    """What keeps cluster DNS answering while pods end and nodes go away.

    Attributes:
        replicas: That run, or the fewest that the configuration allows.
        values: configurationValues.
        lameduck_ns: Of all server blocks together; None where it is not known.
        is_zone_spread: Whether EKS spreads the pods over zones where the configuration names no constraint.
    """

    replicas: int
    values: JsonObject
    lameduck_ns: int | None
    grace_seconds: int
    pre_stop_seconds: int
    is_zone_spread: bool = True


def weakenings(before: Protection, after: Protection) -> tuple[Weakening, ...]:
    """What is weaker afterwards, the number of pods first."""
    return (
        *_replicas(before, after),
        *_most_replicas(before.values, after.values),
        *shorter_lameduck(before.lameduck_ns, after.lameduck_ns),
        *_seconds(GRACE, "grace period", before.grace_seconds, after.grace_seconds),
        *_seconds(PRE_STOP, "preStop", before.pre_stop_seconds, after.pre_stop_seconds),
        *_budget(before, after),
        *_spread(before, after),
    )


def weakening_findings(found: Sequence[Weakening], *, is_allowed: bool) -> Iterator[Diagnostic]:
    """One finding for all of them: an error without consent, a note with it."""
    if not found:
        return
    what = ", ".join(map(str, found))
    if is_allowed:
        yield Diagnostic(Severity.INFO, RULE, f"weakens DNS: {what}")
        return
    detail = "--allow-weaken (fleet file: allowWeaken) applies it"
    yield Diagnostic(Severity.ERROR, RULE, f"weakens DNS: {what}", detail)


def is_scaled(values: JsonObject) -> bool:
    """Whether the add-on's own autoscaling is on."""
    return _group(values, "autoScaling").get("enabled") is True


def _group(values: JsonObject, key: str) -> Mapping[str, Json]:
    found = values.get(key)
    return found if isinstance(found, Mapping) else {}


def _replicas(before: Protection, after: Protection) -> Iterator[Weakening]:
    if after.replicas < before.replicas:
        path = "autoScaling" if is_scaled(after.values) else "replicaCount"
        yield Weakening(path, "replicas", str(before.replicas), str(after.replicas))


def _most_replicas(before: JsonObject, after: JsonObject) -> Iterator[Weakening]:
    if not (is_scaled(before) and is_scaled(after)):
        return
    was, will = (_group(each, "autoScaling").get("maxReplicas") for each in (before, after))
    if isinstance(was, int) and isinstance(will, int) and will < was:
        yield Weakening("autoScaling.maxReplicas", "maximum of replicas", str(was), str(will))


def shorter_lameduck(before: int | None, after: int | None) -> Iterator[Weakening]:
    """Args: in nanoseconds, of all server blocks together; None where it is not known."""
    if before is not None and after is not None and after < before:
        yield Weakening("corefile", "lameduck", _span(before), _span(after))


def _span(nanoseconds: int) -> str:
    return f"{in_seconds(nanoseconds)} s" if nanoseconds else "none"


def _seconds(path: str, setting: str, before: int, after: int) -> Iterator[Weakening]:
    if after < before:
        yield Weakening(path, setting, f"{before} s", f"{after} s" if after else "none")


def _budget(before: Protection, after: Protection) -> Iterator[Weakening]:
    was, will = _group(before.values, BUDGET), _group(after.values, BUDGET)
    if was.get("enabled") is False:
        return
    if will.get("enabled") is False:
        yield Weakening(BUDGET, "PodDisruptionBudget", _budget_text(was), "off")
        return
    pods = max(before.replicas, after.replicas)
    down_before, down_after = _down(was, pods), _down(will, pods)
    if down_before is not None and down_after is not None and down_before < down_after:
        yield Weakening(BUDGET, "PodDisruptionBudget", _budget_text(was), _budget_text(will))


def _down(budget: Mapping[str, Json], pods: int) -> int | None:
    """How many of these pods may be evicted together; None where the budget is not readable."""
    most, least = budget.get("maxUnavailable"), budget.get("minAvailable")
    if most is None and least is None:
        most = DEFAULT_UNAVAILABLE
    return allowed_down(most, least, pods)


def _budget_text(budget: Mapping[str, Json]) -> str:
    found = [f"{key} {budget[key]}" for key in ("minAvailable", "maxUnavailable") if key in budget]
    return ", ".join(found) or f"maxUnavailable {DEFAULT_UNAVAILABLE}"


def _spread(before: Protection, after: Protection) -> Iterator[Weakening]:
    was = topology_spread(before.values, is_default=before.is_zone_spread)
    will = topology_spread(after.values, is_default=after.is_zone_spread)
    yield from _less_spread("topologySpreadConstraints", "spread over", was, will)
    was, will = (anti_affinity(each.values) for each in (before, after))
    yield from _less_spread("affinity", "anti-affinity on", was, will)


def _less_spread(
    path: str, setting: str, before: Mapping[str, Strength], after: Mapping[str, Strength]
) -> Iterable[Weakening]:
    for key, was in before.items():
        will = after.get(key)
        if will is None or will < was:
            yield Weakening(path, f"{setting} {key}", str(was), "none" if will is None else str(will))
