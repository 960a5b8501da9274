"""Applies the results of dry runs to a plan: rejected changes are blocked; pure."""

from collections.abc import Mapping
from dataclasses import replace
from typing import assert_never

from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.kube.apply_answer import (
    Applied,
    ApplyAnswer,
    ApplyConflict,
    Overridden,
    WriteForbidden,
    WriteNotSent,
    WriteRefused,
)
from eksaddon.domain.plan import Action, ClusterPlan, Plan
from eksaddon.domain.target import ClusterRef
from eksaddon.domain.workload import NotChecked
from eksaddon.plan.digest import plan_digest


def with_trials(plan: Plan, answers: Mapping[ClusterRef, ApplyAnswer], *, writes: bool = False) -> Plan:
    """The plan with the results of its dry runs.

    Args:
        writes: The plan will be executed with the credentials of the dry runs.
    """
    if not answers:
        return plan
    clusters = tuple(
        tried(each, answers[each.target.ref], writes=writes) if each.target.ref in answers else each
        for each in plan.clusters
    )
    return replace(plan, clusters=clusters, digest=plan_digest(clusters))


def tried(cluster: ClusterPlan, answer: ApplyAnswer, *, writes: bool = False) -> ClusterPlan:
    """Block a cluster whose dry run failed; both planes, because they belong together."""
    match answer:
        case Applied():
            return cluster
        case ApplyConflict():
            summary = f"the API server would reject the apply: {answer.owners}"
            return blocked(cluster, "apply-conflict", summary, answer.remedy)
        case WriteRefused(reason=reason, hint=hint):
            return blocked(cluster, "apply-refused", f"the API server would reject the apply: {reason}", hint)
        case Overridden():
            summary = f"admission changes the applied values: {answer}"
            hint = "a mutating webhook or policy sets it; exclude the Deployment coredns there"
            return blocked(cluster, "apply-overridden", summary, hint)
        case WriteForbidden(reason=reason, hint=hint) if writes:
            return blocked(cluster, "apply-forbidden", f"the Deployment cannot be written: {reason}", hint)
        case WriteForbidden(reason=reason) | WriteNotSent(reason=reason) | NotChecked(reason=reason):
            note = Diagnostic(
                Severity.INFO,
                "apply-not-tried",
                f"grace period and preStop could not be validated by a server-side dry run: {reason}",
                "planning needs no write permission; apply reports any conflict",
            )
            return _noted(cluster, note)
        case _:
            assert_never(answer)


def with_removal_trials(
    plan: Plan, answers: Mapping[ClusterRef, ApplyAnswer], *, writes: bool = False
) -> Plan:
    """The plan with the results of dry runs of the deletions of PodDisruptionBudgets.

    Args:
        writes: As in `with_trials`.
    """
    if not answers:
        return plan
    clusters = tuple(
        removal_tried(each, answers[each.target.ref], writes=writes)
        if each.target.ref in answers and each.removal is not None
        else each
        for each in plan.clusters
    )
    return replace(plan, clusters=clusters, digest=plan_digest(clusters))


def removal_tried(cluster: ClusterPlan, answer: ApplyAnswer, *, writes: bool = False) -> ClusterPlan:
    """Block a cluster whose budget cannot be deleted; all its writes, because they belong together."""
    match answer:
        case Applied() | Overridden() | ApplyConflict():  # of a conflict only its status was newer
            return cluster
        case WriteRefused(reason=reason, hint=hint):
            summary = f"the API server would reject the deletion of the PodDisruptionBudget: {reason}"
            return blocked(cluster, "pdb-refused", summary, hint)
        case WriteForbidden(reason=reason, hint=hint) if writes:
            return blocked(
                cluster, "pdb-forbidden", f"the PodDisruptionBudget cannot be deleted: {reason}", hint
            )
        case WriteForbidden(reason=reason) | WriteNotSent(reason=reason) | NotChecked(reason=reason):
            summary = f"the deletion of the PodDisruptionBudget could not be validated by a dry run: {reason}"
            return _noted(cluster, Diagnostic(Severity.INFO, "pdb-not-tried", summary))
        case _:
            assert_never(answer)


def with_template_trials(plan: Plan, answers: Mapping[ClusterRef, ApplyAnswer]) -> Plan:
    """The plan with the results of dry runs of the Deployment as the add-on update will make it."""
    if not answers:
        return plan
    clusters = tuple(
        template_tried(each, answers[each.target.ref]) if each.target.ref in answers else each
        for each in plan.clusters
    )
    return replace(plan, clusters=clusters, digest=plan_digest(clusters))


def template_tried(cluster: ClusterPlan, answer: ApplyAnswer) -> ClusterPlan:
    """Block a cluster whose Deployment would be invalid.

    EKS writes with its own credentials, so that a webhook's or policy's answer to ours proves nothing.
    """
    match answer:
        case Applied() | ApplyConflict() | Overridden():
            return cluster
        case WriteRefused(reason=reason, is_invalid=True):
            summary = f"the API server would reject the Deployment with these values: {reason}"
            return blocked(cluster, TEMPLATE, summary, "EKS accepts the update, which then fails")
        case WriteRefused(reason=reason, hint=hint):
            summary = f"the API server rejects the Deployment with these values for this role: {reason}"
            return _noted(cluster, Diagnostic(Severity.WARNING, TEMPLATE, summary, hint))
        case WriteForbidden(reason=reason) | WriteNotSent(reason=reason) | NotChecked(reason=reason):
            summary = f"the new pod template could not be validated by a server-side dry run: {reason}"
            return _noted(cluster, Diagnostic(Severity.INFO, "pod-template-not-tried", summary))
        case _:
            assert_never(answer)


TEMPLATE = "pod-template"
"""The rule about values that the API server rejects in the pod template."""


def _noted(cluster: ClusterPlan, found: Diagnostic) -> ClusterPlan:
    return replace(cluster, diagnostics=(*cluster.diagnostics, found))


def blocked(cluster: ClusterPlan, rule: str, summary: str, detail: str) -> ClusterPlan:
    """Block a cluster and remove its writes."""
    found = Diagnostic(Severity.ERROR, rule, summary, detail)
    return replace(
        cluster,
        action=Action.BLOCKED,
        reason=summary,
        diagnostics=(found, *cluster.diagnostics),
        write=None,
        workload=None,
        removal=None,
        kept=None,
        order=(),
        basis=None,
    )
