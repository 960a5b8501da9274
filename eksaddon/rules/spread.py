"""How strongly a configuration keeps pods apart, by topology key; pure.

Label selectors are not compared: a constraint counts for the pods regardless of what it selects.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import total_ordering
from types import MappingProxyType

from eksaddon.domain.json import Json, JsonObject
from eksaddon.frozen import dataclass

ZONE, HOST = "topology.kubernetes.io/zone", "kubernetes.io/hostname"
REQUIRED, PREFERRED = 2, 1


@total_ordering
@dataclass(frozen=True, slots=True)
class Strength:
    """How strongly pods are kept apart.

    Attributes:
        rank: REQUIRED or PREFERRED.
        degree: More is stronger, among those of one rank.
        text: As the field has it.
    """

    rank: int
    degree: int
    text: str

    def __lt__(self, other: "Strength") -> bool:
        return (self.rank, self.degree) < (other.rank, other.degree)

    def __str__(self) -> str:
        return self.text


DEFAULT_SPREAD: Mapping[str, Strength] = MappingProxyType(
    {ZONE: Strength(PREFERRED, -1, "ScheduleAnyway with maxSkew 1")}
)
DEFAULT_ANTI_AFFINITY: Mapping[str, Strength] = MappingProxyType(
    {HOST: Strength(PREFERRED, 100, "preferred with weight 100")}
)
"""Of the Deployment that EKS brings (source: EKS's CoreDNS manifests for Kubernetes 1.28 to 1.36)."""

_UNSATISFIABLE = MappingProxyType({"DoNotSchedule": REQUIRED, "ScheduleAnyway": PREFERRED})


def topology_spread(values: JsonObject, *, is_default: bool) -> Mapping[str, Strength]:
    """By topologyKey; EKS's own constraint where the configuration names none.

    Args:
        is_default: Whether the add-on's version has one.
    """
    found = values.get("topologySpreadConstraints")
    if found is None:
        return DEFAULT_SPREAD if is_default else {}
    return _strongest(each for item in _items(found) for each in _constraint(item))


def anti_affinity(values: JsonObject) -> Mapping[str, Strength]:
    """By topologyKey; EKS's own terms where the configuration has no `affinity`."""
    affinity = values.get("affinity")
    if affinity is None:
        return DEFAULT_ANTI_AFFINITY
    pods = _mapping(_mapping(affinity).get("podAntiAffinity"))
    required = _items(pods.get("requiredDuringSchedulingIgnoredDuringExecution"))
    preferred = _items(pods.get("preferredDuringSchedulingIgnoredDuringExecution"))
    return _strongest(
        (
            *(each for item in required for each in _term(item, Strength(REQUIRED, 0, "required"))),
            *(each for item in preferred for each in _weighted(item)),
        )
    )


def _constraint(item: Mapping[str, Json]) -> Iterator[tuple[str, Strength]]:
    when, skew = item.get("whenUnsatisfiable"), item.get("maxSkew")
    rank = _UNSATISFIABLE.get(when if isinstance(when, str) else "")
    if rank is not None and isinstance(skew, int):
        yield from _term(item, Strength(rank, -skew, f"{when} with maxSkew {skew}"))


def _weighted(item: Mapping[str, Json]) -> Iterator[tuple[str, Strength]]:
    weight = item.get("weight")
    if isinstance(weight, int):
        strength = Strength(PREFERRED, weight, f"preferred with weight {weight}")
        yield from _term(_mapping(item.get("podAffinityTerm")), strength)


def _term(item: Mapping[str, Json], strength: Strength) -> Iterator[tuple[str, Strength]]:
    key = item.get("topologyKey")
    if isinstance(key, str):
        yield key, strength


def _strongest(found: Iterable[tuple[str, Strength]]) -> Mapping[str, Strength]:
    strongest: dict[str, Strength] = {}
    for key, strength in found:
        strongest[key] = max(strength, strongest.get(key, strength))
    return strongest


def _items(value: Json) -> Iterator[Mapping[str, Json]]:
    found = value if isinstance(value, Sequence) and not isinstance(value, str) else ()
    yield from (each for each in found if isinstance(each, Mapping))


def _mapping(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}
