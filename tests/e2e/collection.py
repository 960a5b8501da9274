"""The collected Corefiles as cases for CoreDNS."""

import functools
from dataclasses import dataclass

from tests.e2e.coredns_release import Case
from tests.support.corefile import collected as collection


@dataclass(frozen=True, slots=True)
class Collected:
    """One of them.

    Attributes:
        kind: As in the collection.
        error: Recorded from CoreDNS 1.14.7; empty where it accepts the file.
    """

    id: str
    kind: str
    case: Case
    error: str


def collected(kind: str = "") -> tuple[Collected, ...]:
    """All of a kind, or all; the test is skipped where the collection is absent."""
    return tuple(one for one in _cases() if kind in {"", one.kind})


@functools.cache
def _cases() -> tuple[Collected, ...]:
    return tuple(
        Collected(one.name, one.kind, Case(one.data, one.env), one.setup_error or one.error)
        for one in collection.collected()
    )
