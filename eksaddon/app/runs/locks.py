"""Locks of runs whose process has ended without giving them back."""

from datetime import UTC, datetime

from eksaddon.app.runtime import SystemClock
from eksaddon.ports import RunStore


def holders(store: RunStore, run_id: str) -> tuple[str, ...]:
    """Who holds something for a run, and until when, for people to read.

    Raises:
        EksdnsError: Nothing is held and there is no such run, or the store cannot be read.
    """
    held = store.lock().held_for(run_id, SystemClock().now())
    if not held:
        store.open(run_id)
    return tuple(f"{each.who} until {datetime.fromtimestamp(each.until, UTC):%H:%M:%S} UTC" for each in held)


def is_left(store: RunStore, run_id: str) -> bool:
    """Whether no process is at work on a run: none holds its lock, or the one that held it is gone."""
    return not store.lock().held_for(run_id, SystemClock().now())


def unlock_run(store: RunStore, run_id: str) -> None:
    """Release what is held for a run; a process that is still at work notices and starts nothing new."""
    store.lock().unlock(run_id)
