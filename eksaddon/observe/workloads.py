"""Reads the workload plane of the targets that need it."""

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
    """Add the live workload to observations with an add-on for which `wanted` is true."""
    found = tuple(observations)
    relevant = [each for each in found if isinstance(each.observed, Managed) and wanted(each.target)]
    workloads = dict(_read(relevant, api, executor))
    return tuple(
        replace(each, workload=workloads[each.target]) if each.target in workloads else each for each in found
    )


def _read(
    relevant: Iterable[Observation], api: WorkloadApi, executor: Executor
) -> Iterator[tuple[Target, WorkloadState]]:
    def read(each: Observation) -> WorkloadState:
        namespace = each.observed.namespace if isinstance(each.observed, Managed) else "kube-system"
        return api.read(each.target.ref, namespace)

    for each, state in executor.each(relevant, read, lane=lambda one: one.target.ref.scope):
        yield each.target, state
