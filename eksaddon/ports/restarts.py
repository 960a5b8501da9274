"""What ends CoreDNS pods on purpose."""

from typing import Protocol

from eksaddon.domain.kube.scaled import ScaledDown
from eksaddon.domain.target import ClusterRef
from eksaddon.domain.workload import NotChecked


class RestartApi(Protocol):
    """Replaces or scales the CoreDNS pods of a cluster; does not raise for what a cluster answers."""

    def restart(self, ref: ClusterRef, at: str, namespace: str = "kube-system") -> NotChecked | None:
        """As `kubectl rollout restart`: a new template that differs in an annotation only.

        Args:
            at: The annotation's value, a time in RFC 3339.
        """
        ...

    def scale(
        self,
        ref: ClusterRef,
        replicas: int | None,
        record: ScaledDown | None,
        namespace: str = "kube-system",
    ) -> NotChecked | None:
        """Set the replicas, and in the same write the record of what to restore.

        Args:
            replicas: None to leave them as they are.
            record: None to remove it.
        """
        ...
