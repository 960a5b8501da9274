"""The observed state of targets."""

from collections.abc import Callable, Iterable

from eksaddon.domain.observed import Managed, Observed
from eksaddon.domain.target import ClusterRef, Scope, Target
from eksaddon.domain.workload import NotChecked, WorkloadState
from eksaddon.frozen import dataclass

NO_WORKLOAD_PLANE = NotChecked("the workload plane was not checked", is_chosen=True)


@dataclass(frozen=True, slots=True)
class Observation:
    target: Target
    observed: Observed
    workload: WorkloadState = NO_WORKLOAD_PLANE


def versions(
    observations: Iterable[Observation], moved: Callable[[ClusterRef], str | None] = lambda _: None
) -> dict[str, tuple[Scope, ...]]:
    """Distinct add-on versions with the scopes that have them, in order.

    Args:
        moved: The version that a cluster moves to; None if it keeps the installed one.
    """
    scopes: dict[str, dict[Scope, None]] = {}
    for observation in observations:
        match observation.observed:
            case Managed(ref=ClusterRef() as ref, version=version):
                scopes.setdefault(moved(ref) or version, {})[ref.scope] = None
            case _:
                pass
    return {version: tuple(found) for version, found in sorted(scopes.items())}
