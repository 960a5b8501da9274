"""Whether every pod has the grace that a Corefile needs; the guard before each write that raises the need.

A pod is protected where its grace holds its preStop and the lameducks of the Corefile in force. A plan may
say that a part is cut, and whoever approved it accepted that part: no write may cut more than that.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from eksaddon.domain.kube.pods import Pod
from eksaddon.domain.termination import SECOND, in_seconds


@dataclass(frozen=True, slots=True)
class Shortage:
    """A pod, or the template of pods that are yet to start, that would be stopped too early.

    Attributes:
        pod: Its name; empty for the template.
        needed_ns: preStop and lameducks, less what is accepted to be cut.
    """

    pod: str
    grace_seconds: int
    needed_ns: int

    @property
    def cut_ns(self) -> int:
        return self.needed_ns - self.grace_seconds * SECOND

    def __str__(self) -> str:
        what = f"pod {self.pod}" if self.pod else "the pod template"
        return f"{what} has a grace of {self.grace_seconds} s and needs {in_seconds(self.needed_ns)} s"


def needed_ns(pre_stop_seconds: int, lameduck_ns: int) -> int:
    """What a grace has to hold, in nanoseconds; a negative lameduck counts as none."""
    return pre_stop_seconds * SECOND + max(0, lameduck_ns)


def cut_ns(grace_seconds: int, pre_stop_seconds: int, lameduck_ns: int) -> int:
    """How much of preStop and lameduck a grace cuts off, in nanoseconds; 0 where it holds them."""
    return max(0, needed_ns(pre_stop_seconds, lameduck_ns) - grace_seconds * SECOND)


def short_pods(pods: Iterable[Pod], lameduck_ns: int, *, accepted_ns: int = 0) -> tuple[Shortage, ...]:
    """The pods that may still answer and that a Corefile with these lameducks would ask too much of.

    Args:
        lameduck_ns: Of all server blocks together.
        accepted_ns: What may be cut.
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
    """Whether pods of a template would be stopped too early under the Corefile in force."""
    return _shortage("", grace_seconds, needed_ns(pre_stop_seconds, lameduck_ns) - accepted_ns)


def _shortage(pod: str, grace_seconds: int, needed: int) -> Shortage | None:
    return Shortage(pod, grace_seconds, needed) if grace_seconds * SECOND < needed else None


def in_words(shortages: Iterable[Shortage]) -> str:
    """The first one, and how many more there are."""
    first, *more = shortages
    return f"{first}" + (
        f" ({len(more)} more pods too)" if len(more) > 1 else f" ({more[0]})" if more else ""
    )
