"""Raises facts towards a goal; a value that is stronger already stays."""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum

from eksaddon.app.initial.facts import (
    EKS_REPLICAS,
    Fact,
    Facts,
    Held,
    Unmanaged,
    Unset,
    corefile_of,
    reading_of,
)
from eksaddon.config.fleet import BUDGET, GRACE, LAMEDUCK, PRE_STOP, REPLICAS
from eksaddon.corefile.meaning.durations import short_duration
from eksaddon.domain.json import Json
from eksaddon.domain.propagation import SHUTDOWN_SECONDS, recommended
from eksaddon.domain.termination import DEFAULT_MARGIN_SECONDS, SECOND
from eksaddon.domain.workload import Workload
from eksaddon.frozen import dataclass
from eksaddon.observe.snapshot import Observation


class GoalName(StrEnum):
    """`recommended`: what outlasts the propagation. `lameduck`: as much lameduck as EKS's default fits."""

    RECOMMENDED = "recommended"
    LAMEDUCK = "lameduck"


@dataclass(frozen=True, slots=True)
class Goal:
    """Values to reach; None for those that stay unchanged.

    Attributes:
        budget: podDisruptionBudget for clusters without one of their own.
        fits_grace: Lower the lameduck to what the grace period holds, instead of raising the grace period.
    """

    replicas: int | None = None
    budget: Json = None
    lameduck_ns: int | None = None
    grace_seconds: int | None = None
    pre_stop_seconds: int | None = None
    fits_grace: bool = False


def goal_of(name: GoalName | None, propagation_ns: int) -> Goal:
    """A named goal; without a name nothing is to be reached."""
    settings = recommended(propagation_ns)
    match name:
        case None:
            return Goal()
        case GoalName.RECOMMENDED:
            return Goal(
                replicas=EKS_REPLICAS,
                budget={"enabled": True, "maxUnavailable": 1},
                lameduck_ns=settings.lameduck_ns,
                grace_seconds=settings.grace_seconds,
                pre_stop_seconds=settings.pre_stop_seconds,
            )
        case GoalName.LAMEDUCK:
            return Goal(lameduck_ns=settings.lameduck_ns, fits_grace=True)


def with_own(goal: Goal, own: Goal) -> Goal:
    """The goal with the user's own values instead of its own."""
    given = {
        name: value
        for name in ("replicas", "budget", "lameduck_ns", "grace_seconds", "pre_stop_seconds")
        if (value := getattr(own, name)) is not None
    }
    return replace(goal, **given)


def raised(seen: Observation, facts: Facts, goal: Goal) -> Facts:
    """The facts of a cluster, each unchanged or stronger; unchanged if its pods could not be read."""
    if not isinstance(seen.workload, Workload):
        return facts
    workload = seen.workload
    can_sleep = workload.knows_sleep and not workload.other_pre_stop
    wanted_sleep = max(workload.pre_stop_seconds, goal.pre_stop_seconds or 0)
    sleep = wanted_sleep if can_sleep else workload.pre_stop_seconds
    lameduck = _lameduck_ns(seen, goal, sleep, workload.grace_seconds)
    shutdown = DEFAULT_MARGIN_SECONDS if goal.fits_grace else SHUTDOWN_SECONDS
    is_longer = sleep > workload.pre_stop_seconds or lameduck > _found_ns(seen)
    needed = sleep + -(-lameduck // SECOND) + shutdown if is_longer and not goal.fits_grace else 0
    grace = max(workload.grace_seconds, goal.grace_seconds or 0, needed)
    return {
        REPLICAS: _replicas(facts[REPLICAS], workload.replicas, goal),
        BUDGET: _budget(facts[BUDGET], goal),
        PRE_STOP: Held(f"{sleep}s") if sleep and not workload.other_pre_stop else facts[PRE_STOP],
        LAMEDUCK: Held(short_duration(lameduck)) if lameduck > _found_ns(seen) else facts[LAMEDUCK],
        GRACE: Held(f"{grace}s"),
    }


def _found_ns(seen: Observation) -> int:
    reading = reading_of(corefile_of(seen))
    return sum(max(0, one) for one in reading.nanoseconds) if reading else 0


def _lameduck_ns(seen: Observation, goal: Goal, sleep: int, grace: int) -> int:
    """The lameduck of all server blocks together, which share the grace period."""
    found = _found_ns(seen)
    if goal.lameduck_ns is None or reading_of(corefile_of(seen)) is None:
        return found
    available_ns = max(0, grace - sleep - DEFAULT_MARGIN_SECONDS) * SECOND
    return max(found, min(goal.lameduck_ns, available_ns) if goal.fits_grace else goal.lameduck_ns)


def _replicas(fact: Fact, live: int, goal: Goal) -> Fact:
    if isinstance(fact, Unmanaged) or goal.replicas is None:
        return fact
    stored = fact.value if isinstance(fact, Held) and isinstance(fact.value, int) else EKS_REPLICAS
    wanted = max(goal.replicas, stored, live)
    return Held(wanted) if wanted > stored else fact


def _budget(fact: Fact, goal: Goal) -> Fact:
    if goal.budget is None or isinstance(fact, Unmanaged):
        return fact
    is_off = isinstance(fact, Held) and isinstance(fact.value, Mapping) and fact.value.get("enabled") is False
    return Held(goal.budget) if isinstance(fact, Unset) or is_off else fact
