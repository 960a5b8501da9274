"""The workload plane of those targets that it matters for."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from eksaddon.domain.observed import Managed
from eksaddon.domain.target import Target
from eksaddon.domain.workload import WorkloadState
from eksaddon.observe.snapshot import Observation
from eksaddon.ports import Executor, WorkloadApi


def with_workloads(
    observations: Iterable[Observation],
    wanted: Callable[[Target], bool],
    api: WorkloadApi,
    executor: Executor,
) -> tuple[Observation, ...]:
    """The same observations, with what runs where somebody wants to know it and an add-on is there."""
    found = tuple(observations)
    asked = [each for each in found if isinstance(each.observed, Managed) and wanted(each.target)]
    told = dict(_read(asked, api, executor))
    return tuple(replace(each, workload=told[each.target]) if each.target in told else each for each in found)


def _read(
    asked: Iterable[Observation], api: WorkloadApi, executor: Executor
) -> Iterator[tuple[Target, WorkloadState]]:
    def read(each: Observation) -> WorkloadState:
        namespace = each.observed.namespace if isinstance(each.observed, Managed) else "kube-system"
        return api.read(each.target.ref, namespace)

    for each, state in executor.each(asked, read, lane=lambda one: one.target.ref.scope):
        yield each.target, state
