"""Time limits of a run for waiting and polling."""

from collections.abc import Mapping
from dataclasses import replace

from eksaddon.frozen import dataclass


@dataclass(frozen=True, slots=True)
class TimeLimits:
    """Limits in seconds; when one is exceeded, the target gets its outcome.

    Attributes:
        busy: Wait for another update to finish, and for 409 responses to stop.
        update: Wait for our update to finish. EKS keeps a rollout that cannot finish InProgress for more
            than 20 minutes (source: aws/containers-roadmap#2242), hence 40 minutes.
        settle: Wait for a transient DEGRADED to clear after a successful update; rolling pods cause one.
        consistency: Wait for EKS to return what it accepted: a new update id, the new document. EKS documents
            no bound.
        reread: Wait for a failing read to succeed.
    """

    busy: float = 1800.0
    update: float = 2400.0
    settle: float = 300.0
    consistency: float = 60.0
    reread: float = 120.0

    def overridden(self, by: Mapping[str, float]) -> "TimeLimits":
        """Return a copy with the named limits replaced."""
        return replace(self, **by)
