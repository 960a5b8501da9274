"""Checks of PodDisruptionBudgets."""

from collections.abc import Iterator

from eksaddon.rules.audit.facts import AuditFacts, Found
from eksaddon.rules.audit.replicas import replica_count
from eksaddon.rules.pdb_effect import allowed_down
from eksaddon.rules.pdb_keys import pdb_keys

_FIX = "set podDisruptionBudget to {enabled: true, maxUnavailable: 1}"


def budgets(found: AuditFacts) -> Iterator[Found]:
    """The budgets in the cluster, else the one in the add-on's configuration."""
    for one in pdb_keys(found.facts):
        yield Found("budget-invalid", one.diagnostic.summary, one.diagnostic.detail)
    if found.live is None:
        yield from _configured(found)
        return
    names = tuple(each.name for each in found.live.budgets)
    if not names:
        yield Found("no-budget", "no PodDisruptionBudget: a drain may evict all pods together", _FIX)
    elif len(names) > 1:
        yield Found(
            "two-budgets",
            f"{len(names)} PodDisruptionBudgets select the pods ({', '.join(names)}): the API server "
            "refuses every eviction, so node drains hang",
            "delete all but one",
        )
    for each in found.live.budgets:
        down = allowed_down(_amount(each.max_unavailable), _amount(each.min_available), replica_count(found))
        yield from _effect(each.name, down, replica_count(found))


def _configured(found: AuditFacts) -> Iterator[Found]:
    budget = found.facts.group("podDisruptionBudget")
    if budget.get("enabled") is False:
        yield Found(
            "no-budget", "the add-on's PodDisruptionBudget is off: a drain may evict all pods together", _FIX
        )
        return
    count = replica_count(found)
    down = allowed_down(budget.get("maxUnavailable"), budget.get("minAvailable"), count)
    yield from _effect("coredns", down, count)


def _effect(name: str, down: int | None, count: int) -> Iterator[Found]:
    if down is None:
        return
    if down <= 0:
        yield Found(
            "budget-blocks",
            f"PodDisruptionBudget {name} allows no eviction of {count} pods, so node drains hang",
            "allow one eviction: maxUnavailable 1, or minAvailable below the replicas",
        )
    elif down >= count > 1:
        yield Found(
            "budget-protects-nothing",
            f"PodDisruptionBudget {name} allows all {count} pods to be evicted at the same time",
            "lower maxUnavailable, or raise the replicas",
        )


def _amount(text: str) -> int | str | None:
    """Of a budget in the cluster: a number, a percentage, or None if not set."""
    if not text:
        return None
    return int(text) if text.isdecimal() else text
