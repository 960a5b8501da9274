"""The workload plane: what runs, as the Kubernetes API tells it."""

from dataclasses import dataclass

STOCK_GRACE_SECONDS = 30
"""Kubernetes' default terminationGracePeriodSeconds, which EKS leaves as it is."""


@dataclass(frozen=True, slots=True)
class Workload:
    """The CoreDNS Deployment and its ConfigMap.

    Attributes:
        pre_stop_seconds: The sleep action's seconds; 0 where there is no preStop.
        corefile: The live ConfigMap's Corefile; None where the ConfigMap is absent.
    """

    replicas: int
    grace_seconds: int
    pre_stop_seconds: int
    corefile: str | None


@dataclass(frozen=True, slots=True)
class NotChecked:
    """The workload plane was not looked at, and so is never in sync."""

    reason: str


WorkloadState = Workload | NotChecked
