"""A temporary scaling of CoreDNS."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ScaledDown:
    """Replicas that `eksdns prove --scale-to` changed and has not restored.

    Attributes:
        before: What to restore.
        to: What they were set to.
    """

    before: int
    to: int
