"""What a rollback would restore, as a plan to look at; pure."""

from collections.abc import Iterator
from dataclasses import replace

from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.plan import Action, Change, ClusterPlan, Plan, Plane
from eksaddon.domain.rollout.strategy import unstaged
from eksaddon.domain.run.progress import RunProgress
from eksaddon.domain.run.target_progress import may_be_rolled_back
from eksaddon.plan.budget.removal import RULE, STAYS_DELETED


def rollback_plan(run_progress: RunProgress, wave: str = "") -> Plan:
    """The changes of the run backwards, last wave first.

    Clusters that changed since are only found out, and skipped, when they are read.

    Args:
        wave: Only this one; empty for all.
    """
    plan = run_progress.opened.plan
    clusters = tuple(_restored(run_progress, wave))
    return replace(plan, clusters=clusters, waves=(), strategy=unstaged())


def _restored(run_progress: RunProgress, wave: str) -> Iterator[ClusterPlan]:
    names = [each.wave.name for each in reversed(run_progress.waves) if wave in {"", each.wave.name}]
    for name in names:
        for each in run_progress.targets.values():
            if each.plan.wave == name and may_be_rolled_back(each):
                yield replace(
                    each.plan,
                    action=Action.UPDATE,
                    changes=tuple(_backwards(each.plan)),
                    diagnostics=tuple(_not_restored(each.plan)),
                    live=(),
                    wave="",
                )


def _backwards(plan: ClusterPlan) -> Iterator[Change]:
    is_lost = plan.removal is not None and not plan.removal.returns
    for change in plan.changes:
        if not (change.note or (is_lost and change.plane is Plane.BUDGET)):
            yield replace(change, before=change.after, after=change.before, origin=None)


def _not_restored(plan: ClusterPlan) -> Iterator[Diagnostic]:
    if plan.removal is not None and not plan.removal.returns:
        summary = "the PodDisruptionBudget coredns stays deleted"
        yield Diagnostic(Severity.WARNING, RULE, summary, STAYS_DELETED)
