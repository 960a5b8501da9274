"""Reads targets while others are still listed, and counts them."""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial

from eksaddon.app.fleet.early import EarlyPlans
from eksaddon.app.session import Session
from eksaddon.domain.observed import Observed
from eksaddon.domain.target import Scope, Target
from eksaddon.observe.snapshot import Observation

Tick = Callable[[int, int, bool], None]
"""Called with the number of targets read, the total, and whether the total is exact.

While accounts and regions are still listed, it is estimated from those that were.
"""


class Reading:
    """A visitor of `discover` that keeps the observations.

    Args:
        early: Begins to plan; None for verbs that do not plan.
    """

    def __init__(self, session: Session, tick: Tick, early: EarlyPlans | None) -> None:
        self.observations: list[Observation] = []
        self._session = session
        self._tick = tick
        self._early = early
        self._remaining: Counter[Scope] = Counter()
        self._expected = self._listed = self._unlisted = 0

    def listed(self, scope: Scope, targets: Sequence[Target], unlisted: int) -> None:
        self._listed, self._unlisted = self._listed + 1, unlisted
        self.expect(targets)
        if not targets:
            self._session.release(scope)

    def expect(self, targets: Sequence[Target]) -> None:
        self._expected += len(targets)
        self._remaining.update(target.ref.scope for target in targets)

    def read(self, target: Target) -> Callable[[], None]:
        return partial(self._count, target, self._session.addons.read(target.ref))

    def _count(self, target: Target, observed: Observed) -> None:
        self.observations.append(Observation(target, observed))
        if self._early is not None:
            self._early.see(target, observed)
        scope = target.ref.scope
        self._remaining[scope] -= 1
        if not self._remaining[scope]:
            del self._remaining[scope]
            self._session.release(scope)
        self._tick(len(self.observations), self._total(), not self._unlisted)

    def _total(self) -> int:
        if not self._unlisted:
            return self._expected
        return round(self._expected * (self._listed + self._unlisted) / self._listed)
