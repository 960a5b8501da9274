"""Reads targets while others are still listed; counts them and starts the calls that planning needs."""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial

from eksaddon.app.fleet.fleet import Fleet
from eksaddon.app.session import Session
from eksaddon.domain.observed import Managed, Observed
from eksaddon.domain.target import Scope, Target
from eksaddon.observe.schemas import EarlySchemas
from eksaddon.observe.snapshot import Observation

Tick = Callable[[int, int], None]
"""Called with the number of targets read and the total; while accounts and regions are still listed, each of
them counts as one target."""


class Reading:
    """A visitor of `discover` that keeps the observations.

    Args:
        early: Starts the schema calls of installed versions; None for none.
    """

    def __init__(self, fleet: Fleet, session: Session, tick: Tick, early: EarlySchemas | None) -> None:
        self.observations: list[Observation] = []
        self._session = session
        self._tick = tick
        self._early = early
        self._resolver = fleet.resolver(session.clock.now())
        self._remaining: Counter[Scope] = Counter()
        self._expected = self._unlisted = 0

    def listed(self, scope: Scope, targets: Sequence[Target], unlisted: int) -> None:
        self._unlisted = unlisted
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
        if self._early and isinstance(observed, Managed) and self._early.lacks(observed.version):
            keeps_version = self._resolver.resolve(target).version is None
            if keeps_version:
                self._early.ask(observed.version, observed.ref.scope)
        scope = target.ref.scope
        self._remaining[scope] -= 1
        if not self._remaining[scope]:
            del self._remaining[scope]
            self._session.release(scope)
        self._tick(len(self.observations), self._expected + self._unlisted)
