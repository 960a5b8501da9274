"""eksdns github due"""

from eksaddon.cli import messages
from eksaddon.cli.run_options import State


def due(state: State = "") -> int:
    """Find a run whose soak or wait for a window has ended; write the outputs `run`, `head` and `waves`."""
    from eksaddon.app.github.due import due_run, refuse_idle_rerun
    from eksaddon.app.github.waves import remaining_jobs, waves_outputs
    from eksaddon.app.github.wiring import open_runner
    from eksaddon.app.runs.journal import open_journal
    from eksaddon.app.wiring import open_run_store
    from eksaddon.cli.operator import now
    from eksaddon.report.formats.github_outputs import output_lines

    store = open_run_store(state)
    runner, found = open_runner(), due_run(store, now())
    if found is None and runner.attempt != "1":
        refuse_idle_rerun(store, f"{runner.repository} run {runner.run_id}")
    run_id = "" if found is None else found.opened.run_id
    values = {
        "run": run_id,
        "head": open_journal(store, run_id).chain().head if run_id else "",
        "waves": waves_outputs(() if found is None else remaining_jobs(found))["waves"],
    }
    runner.put_outputs(lambda delimiter: output_lines(values, delimiter))
    messages.line(f"run {run_id} continues" if run_id else "no run is due")
    return 0
