"""What a rollback would restore, as a plan to look at; pure."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from eksaddon.domain.plan import Action, Change, ClusterPlan, Plan
from eksaddon.domain.rollout.strategy import unstaged
from eksaddon.domain.run.progress import RunProgress
from eksaddon.domain.run.target_progress import may_be_rolled_back


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
                    changes=tuple(_backwards(each.plan.changes)),
                    diagnostics=(),
                    live=(),
                    wave="",
                )


def _backwards(changes: Iterable[Change]) -> Iterator[Change]:
    for change in changes:
        if not change.note:
            yield replace(change, before=change.after, after=change.before, origin=None)
