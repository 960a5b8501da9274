"""eksdns unlock"""

from eksaddon.cli import messages
from eksaddon.cli.options import Yes
from eksaddon.cli.run_options import RunId, State

WARNING = (
    "warning: if its process is still running, two processes may write to the same clusters;"
    " unlock only if you are sure that it has ended"
)


def unlock(run_id: RunId, state: State = "", yes: Yes = False) -> int:  # an option
    """Release the lock of a run whose process is gone."""
    from eksaddon.app.runs.locks import holders, unlock_run, why_not_started  # deferred to keep --help fast
    from eksaddon.app.wiring import open_run_store
    from eksaddon.cli.confirmation import confirm
    from eksaddon.cli.terminal import terminal
    from eksaddon.domain.errors import EksdnsError, ExitCode

    store = open_run_store(state)
    found = holders(store, run_id)
    if not found:
        messages.message(f"run {run_id} holds no lock")
        return 0
    for each in found:
        messages.message(f"run {run_id} is locked by {each}")
    messages.message(WARNING)
    if not yes and not confirm("Unlock it?", terminal()):
        raise EksdnsError("not confirmed, the lock was not released", exit_code=ExitCode.REFUSED)
    unlock_run(store, run_id)
    unstarted = why_not_started(store, run_id)
    messages.message(f"unlocked; {unstarted}" if unstarted else f"unlocked; resume: eksdns resume {run_id}")
    return 0
