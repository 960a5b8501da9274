"""Leases of runs whose process ended without releasing them."""

from datetime import UTC, datetime

from eksaddon.app.runs.journal import NotStartedError, open_journal
from eksaddon.app.runtime import SystemClock
from eksaddon.domain.errors import EksdnsError
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


def why_not_started(store: RunStore, run_id: str) -> str:
    """Why a run with a lease has nothing to resume; empty if it has records.

    A process takes the leases before it records the run. In S3, a run without a record has no object.
    """
    unstarted = NotStartedError(run_id)
    try:
        open_journal(store, run_id).started()
    except NotStartedError:
        return str(unstarted)
    except EksdnsError:
        return "" if run_id in store.runs() else str(unstarted)
    return ""
