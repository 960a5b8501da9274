"""eksdns retry"""

from typing import Annotated

import typer

from eksaddon.cli.option_groups import bundled
from eksaddon.cli.options import OutputOptions
from eksaddon.cli.run_options import RunId, RunOptions

Failed = Annotated[bool, typer.Option("--failed", help="Retry all failed clusters.")]


@bundled
def retry(
    run_id: RunId,
    running: RunOptions,
    output: OutputOptions,
    failed: Failed = False,  # an option
) -> int:
    """Retry clusters of a run that failed or whose result is unknown."""
    from eksaddon.app.runs.asks import retrying  # deferred to keep --help fast
    from eksaddon.cli.operator import carried_on
    from eksaddon.domain.errors import EksdnsError, ExitCode

    if not failed:
        raise EksdnsError(
            "nothing selected to retry", hint=f"eksdns retry {run_id} --failed", exit_code=ExitCode.USAGE
        )
    return carried_on(run_id, retrying, running, output)
