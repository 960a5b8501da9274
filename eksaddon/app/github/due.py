"""Finds the run that a scheduled job can continue."""

from eksaddon.app.runs.rollout import load_run
from eksaddon.app.runs.waiting import WaitsFor, waits_for
from eksaddon.domain.errors import EksdnsError
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
    for run_id in store.runs()[-NEWEST:]:
        try:
            run_progress = load_run(store, run_id)
        except EksdnsError:
            continue
        if is_due(run_progress, now):
            return run_progress
    return None


def is_due(run_progress: RunProgress, now: float) -> bool:
    """Whether the time that the run waited for when it paused has passed."""
    paused = waits_for(run_progress, run_progress.last_at)
    return paused.what is WaitsFor.TIME and waits_for(run_progress, now).what is not WaitsFor.TIME
