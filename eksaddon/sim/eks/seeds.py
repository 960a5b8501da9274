"""Initial state of clusters and add-ons."""

from collections.abc import Mapping
from dataclasses import field

from eksaddon.domain.json import Json
from eksaddon.frozen import dataclass
from eksaddon.sim.addon.catalogue import COREDNS
from eksaddon.sim.addon.lifecycle import NO_FOREIGN_VALUES, Addon, PodIdentity, Stored
from eksaddon.sim.addon.update_script import Course, Problem
from eksaddon.sim.addon.values import DEFAULT_REPLICAS, NO_VALUES, Values, ValuesError, parse


@dataclass(frozen=True, slots=True)
class AddonSeed:
    """The initial state of an add-on.

    Attributes:
        text: configurationValues verbatim and not validated, because stored values can be anything.
        foreign: Values in force of other field managers, by key.
        replicas: Replicas wanted by the autoscaler if it is enabled.
        script: Courses of the next updates; later ones succeed.
    """

    version: str
    text: str | None = None
    name: str = COREDNS
    status: str = "ACTIVE"
    issues: tuple[Problem, ...] = ()
    role_arn: str = ""
    pod_identities: tuple[PodIdentity, ...] = ()
    foreign: Mapping[str, Json] = field(default_factory=lambda: NO_FOREIGN_VALUES)
    replicas: int = DEFAULT_REPLICAS
    script: tuple[Course, ...] = ()
    namespace: str = "kube-system"
    tags: tuple[tuple[str, str], ...] = ()


def planted(seed: AddonSeed, uid: str, created_at: float) -> Addon:
    live = Values({**_parsed(seed.text).keys, **seed.foreign}) if seed.foreign else _parsed(seed.text)
    return Addon(
        seed.name,
        uid,
        Stored(seed.version, seed.text, seed.role_arn, seed.pod_identities),
        created_at,
        created_at,
        status=seed.status,
        issues=seed.issues,
        live=live,
        foreign=seed.foreign,
        demand=seed.replicas,
        least=max(seed.replicas, live.least_replicas) if live.autoscaled else live.replicas,
        script=seed.script,
        namespace=seed.namespace,
        tags=seed.tags,
    )


def _parsed(text: str | None) -> Values:
    try:
        return parse(text)
    except ValuesError:
        return NO_VALUES
