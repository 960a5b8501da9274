"""Generated configurationValues: valid, with a single fault, and junk; the same for the same seed."""

import copy
import random
from collections.abc import Callable, Iterator

from eksaddon.domain.json import Json

Tree = dict[str, Json]

_SCALARS: tuple[Json, ...] = (
    None,
    True,
    False,
    0,
    1,
    -1,
    2,
    3.0,
    3.5,
    1000,
    1001,
    "",
    "x",
    "33",
    "33%",
    "%",
    "abc%",
    "33.3%",
    "150%",
    "033%",
)


_AMOUNTS: tuple[Json, ...] = (0, 1, 2, 5, "0%", "1%", "33%", "100%")


def _amount(dice: random.Random) -> Json:
    return dice.choice(_AMOUNTS)


def _budget(dice: random.Random) -> Json:
    keys = dice.sample(["enabled", "maxUnavailable", "minAvailable"], dice.randint(0, 3))
    every: Tree = {
        "enabled": dice.random() < 0.5,
        "maxUnavailable": _amount(dice),
        "minAvailable": _amount(dice),
    }
    return {key: every[key] for key in keys}


def _scaling(dice: random.Random) -> Json:
    bounds: Tree = {
        key: dice.choice([2, 3, 10, 999, 1000])
        for key in ("minReplicas", "maxReplicas")
        if dice.random() < 0.6
    }
    return {"enabled": dice.random() < 0.5, **bounds}


def _limits(dice: random.Random) -> Json:
    amounts = {"cpu": "100m", "memory": "70Mi"}
    return {key: amounts[key] for key in dice.sample(["cpu", "memory"], dice.randint(0, 2))}


def _resources(dice: random.Random) -> Json:
    return {key: _limits(dice) for key in dice.sample(["limits", "requests"], dice.randint(0, 2))}


def _texts(dice: random.Random) -> Json:
    return {
        dice.choice(["a", "b/c", "enabled"]): dice.choice(["", "true", "x"])
        for _ in range(dice.randint(0, 2))
    }


_VALID: dict[str, Callable[[random.Random], Json]] = {
    "affinity": lambda dice: dice.choice([None, {}, {"affinity": {}}, {"nodeAffinity": {"x": [1]}}]),
    "annotationTopologyMode": lambda dice: dice.choice(["Disabled", "Auto"]),
    "autoScaling": _scaling,
    "computeType": lambda dice: dice.choice(["", "Fargate", "ec2"]),
    "corefile": lambda dice: dice.choice(["", ".:53 {\n    errors\n}\n", "}{"]),
    "nodeSelector": _texts,
    "podAnnotations": lambda dice: dice.choice([{}, {"a": "b"}, {"a": 1}]),
    "podDisruptionBudget": _budget,
    "podLabels": lambda dice: dice.choice([{}, {"a": "b"}, {"a": [None]}]),
    "replicaCount": lambda dice: dice.choice([-1, 0, 1, 2, 3.0, 10**12]),
    "resources": _resources,
    "tolerations": lambda dice: dice.choice([[], [{}], [{"key": "a", "operator": "Exists"}, {"x": 1}]]),
    "topologySpreadConstraints": lambda dice: dice.choice([[], [1, None, "x", {}], [{"maxSkew": 1}]]),
    "trafficDistribution": lambda dice: dice.choice(["PreferSameNode", "PreferSameZone", "PreferClose"]),
}

_NEAR_MISSES = (
    "replicas",
    "lifecycle",
    "terminationGracePeriodSeconds",
    "maxUnavailble",
    "gpu",
    "limit",
    "Corefile",
    "enable",
    "nodesPerReplica",
    "cpuCoresPerReplica",
    *_VALID,
)


def valid(dice: random.Random, keys: frozenset[str]) -> Tree:
    chosen = dice.sample(sorted(keys), dice.randint(0, min(6, len(keys))))
    return {key: _VALID[key](dice) for key in chosen}


def with_a_fault(dice: random.Random, keys: frozenset[str]) -> Tree:
    """Mostly a fault; some of the changes turn out to be allowed."""
    tree = valid(dice, keys)
    while not tree:
        tree = valid(dice, keys)
    places = list(_places(tree))
    holder, key = dice.choice(places)
    if isinstance(holder, dict) and dice.random() < 0.4:
        holder[dice.choice(_NEAR_MISSES)] = copy.deepcopy(dice.choice([*_SCALARS, [], {}]))
    elif isinstance(holder, dict) and dice.random() < 0.3 and holder is not tree:
        del holder[str(key)]
    else:
        holder[key] = copy.deepcopy(dice.choice([*_SCALARS, [], {}, [[]], {"enabled": 1}]))  # type: ignore[index]  # key fits holder
    return tree


def _places(value: Json) -> "Iterator[tuple[dict[str, Json] | list[Json], str | int]]":
    if isinstance(value, dict):
        for key, inner in value.items():
            yield value, key
            yield from _places(inner)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield value, number
            yield from _places(inner)


def junk(dice: random.Random, depth: int = 3) -> Json:
    roll = dice.random()
    if depth == 0 or roll < 0.3:
        return dice.choice(_SCALARS)
    if roll < 0.45:
        return [junk(dice, depth - 1) for _ in range(dice.randint(0, 3))]
    return {dice.choice(_NEAR_MISSES): junk(dice, depth - 1) for _ in range(dice.randint(0, 4))}


def documents(seed: int, keys: frozenset[str], count: int) -> Iterator[tuple[str, Json]]:
    """As many of each kind, named by it."""
    dice = random.Random(seed)
    for _ in range(count // 4):
        yield "valid", valid(dice, keys)
        yield "one fault", with_a_fault(dice, keys)
        yield "one fault", with_a_fault(dice, keys | frozenset(dice.sample(sorted(_VALID), 2)))
        yield "junk", junk(dice)
