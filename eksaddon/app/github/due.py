"""Finds the run that a scheduled job can continue."""

from collections.abc import Iterator

from eksaddon.app.github.operate import next_step
from eksaddon.app.runs.rollout import load_run, read_records
from eksaddon.app.runs.waiting import WaitsFor, waits_for
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.plan import Action, Plan
from eksaddon.domain.run.progress import RunProgress
from eksaddon.domain.run.records import Resumed
from eksaddon.domain.run.target_progress import TargetProgress
from eksaddon.domain.run.verbs import NOT_OVER
from eksaddon.domain.run.wave_progress import WaveState
from eksaddon.domain.target import ClusterRef
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
    """Refuse a new run of clusters on which another run is not finished.

    A new plan has what the other run wrote in sync. So the new run would skip the soak and the checks of a
    wave that is not over, and pass a cluster whose update failed but is stored. And a run that waits for a
    time, which continues by itself, would later write its older values.

    Raises:
        EksdnsError: There is such a run, and the plan does not write those clusters again.
    """
    refs = {cluster.target.ref for cluster in plan.clusters}
    written = {cluster.target.ref for cluster in plan.clusters if cluster.action is Action.UPDATE}
    for each in _newest(store):
        waiting = waits_for(each, each.last_at)
        if waiting.what is WaitsFor.TIME and refs & _left(each):
            raise _unfinished(
                each,
                "wait until eksdns-resume has continued it, or abort it: the workflow eksdns-operate"
                f" with the run {each.opened.run_id} and the operation abort",
            )
        if each.state in NOT_OVER and (refs & _unsettled(each)) - written:
            raise _unfinished(each, f"re-run the failed jobs of its workflow run, or use {next_step(each)}")


def _left(run_progress: RunProgress) -> set[ClusterRef]:
    """Targets that the run is still going to write."""
    return {
        ref for ref, target in run_progress.targets.items() if target.plan.writes and target.outcome is None
    }


def _unsettled(run_progress: RunProgress) -> set[ClusterRef]:
    """Targets that the run wrote in waves that are not over."""
    members = (
        ref
        for wave in run_progress.waves
        if wave.state in {WaveState.RUNNING, WaveState.SOAKING}
        for ref in wave.members
    )
    return {ref for ref in members if _was_written(run_progress.targets[ref])}


def _was_written(target: TargetProgress) -> bool:
    return target.plan.writes and (target.is_open or target.outcome is not None)


def _unfinished(run_progress: RunProgress, hint: str) -> EksdnsError:
    reason = run_progress.reason or "its job was cancelled or lost"
    return EksdnsError(
        f"run {run_progress.opened.run_id} of these clusters is not finished: {reason}",
        hint=hint,
        exit_code=ExitCode.REFUSED,
    )


def refuse_idle_rerun(store: RunStore, workflow_run: str) -> None:
    """Refuse a re-run that finds nothing due although its first attempt left a run unfinished.

    Args:
        workflow_run: Repository and id of the workflow run, as `who_runs_this` writes them.

    Raises:
        EksdnsError: There is such a run, and it waits for no time.
    """
    for each in _newest(store):
        if each.state not in NOT_OVER or waits_for(each, each.last_at).what is WaitsFor.TIME:
            continue
        records = read_records(store, each.opened.run_id)
        if any(isinstance(one, Resumed) and one.who.startswith(f"{workflow_run}.") for one in records):
            raise _unfinished(each, f"a re-run of all jobs finds nothing that is due; use {next_step(each)}")


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
