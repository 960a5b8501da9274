"""eksdns resume"""

from pathlib import Path
from typing import Annotated

from eksaddon.cli.option_groups import bundled
from eksaddon.cli.options import RUNNING, OutputOptions, shared
from eksaddon.cli.run_options import RunId, RunOptions

Head = Annotated[
    str,
    shared("--head", says="Journal head printed at the pause; a changed journal is refused.", panel=RUNNING),
]
GivenPlan = Annotated[
    Path | None,
    shared(
        "--plan",
        says="Saved plan that the run was started from; a run of any other plan is refused.",
        panel=RUNNING,
    ),
]
AcceptFailures = Annotated[
    str,
    shared(
        "--accept-failures",
        says="Continue although failures paused the run; the text is recorded as the reason.",
        panel=RUNNING,
    ),
]


@bundled
def resume(
    run_id: RunId,
    running: RunOptions,
    output: OutputOptions,
    head: Head = "",
    plan: GivenPlan = None,
    accept_failures: AcceptFailures = "",
) -> int:
    """Resume a run that was paused, interrupted or killed."""
    from eksaddon.app.fleet.planfile import load_plan  # deferred to keep --help fast
    from eksaddon.app.runs.asks import accepting, resuming
    from eksaddon.app.runs.rollout import Expected
    from eksaddon.cli.operator import carried_on

    expected = Expected(head, load_plan(plan) if plan else None)
    ask = accepting(accept_failures) if accept_failures else resuming
    return carried_on(run_id, ask, running, output, expected)
