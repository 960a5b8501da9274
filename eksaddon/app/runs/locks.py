"""Leases of runs whose process ended without releasing them."""

from datetime import UTC, datetime

from eksaddon.app.runtime import SystemClock
from eksaddon.ports import RunStore


def holders(store: RunStore, run_id: str) -> tuple[str, ...]:
    """Holders of a run's leases and their expiry, as text.

    Raises:
        EksdnsError: There are no leases and the run does not exist, or the store cannot be read.
    """
    holders_now = store.lock().held_for(run_id, SystemClock().now())
    if not holders_now:
        store.open(run_id)
    return tuple(
        f"{each.who} until {datetime.fromtimestamp(each.until, UTC):%H:%M:%S} UTC" for each in holders_now
    )


def is_left(store: RunStore, run_id: str) -> bool:
    """Whether no process is working on a run: none holds a lease, or the holder has ended."""
    return not store.lock().held_for(run_id, SystemClock().now())


def unlock_run(store: RunStore, run_id: str) -> None:
    """Release the leases of a run; a running process detects this and starts no new updates."""
    store.lock().unlock(run_id)
