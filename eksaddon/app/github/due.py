"""Finds the run that a scheduled job can continue."""

from collections.abc import Iterator

from eksaddon.app.runs.rollout import load_run
from eksaddon.app.runs.waiting import WaitsFor, waits_for
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.plan import Plan
from eksaddon.domain.run.progress import RunProgress
from eksaddon.ports import RunStore

NEWEST = 20
"""Number of runs that are read; older ones that still wait can be resumed by hand."""


def due_run(store: RunStore, now: float) -> RunProgress | None:
    """The oldest run that paused for a soak or a window which is over.

    A run that paused for failures or for an approval waits for a person. A run that cannot be read is passed
    over: it must not stop the others.

    Args:
        now: Seconds since the epoch.
    """
    return next((each for each in _newest(store) if is_due(each, now)), None)


def refuse_overtaking(store: RunStore, plan: Plan) -> None:
    """Refuse a new run of clusters that a paused run is still going to write.

    The new run would skip the soak of the paused one, because clusters that are in sync already do not soak;
    and the paused one, which continues by itself, would later write its older values.

    Raises:
        EksdnsError: There is such a run.
    """
    refs = {cluster.target.ref for cluster in plan.clusters}
    for each in _newest(store):
        left = [ref for ref, target in each.targets.items() if target.plan.writes and target.outcome is None]
        waiting = waits_for(each, each.last_at)
        if waiting.what is WaitsFor.TIME and refs & set(left):
            run_id = each.opened.run_id
            raise EksdnsError(
                f"run {run_id} of these clusters is not finished: {waiting.reason}",
                hint="wait until eksdns-resume has continued it, or abort it first: the workflow"
                f" eksdns-operate with the run {run_id} and the operation abort",
                exit_code=ExitCode.REFUSED,
            )


def _newest(store: RunStore) -> Iterator[RunProgress]:
    for run_id in store.runs()[-NEWEST:]:
        try:
            yield load_run(store, run_id)
        except EksdnsError:
            continue


def is_due(run_progress: RunProgress, now: float) -> bool:
    """Whether the time that the run waited for when it paused has passed."""
    paused = waits_for(run_progress, run_progress.last_at)
    return paused.what is WaitsFor.TIME and waits_for(run_progress, now).what is not WaitsFor.TIME
