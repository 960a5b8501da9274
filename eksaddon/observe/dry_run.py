"""Runs the server-side applies of a plan as dry runs."""

from collections.abc import Iterable, Mapping

from eksaddon.domain.kube.apply_answer import ApplyAnswer
from eksaddon.domain.plan import ClusterPlan
from eksaddon.domain.target import ClusterRef
from eksaddon.ports import Executor, WorkloadApi


def trials(
    clusters: Iterable[ClusterPlan], api: WorkloadApi, executor: Executor
) -> Mapping[ClusterRef, ApplyAnswer]:
    """Run one dry run for each cluster whose Deployment the plan changes."""
    changed = [each for each in clusters if each.workload is not None]

    def ask(each: ClusterPlan) -> ApplyAnswer:
        write = each.workload
        assert write is not None  # noqa: S101  # as chosen above
        return api.write(each.target.ref, write, each.namespace, force=write.force, dry_run=True)

    found = executor.each(changed, ask, lane=lambda one: one.target.ref.scope)
    return {each.target.ref: answer for each, answer in found}
