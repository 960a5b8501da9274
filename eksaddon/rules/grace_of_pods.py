"""Checks that every pod has sufficient grace for a Corefile, before each write that requires more.

A pod is protected if its grace covers its preStop and the lameducks of the Corefile in force. A plan can
show that a part is cut, and approving it accepts that part; no write may cut more.
"""

from collections.abc import Iterable

from eksaddon.domain.kube.pods import Pod
from eksaddon.domain.termination import SECOND, in_seconds
from eksaddon.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Shortage:
    """A pod, or the template of future pods, that would be stopped too early.

    Attributes:
        pod: Name of the pod; empty for the template.
        needed_ns: preStop and lameducks, minus the accepted cut.
    """

    pod: str
    grace_seconds: int
    needed_ns: int

    @property
    def cut_ns(self) -> int:
        return self.needed_ns - self.grace_seconds * SECOND

    def __str__(self) -> str:
        what = f"pod {self.pod}" if self.pod else "the pod template"
        return (
            f"{what} has a grace period of {self.grace_seconds} s, but needs {in_seconds(self.needed_ns)} s"
        )


def needed_ns(pre_stop_seconds: int, lameduck_ns: int) -> int:
    """Required grace in nanoseconds; a negative lameduck counts as none."""
    return pre_stop_seconds * SECOND + max(0, lameduck_ns)


def cut_ns(grace_seconds: int, pre_stop_seconds: int, lameduck_ns: int) -> int:
    """How much of preStop and lameduck a grace cuts off, in nanoseconds; 0 if it is sufficient."""
    return max(0, needed_ns(pre_stop_seconds, lameduck_ns) - grace_seconds * SECOND)


def short_pods(pods: Iterable[Pod], lameduck_ns: int, *, accepted_ns: int = 0) -> tuple[Shortage, ...]:
    """Pods that may still answer and whose grace is insufficient for these lameducks.

    Args:
        lameduck_ns: Total of all server blocks.
        accepted_ns: Accepted cut.
    """
    found = (
        _shortage(pod.name, pod.grace_seconds, needed_ns(pod.pre_stop_seconds, lameduck_ns) - accepted_ns)
        for pod in pods
        if pod.may_answer and pod.reads_corefile
    )
    return tuple(each for each in found if each is not None)


def short_template(
    grace_seconds: int, pre_stop_seconds: int, lameduck_ns: int, *, accepted_ns: int = 0
) -> Shortage | None:
    """The shortage of a template's pods under the Corefile in force; None without one."""
    return _shortage("", grace_seconds, needed_ns(pre_stop_seconds, lameduck_ns) - accepted_ns)


def _shortage(pod: str, grace_seconds: int, needed: int) -> Shortage | None:
    return Shortage(pod, grace_seconds, needed) if grace_seconds * SECOND < needed else None


def in_words(shortages: Iterable[Shortage]) -> str:
    """Describe the first shortage, and count the others."""
    first, *more = shortages
    return f"{first}" + (
        f" ({len(more)} more pods too)" if len(more) > 1 else f" ({more[0]})" if more else ""
    )
