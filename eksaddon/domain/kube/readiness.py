"""Timing of the readiness probe of the container coredns."""

from collections.abc import Iterator

from eksaddon.frozen import dataclass

PERIOD, FAILURES, TIMEOUT = "periodSeconds", "failureThreshold", "timeoutSeconds"
PROBE = "readinessProbe"
READINESS_PATHS = tuple(f"{PROBE}.{each}" for each in (PERIOD, FAILURES, TIMEOUT))
"""As plans name the fields."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """Fields of a readiness probe, each None if not desired, or if there is no probe.

    Attributes:
        failure_threshold: Failed probes in a row until the pod is not ready.
    """

    period_seconds: int | None = None
    failure_threshold: int | None = None
    timeout_seconds: int | None = None

    def __str__(self) -> str:
        named = (f"{path.partition('.')[2]} {value}" for path, value in self.items)
        return ", ".join(named) or "none"

    @property
    def values(self) -> tuple[int | None, int | None, int | None]:
        """In the order of `READINESS_PATHS`."""
        return self.period_seconds, self.failure_threshold, self.timeout_seconds

    @property
    def items(self) -> Iterator[tuple[str, int]]:
        """The fields that have a value, by path."""
        return (
            (path, each) for path, each in zip(READINESS_PATHS, self.values, strict=True) if each is not None
        )

    @property
    def is_empty(self) -> bool:
        return self.values == (None, None, None)

    def over(self, other: "Readiness") -> "Readiness":
        """These values, and those of the other where there is none."""
        pairs = zip(self.values, other.values, strict=True)
        return Readiness(*(below if own is None else own for own, below in pairs))

    def only(self, other: "Readiness") -> "Readiness":
        """These values of the fields that the other has."""
        pairs = zip(self.values, other.values, strict=True)
        return Readiness(*(None if mask is None else own for own, mask in pairs))

    def agrees_with(self, live: "Readiness") -> bool:
        """Whether every field that has a value has it in the other too."""
        return all(own in {None, have} for own, have in zip(self.values, live.values, strict=True))


NO_READINESS = Readiness()
STOCK_READINESS = Readiness(10, 3, 1)
"""Of EKS's manifest, and Kubernetes' defaults."""


def unready_after(probe: Readiness) -> tuple[int, int]:
    """Seconds from SIGTERM, which closes `ready`, until the pod is not serving: at least, at most.

    Probes continue while a pod terminates, and each opens a new connection (source: kubernetes 1.36.3,
    pkg/kubelet/prober/worker.go).
    """
    known = probe.over(STOCK_READINESS)
    period, failures = known.period_seconds or 0, known.failure_threshold or 0
    return (failures - 1) * period, failures * period
