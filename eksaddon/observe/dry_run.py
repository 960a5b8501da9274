"""Runs the writes of a plan as dry runs on the API servers."""

from collections.abc import Iterable, Mapping

from eksaddon.domain.json import JsonObject
from eksaddon.domain.kube.apply_answer import Applied, ApplyAnswer
from eksaddon.domain.plan import ClusterPlan
from eksaddon.domain.target import ClusterRef
from eksaddon.domain.workload import Budget, NotChecked
from eksaddon.ports import Executor, WorkloadApi
from eksaddon.schema.pod_template import template_patch
from eksaddon.values import Unreadable, parse_values


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


def removal_trials(
    clusters: Iterable[ClusterPlan], api: WorkloadApi, executor: Executor
) -> Mapping[ClusterRef, ApplyAnswer]:
    """Run one dry run for each cluster whose PodDisruptionBudget the plan deletes."""
    changed = [each for each in clusters if each.removal is not None]

    def ask(each: ClusterPlan) -> ApplyAnswer:
        found = api.budget(each.target.ref, each.namespace)
        if not isinstance(found, Budget):
            return found if isinstance(found, NotChecked) else Applied()
        return api.delete_budget(each.target.ref, found, each.namespace, dry_run=True)

    found = executor.each(changed, ask, lane=lambda one: one.target.ref.scope)
    return {each.target.ref: answer for each, answer in found}


def template_trials(
    clusters: Iterable[ClusterPlan], api: WorkloadApi, executor: Executor
) -> Mapping[ClusterRef, ApplyAnswer]:
    """Run one dry run for each cluster that was read and whose add-on update changes the pod template."""
    patches = {each.target.ref: (each, patch) for each in clusters if (patch := _patch(each)) is not None}

    def ask(ref: ClusterRef) -> ApplyAnswer:
        each, patch = patches[ref]
        return api.try_template(ref, patch, each.namespace)

    return dict(executor.each(patches, ask, lane=lambda ref: ref.scope))


def _patch(cluster: ClusterPlan) -> JsonObject | None:
    write, basis = cluster.write, cluster.basis
    if write is None or basis is None or basis.live is None:
        return None
    before, after = parse_values(write.before), parse_values(write.text)
    if isinstance(before, Unreadable) or isinstance(after, Unreadable):
        return None
    return template_patch(before.tree, after.tree)
