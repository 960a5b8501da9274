"""The inputs of a plan, saved so that its checks can be repeated without AWS."""

from enum import StrEnum

from eksaddon.domain.propagation import DEFAULT, Propagation
from eksaddon.frozen import dataclass


class GraceSource(StrEnum):
    """Source of the effective terminationGracePeriodSeconds."""

    DESIRED = "desired"
    LIVE = "live"
    STOCK = "stock"


class CorefileBase(StrEnum):
    """The Corefile that a plan is based on."""

    STORED = "stored"
    DESIRED = "desired"
    LIVE = "live"
    PACKAGED = "packaged"
    INFERRED = "inferred"
    NOT_MANAGED = "not managed"


class PodsState(StrEnum):
    """How far the pods are with the Deployment's template.

    Attributes:
        STEADY: The last rollout is complete.
        REPLACED: All have one template, and some are not available, such as after a node is drained.
        ROLLING: Some have an older template.
        STUCK: The rollout does not continue.
    """

    STEADY = "steady"
    REPLACED = "replaced"
    ROLLING = "rolling"
    STUCK = "stuck"


@dataclass(frozen=True, slots=True)
class LiveBase:
    """What a plan read of the live objects and relies on, in addition to Corefile and replicas.

    Attributes:
        pre_stop_seconds: 0 for none.
        hook: Kind of a preStop handler that is not a sleep; usually empty.
        is_scaled: An autoscaler may change the replicas.
    """

    grace_seconds: int
    pre_stop_seconds: int
    hook: str = ""
    is_scaled: bool = False
    pods: PodsState = PodsState.STEADY


@dataclass(frozen=True, slots=True)
class Basis:
    """The planner's inputs for one target.

    Attributes:
        stored: configurationValues verbatim; None if they were never set.
        corefile: The Corefile that the plan starts from; None if unknown.
        grace_seconds: Effective terminationGracePeriodSeconds after the plan.
        pre_stop_seconds: Effective preStop sleep after the plan; 0 for none.
        live_replicas: None if the Deployment was not read.
        live_lameduck_ns: Sum over the live Corefile's server blocks; None if it was not read or is invalid.
        preserved: Keys whose live values were set by other field managers; `preserve` keeps them.
        strict: Warnings block.
        propagation: What the settings have to carry.
        kubernetes: Version of the API server, as (1, 34); (0, 0) where it is not known.
        live_corefile: Digest of the Corefile in the ConfigMap; empty if none was read.
        allows_weakening: The user accepted less protection.
        live: None if the live objects were not read.
        allows_downgrade: The user accepted an older add-on version.
        offered_at: When the list was read that `default`, `latest` or `>=` chose the version from, in seconds
            since the epoch; 0 if the version was not chosen from a list.
    """

    stored: str | None
    corefile: str | None
    base: CorefileBase
    grace_seconds: int
    grace_source: GraceSource
    pre_stop_seconds: int
    live_replicas: int | None = None
    live_lameduck_ns: int | None = None
    preserved: tuple[str, ...] = ()
    strict: bool = False
    propagation: Propagation = DEFAULT
    kubernetes: tuple[int, int] = (0, 0)
    live_corefile: str = ""
    allows_weakening: bool = False
    live: LiveBase | None = None
    allows_downgrade: bool = False
    offered_at: float = 0.0
