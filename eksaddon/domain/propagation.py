"""How long nodes keep sending new flows to a pod after its deletion, and the settings that cover that time.

A deleted pod must answer until the rules of the last node no longer lead to it, during preStop and lameduck
(source: kubernetes 1.36.3, pkg/proxy/topology.go; an endpoint stops being ready at the deletion, regardless
of its readiness probe). Flows that a client keeps on one source port stay longer (docs/probing.md).
"""

from eksaddon.domain.termination import SECOND, TerminationSettings, in_seconds
from eksaddon.frozen import dataclass

DEFAULT_NS = 10 * SECOND
"""The upper end of EKS's guidance, 1 to 10 s by cluster size (source: aws-eks-best-practices#314)."""

RECOMMENDED_PRE_STOP = 5
"""Seconds before SIGTERM, during which `ready` still answers."""

RECOMMENDED_FACTOR = 2
"""Lameduck as a multiple of the propagation, which is longer under load than when it was measured."""

SHUTDOWN_SECONDS = 20
"""Part of the grace period for the shutdown of the process; covers every timeout of CoreDNS's servers."""


@dataclass(frozen=True, slots=True)
class Propagation:
    """The figure that a cluster's settings are compared with.

    Attributes:
        nanoseconds: From a pod's deletion to the last new flow that reaches it.
        is_default: It was not set.
    """

    nanoseconds: int = DEFAULT_NS
    is_default: bool = True

    def __str__(self) -> str:
        return f"{in_seconds(self.nanoseconds)} s of propagation" + (" (default)" if self.is_default else "")


DEFAULT = Propagation()


def recommended(propagation_ns: int) -> TerminationSettings:
    """The settings for a propagation, in whole seconds; at 10 s preStop 5, lameduck 20, grace 45."""
    lameduck = -(-RECOMMENDED_FACTOR * propagation_ns // SECOND)
    return TerminationSettings(
        RECOMMENDED_PRE_STOP,
        (lameduck * SECOND,),
        RECOMMENDED_PRE_STOP + lameduck + SHUTDOWN_SECONDS,
        propagation_ns=propagation_ns,
    )


def recommended_values(propagation_ns: int) -> str:
    """The values, as `preStop 5s, lameduck 20s and terminationGracePeriod 45s`."""
    settings = recommended(propagation_ns)
    return (
        f"preStop {settings.pre_stop_seconds}s, lameduck {in_seconds(settings.lameduck_ns)}s and "
        f"terminationGracePeriod {settings.grace_seconds}s"
    )


def recommended_calculation(propagation_ns: int) -> str:
    """Where the values come from, as `lameduck = 2 x 10 s, grace = 5 + 20 + 20 s`."""
    settings = recommended(propagation_ns)
    lameduck = in_seconds(settings.lameduck_ns)
    return (
        f"lameduck = {RECOMMENDED_FACTOR} x {in_seconds(propagation_ns)} s of propagation, "
        f"grace = {settings.pre_stop_seconds} + {lameduck} + {SHUTDOWN_SECONDS} s to shut down"
    )
