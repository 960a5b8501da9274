"""Reads from an observation what a fleet file could say about the cluster without changing it."""

from collections.abc import Mapping
from typing import assert_never

from eksaddon.config.fleet import BUDGET, GRACE, LAMEDUCK, PRE_STOP, REPLICAS
from eksaddon.corefile.meaning.durations import short_duration
from eksaddon.domain.json import Json, JsonObject
from eksaddon.domain.observed import Managed
from eksaddon.domain.workload import NotChecked, Workload
from eksaddon.frozen import dataclass
from eksaddon.observe.snapshot import Observation
from eksaddon.plan.corefile_change import Start, corefile_in_force, with_lameduck_text
from eksaddon.plan.corefile_reading import Reading, lameduck_ns, read_corefile
from eksaddon.rules.audit.commands import with_name
from eksaddon.rules.scaled_down import RESTORE, left_down, not_restored
from eksaddon.values import Unreadable, parse_values

FIELDS = (REPLICAS, BUDGET, PRE_STOP, LAMEDUCK, GRACE)
"""Keys of `coredns` that are derived, in the order in which they are written."""

BUDGET_KEYS = frozenset({"enabled", "maxUnavailable", "minAvailable"})
EKS_REPLICAS = 2
"""replicaCount of the add-on where none is stored (source: AWS, managing-coredns)."""


@dataclass(frozen=True, slots=True)
class Held:
    """The cluster has this value, in the form of the fleet file."""

    value: Json


@dataclass(frozen=True, slots=True)
class Unset:
    """Nothing is set; null in the fleet file changes nothing."""


@dataclass(frozen=True, slots=True)
class Unmanaged:
    """Any value, null included, would change or misstate the cluster."""

    reason: str


Fact = Held | Unset | Unmanaged
Facts = Mapping[str, Fact]
"""By key of `coredns`; every key of FIELDS."""


def facts_of(seen: Observation) -> Facts | None:
    """None if nothing can be managed: no add-on, or stored values that cannot be parsed."""
    if not isinstance(seen.observed, Managed):
        return None
    stored = parse_values(seen.observed.text)
    if isinstance(stored, Unreadable):
        return None
    facts: dict[str, Fact] = {
        REPLICAS: _replicas(stored.tree, seen),
        BUDGET: _budget(stored.tree.get(BUDGET)),
    }
    match seen.workload:
        case NotChecked():
            facts |= {PRE_STOP: Unset(), LAMEDUCK: Unset(), GRACE: Unset()}
        case Workload() as workload:
            sleep = workload.pre_stop_seconds
            facts |= {
                PRE_STOP: Held(f"{sleep}s") if sleep else Unset(),
                LAMEDUCK: _lameduck(corefile_of(seen)),
                GRACE: Held(f"{workload.grace_seconds}s"),
            }
        case _:
            assert_never(seen.workload)
    return facts


def corefile_of(seen: Observation) -> Start | None:
    """The Corefile in force; None if it is unknown."""
    if not isinstance(seen.observed, Managed):
        return None
    stored = parse_values(seen.observed.text)
    if isinstance(stored, Unreadable):
        return None
    start = corefile_in_force(seen.observed.version, stored.tree, {}, seen.workload)
    return start if isinstance(start, Start) else None


def reading_of(start: Start | None) -> Reading | None:
    """None for an unknown Corefile, and for one that CoreDNS rejects."""
    found = None if start is None else read_corefile(start.text)
    return found if isinstance(found, Reading) else None


def _replicas(stored: JsonObject, seen: Observation) -> Fact:
    scaling = stored.get("autoScaling")
    if isinstance(scaling, Mapping) and scaling.get("enabled") is True:
        return Unmanaged("the add-on's autoscaling sets the number of pods")
    if isinstance(seen.workload, NotChecked):
        return Unmanaged("the number of running pods could not be read")
    if record := left_down(seen.workload):
        return Unmanaged(f"{not_restored(record)}; {with_name(RESTORE, seen.target.ref)} restores them")
    if seen.workload.scalers:
        return Unmanaged("an autoscaler sets the number of pods")
    count, live = stored.get(REPLICAS), seen.workload.replicas
    if REPLICAS in stored and (isinstance(count, bool) or not isinstance(count, int) or count < 1):
        return Unmanaged("the stored replicaCount is not a number of pods")
    if live > (count if isinstance(count, int) else EKS_REPLICAS):
        return Unmanaged(f"{live} pods run, more than the add-on's configuration has")
    return Held(count) if REPLICAS in stored else Unset()


def _budget(stored: Json) -> Fact:
    if stored is None:
        return Unset()
    if not isinstance(stored, Mapping) or not stored or not stored.keys() <= BUDGET_KEYS:
        return Unmanaged("the stored podDisruptionBudget has keys that the fleet file does not have")
    if None in stored.values():
        return Unmanaged("the stored podDisruptionBudget has an empty value")
    return Held(dict(stored))


def _lameduck(start: Start | None) -> Fact:
    reading = reading_of(start)
    total = lameduck_ns(reading) if reading else 0
    if start is None or not total:
        return Unset()
    text = short_duration(total)
    return Held(text) if with_lameduck_text(start, text) == start.text else Unset()
