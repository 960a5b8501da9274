"""For how long a run looks at the same thing again before it gives up."""

from collections.abc import Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class TimeLimits:
    """Bounds, in seconds; past each of them a target gets its outcome.

    Attributes:
        busy: For another update to end before ours may start, and for a 409 to pass.
        update: For our update to end. EKS leaves a rollout that cannot finish InProgress beyond 20 minutes
            (source: aws/containers-roadmap#2242), hence 40 minutes.
        settle: For a passing DEGRADED after a successful update; pods that roll make one.
        consistency: For EKS to show what it has accepted: a fresh update id, the new document. EKS documents
            no bound.
        reread: For a read that fails to work again.
    """

    busy: float = 1800.0
    update: float = 2400.0
    settle: float = 300.0
    consistency: float = 60.0
    reread: float = 120.0

    def overridden(self, by: Mapping[str, float]) -> "TimeLimits":
        """The same limits, but for those that are named."""
        return replace(self, **by)
