"""What a plan was made from, so that its checks can be repeated without AWS."""

from dataclasses import dataclass
from enum import StrEnum


class GraceSource(StrEnum):
    """Where the terminationGracePeriodSeconds that counts comes from."""

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


@dataclass(frozen=True, slots=True)
class Basis:
    """What the planner saw of one target.

    Attributes:
        stored: configurationValues verbatim; None where they were never set.
        corefile: The Corefile that the plan starts from; None where it is not known.
        grace_seconds: terminationGracePeriodSeconds as it counts after the plan.
        pre_stop_seconds: The preStop sleep as it counts after the plan; 0 for none.
        live_replicas: None where the Deployment was not read.
        strict: Warnings about the termination budget block.
    """

    stored: str | None
    corefile: str | None
    base: CorefileBase
    grace_seconds: int
    grace_source: GraceSource
    pre_stop_seconds: int
    live_replicas: int | None = None
    strict: bool = False
