"""The shutdown settings that are compared."""

from dataclasses import dataclass

from eksaddon.domain.propagation import recommended
from eksaddon.domain.termination import SECOND, TerminationSettings, Timeline, Verdict, timeline

STOCK_PROBE = (10.0, 3)
"""EKS's readiness probe: period in seconds, failures until not ready."""

FAST_PROBE = (2.0, 1)


@dataclass(frozen=True, slots=True)
class Setting:
    """Seconds of a shutdown.

    Attributes:
        readiness: Period of the readiness probe, and failures until the pod counts as not ready.
    """

    lameduck: int
    grace: int
    pre_stop: int
    readiness: tuple[float, int] = STOCK_PROBE

    @property
    def text(self) -> str:
        return f"{self.lameduck}/{self.grace}/{self.pre_stop}"

    @property
    def answers_seconds(self) -> int:
        return self._timeline(0).answers_seconds

    def verdict(self, propagation: float) -> Verdict:
        return self._timeline(propagation).verdict

    def _timeline(self, propagation: float) -> Timeline:
        length = round(propagation * SECOND)
        lameducks = (self.lameduck * SECOND,)
        return timeline(TerminationSettings(self.pre_stop, lameducks, self.grace, propagation_ns=length))


PROPAGATIONS = (1, 5, 10, 30)
RECOMMENDED, FAST = "recommended", "recommended, readiness 2 s x 1"
FIXED = {
    "EKS's default": Setting(5, 30, 0),
    "30/30/5": Setting(30, 30, 5),
    "20/45/5": Setting(20, 45, 5),
    "30/20/0": Setting(30, 20, 0),
    "0/30/0": Setting(0, 30, 0),
}


def settings_for(propagation: int) -> dict[str, Setting]:
    """Each row of the table, with what eksdns recommends for this propagation."""
    found = recommended(propagation * SECOND)
    lameduck = found.lameduck_ns // SECOND
    advised = (lameduck, found.grace_seconds, found.pre_stop_seconds)
    return {**FIXED, RECOMMENDED: Setting(*advised), FAST: Setting(*advised, readiness=FAST_PROBE)}
