"""Rollouts of the CoreDNS Deployment brought to a point and held there, under the real controllers."""

from collections.abc import Callable
from dataclasses import dataclass

from eksaddon.domain.desired import ResolveConflicts
from tests.e2e.kube.cluster.addon_manager import Updated, update
from tests.e2e.kube.cluster.addon_objects import Release
from tests.e2e.kube.cluster.api import Document
from tests.e2e.kube.cluster.control_plane import EKS, Server
from tests.e2e.kube.cluster.kubelet import Kubelet
from tests.e2e.kube.cluster.processes import until
from tests.e2e.kube.edits import eksdns_applies

HOLD_SECONDS = 30.0
DEADLINE_SECONDS = 1
"""The Deployment's own; EKS says 600."""


@dataclass(frozen=True, slots=True)
class Rollout:
    """Both hold the world still: no step happens but by `reach`."""

    server: Server
    kubelet: Kubelet

    @classmethod
    def begun(cls, server: Server) -> "Rollout":
        """The add-on is installed and runs, eksdns's patch is written, no new pod is ready yet."""
        rollout = cls(server, Kubelet(server.api()))
        installed = update(
            server.api(EKS), Release(progress_deadline=DEADLINE_SECONDS), ResolveConflicts.NONE
        )
        assert installed == Updated(), installed
        rollout.reach(rollout.is_complete, "the add-on runs")
        rollout.kubelet.ends_pods = rollout.kubelet.starts_pods = False
        eksdns_applies(45, 5)(server)
        return rollout

    def reach(self, holds: Callable[[], bool], what: str) -> None:
        """Lets scheduler and kubelet work until it holds."""

        def turned() -> bool:
            self.kubelet.turn()
            return holds()

        until(turned, seconds=HOLD_SECONDS, what=what)

    @property
    def deployment(self) -> Document:
        return self.server.api().get("Deployment", "coredns")

    @property
    def status(self) -> Document:
        found: Document = self.deployment["status"]
        return found

    def is_observed(self) -> bool:
        return _is_observed(self.deployment)

    def is_complete(self) -> bool:
        """As `kubectl rollout status` has it: pods that are still ending do not count."""
        found = self.deployment
        status, wanted = found["status"], found["spec"]["replicas"]
        counts = {status.get(name) for name in ("replicas", "updatedReplicas", "availableReplicas")}
        return _is_observed(found) and counts == {wanted}

    def progressing(self) -> tuple[str, str]:
        """Status and reason of the condition."""
        for condition in self.status.get("conditions", []):
            if condition["type"] == "Progressing":
                return condition["status"], condition["reason"]
        return "", ""

    def is_past_its_deadline(self) -> bool:
        return self.progressing() == ("False", "ProgressDeadlineExceeded")

    def is_stuck(self) -> bool:
        """The counts too: on a busy machine the deadline can pass before the ReplicaSets are scaled."""
        counts = self.status.get("availableReplicas"), self.status.get("unavailableReplicas")
        return self.is_past_its_deadline() and _is_observed(self.deployment) and counts == (1, 2)

    def ending(self) -> int:
        return sum("deletionTimestamp" in pod["metadata"] for pod in self.server.api().items("Pod"))


def _is_observed(deployment: Document) -> bool:
    return bool(deployment["status"].get("observedGeneration") == deployment["metadata"]["generation"])
