"""The pods behind the Service kube-dns, and which of them may still answer a query."""

from collections.abc import Iterable
from dataclasses import dataclass, field

TERMINAL = frozenset({"Succeeded", "Failed"})
"""Phases after which no container of the pod runs again (source: Kubernetes, pod lifecycle)."""


@dataclass(frozen=True, slots=True)
class Pod:
    """A pod that the Service's selector matches; pods that differ by name alone are equal.

    Attributes:
        grace_seconds: The grace of its deletion once it is ending, else that of its spec; a deletion may
            shorten it (source: kubelet, setTerminationGracePeriod).
        pre_stop_seconds: Of a sleep hook of its coredns container; 0 for none, or for another kind.
        phase: As Kubernetes has it, such as `Running`.
        is_own: A ReplicaSet of the CoreDNS Deployment controls it.
        reads_corefile: It mounts the ConfigMap coredns, and so gets the Corefile's lameduck.
        has_run: One of its containers has run; a pod whose image was never pulled cannot have answered.
        trouble: Why it is not ready, as `ImagePullBackOff: ...`; empty where nothing is reported.
        template: Its pod-template-hash.
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

    @property
    def is_over(self) -> bool:
        return self.phase in TERMINAL

    @property
    def may_answer(self) -> bool:
        """Whether queries may reach it now or later.

        A pod that is ending answers through its lameduck although it is not ready any more. One that
        never ran may still start, unless it is ending.
        """
        return not self.is_over and (self.has_run or not self.is_ending)


def own_running(pods: Iterable[Pod]) -> tuple[Pod, ...]:
    """The CoreDNS Deployment's own pods, without those that ended (Evicted, Failed)."""
    return tuple(pod for pod in pods if pod.is_own and not pod.is_over)
