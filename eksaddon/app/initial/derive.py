"""Splits the facts of a fleet into a baseline and few overrides."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from eksaddon.app.initial.cover import Cover, Criteria
from eksaddon.app.initial.facts import FIELDS, Fact, Facts, Held, Unmanaged, Unset
from eksaddon.config.fleet import BUDGET
from eksaddon.domain.json import Json, JsonObject, canonical
from eksaddon.domain.target import Target
from eksaddon.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Override:
    match: Criteria
    values: JsonObject


@dataclass(frozen=True, slots=True)
class Derived:
    """The desired state of a fleet.

    Attributes:
        shares: For each field of the baseline, the number of clusters with this value.
        clusters: Number of clusters that it was derived from.
    """

    baseline: JsonObject
    overrides: tuple[Override, ...]
    shares: Mapping[str, int]
    clusters: int


def derive(fleet: Mapping[Target, Facts]) -> Derived:
    """The most common value of each field, and what differs from it."""
    baseline: dict[str, Json] = {}
    shares: dict[str, int] = {}
    for field in FIELDS:
        value, count = _most_common([facts[field] for facts in fleet.values()])
        if count:
            baseline[field], shares[field] = value, count
    groups: dict[str, list[Target]] = defaultdict(list)
    values: dict[str, JsonObject] = {}
    for target, facts in fleet.items():
        if differing := _differing(baseline, facts):
            key = canonical(differing)
            groups[key].append(target)
            values[key] = differing
    cover = Cover(fleet)
    overrides = tuple(
        Override(criteria, values[key])
        for key, group in sorted(groups.items(), key=lambda one: (-len(one[1]), one[0]))
        for criteria in cover.matches(group)
    )
    return Derived(baseline, overrides, shares, len(fleet))


def _most_common(facts: list[Fact]) -> tuple[Json, int]:
    """The value and the number of its clusters; none if a cluster must not get it, or most have no value."""
    if any(isinstance(fact, Unmanaged) for fact in facts):
        return None, 0
    counts: dict[str, int] = defaultdict(int)
    values: dict[str, Json] = {}
    for fact in facts:
        if isinstance(fact, Held):
            counts[canonical(fact.value)] += 1
            values[canonical(fact.value)] = fact.value
    best = max(counts, key=lambda key: (counts[key], key), default="")
    unset = len(facts) - sum(counts.values())
    return (values[best], counts[best]) if best and counts[best] >= unset else (None, 0)


def _differing(baseline: JsonObject, facts: Facts) -> JsonObject:
    return dict(_differences(baseline, facts))


def _differences(baseline: JsonObject, facts: Facts) -> Iterator[tuple[str, Json]]:
    for field in FIELDS:
        fact = facts[field]
        if isinstance(fact, Held) and fact.value != baseline.get(field):
            yield field, _laid_over(baseline.get(field), fact.value) if field == BUDGET else fact.value
        elif isinstance(fact, Unset) and field in baseline:
            yield field, None


def _laid_over(below: Json, value: Json) -> Json:
    """A mapping that is merged key by key: keys of the baseline that it does not have are null."""
    if isinstance(below, Mapping) and isinstance(value, Mapping):
        return {**{key: None for key in below if key not in value}, **value}
    return value
