"""Lists accounts and regions, and reads the targets of one while others are still listed."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

from eksaddon.discover.values import Place
from eksaddon.domain.cause import Trouble
from eksaddon.domain.target import Scope, Target
from eksaddon.ports import AddonApi, Executor

Names = tuple[str, ...] | Trouble


class Visitor(Protocol):
    """Reads each target once; all methods but `read` are called in one thread."""

    def listed(self, scope: Scope, targets: Sequence[Target], unlisted: int) -> None:
        """An account and region was listed, or could not be; its targets are read next.

        Args:
            unlisted: Number of accounts and regions that remain.
        """
        ...

    def expect(self, targets: Sequence[Target]) -> None:
        """Further targets, which are read next."""
        ...

    def read(self, target: Target) -> Callable[[], None]:
        """Read a target, in any thread; the result is called in the thread of the other methods."""
        ...


class NoVisitor:
    """Reads nothing."""

    def listed(self, scope: Scope, targets: Sequence[Target], unlisted: int) -> None: ...

    def expect(self, targets: Sequence[Target]) -> None: ...

    def read(self, target: Target) -> Callable[[], None]:
        raise AssertionError(target)


def visit(
    places: Sequence[Place],
    record: Callable[[Place, Names], Sequence[Target]],
    api: AddonApi,
    executor: Executor,
    visitor: Visitor,
) -> None:
    """List each account and region, and read its targets before others are begun.

    So only a few accounts and regions have a client at a time, and no thread waits for the last list.

    Args:
        record: Takes the names of a place, in this thread; the targets to read.
    """
    unlisted = len(places)

    def listed(place: Place, names: Names) -> Sequence[Target]:
        nonlocal unlisted
        unlisted -= 1
        targets = record(place, names)
        visitor.listed(place.scope, targets, unlisted)
        return targets

    def call(one: Place | Target) -> Callable[[], Sequence[Target]]:
        if isinstance(one, Target):
            return partial(_read, visitor.read(one))
        return partial(listed, one, api.clusters(one.scope))

    begun: Sequence[Place | Target] = places
    for _ in executor.each(begun, call, lane=_scope, further=lambda _, then: then()):
        pass


def read_all(targets: Sequence[Target], executor: Executor, visitor: Visitor) -> None:
    """Read targets that are already known."""
    visitor.expect(targets)
    for _, then in executor.each(targets, visitor.read, lane=_scope):
        then()


def _read(then: Callable[[], None]) -> Sequence[Target]:
    then()
    return ()


def _scope(one: Place | Target) -> Scope:
    return one.scope if isinstance(one, Place) else one.ref.scope
