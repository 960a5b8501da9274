"""eksdns unlock"""

import sys

from eksaddon.cli.options import Yes
from eksaddon.cli.run_options import RunId, State

WARNING = (
    "warning: if its process is still at work, two processes may write to the same clusters;"
    " unlock only once you know that it has ended"
)


def unlock(run_id: RunId, state: State = "", yes: Yes = False) -> int:  # an option
    """Release the lock of a run whose process has ended without doing so."""
    from eksaddon.app.runs.locks import holders, unlock_run  # --help stays quick
    from eksaddon.app.wiring import open_run_store
    from eksaddon.cli.terminal import confirm, terminal
    from eksaddon.domain.errors import EksdnsError, ExitCode
    from eksaddon.domain.printable import on_one_line

    store = open_run_store(state)
    found = holders(store, run_id)
    if not found:
        sys.stderr.write(f"run {run_id} holds no lock\n")
        return 0
    for each in found:
        sys.stderr.write(on_one_line(f"run {run_id} is locked by {each}") + "\n")
    sys.stderr.write(f"{WARNING}\n")
    if not yes and not confirm("Unlock it?", terminal()):
        raise EksdnsError("not confirmed, the lock was not released", exit_code=ExitCode.REFUSED)
    unlock_run(store, run_id)
    sys.stderr.write(f"unlocked; resume: eksdns resume {run_id}\n")
    return 0
