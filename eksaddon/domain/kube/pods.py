"""Pods of the Service kube-dns, and which of them may still answer a query."""

from collections.abc import Iterable
from dataclasses import field

from eksaddon.frozen import dataclass

TERMINAL = frozenset({"Succeeded", "Failed"})
"""Phases after which no container of the pod runs again (source: Kubernetes, pod lifecycle)."""


@dataclass(frozen=True, slots=True)
class Pod:
    """A pod that the Service's selector matches; pods that differ only by name are equal.

    Attributes:
        grace_seconds: Grace period of its deletion if it is terminating, else of its spec; a deletion can
            shorten it (source: kubelet, setTerminationGracePeriod).
        pre_stop_seconds: Sleep action of its coredns container; 0 for none, or for another kind of hook.
        phase: Pod phase of Kubernetes, such as `Running`.
        is_own: Controlled by a ReplicaSet of the CoreDNS Deployment.
        reads_corefile: Mounts the ConfigMap coredns, so that the Corefile's lameduck applies to it.
        has_run: One of its containers has run; a pod whose image was never pulled has never answered.
        trouble: Why it is not ready, such as `ImagePullBackOff: ...`; empty if nothing is reported.
        template: Its pod-template-hash.
        node: Empty before it is scheduled.
        zone: From the pod's own label, which API servers set since Kubernetes 1.35; usually empty.
        address: IP address; empty before it has one.
        node_address: IP address of its node; empty before it is scheduled.
    """

    name: str = field(compare=False)
    grace_seconds: int
    pre_stop_seconds: int = 0
    phase: str = "Running"
    is_own: bool = True
    reads_corefile: bool = True
    is_ending: bool = False
    is_ready: bool = True
    has_run: bool = True
    trouble: str = ""
    template: str = field(default="", compare=False)
    node: str = field(default="", compare=False)
    zone: str = field(default="", compare=False)
    address: str = field(default="", compare=False)
    node_address: str = field(default="", compare=False)

    @property
    def is_over(self) -> bool:
        return self.phase in TERMINAL

    @property
    def may_answer(self) -> bool:
        """Whether queries can reach it now or later.

        A terminating pod answers during its lameduck although it is no longer ready. A pod that
        never ran can still start, unless it is terminating.
        """
        return not self.is_over and (self.has_run or not self.is_ending)


def own_running(pods: Iterable[Pod]) -> tuple[Pod, ...]:
    """Pods of the CoreDNS Deployment, without terminated ones (Evicted, Failed)."""
    return tuple(pod for pod in pods if pod.is_own and not pod.is_over)
