"""A temporary scaling of CoreDNS."""

from eksaddon.frozen import dataclass


@dataclass(frozen=True, slots=True)
class ScaledDown:
    """Replicas that `eksdns prove --scale-to` changed and has not restored.

    Attributes:
        before: What to restore.
        to: What they were set to.
    """

    before: int
    to: int

    @property
    def by_hand(self) -> str:
        """The command of `kubectl` that restores the replicas, but leaves the record."""
        return f"kubectl -n kube-system scale deployment coredns --replicas={self.before}"

    def __str__(self) -> str:
        return f"scaled CoreDNS from {self.before} to {self.to} replicas"
