"""eksdns plan"""

from eksaddon.cli.bundle import bundled
from eksaddon.cli.options import DesiredOptions, DetailedExitCode, OutputOptions, TargetOptions


@bundled
def plan(
    targets: TargetOptions,
    desired: DesiredOptions,
    output: OutputOptions,
    detailed_exitcode: DetailedExitCode = False,  # an option
) -> int:
    """Show what would change, and what is wrong with it; nothing is written."""
    from eksaddon.app.exit_codes import of_plan  # --help stays quick
    from eksaddon.cli.planning import planned
    from eksaddon.cli.printing import check_reports, put, tell_unreached
    from eksaddon.cli.terminal import terminal
    from eksaddon.report.render import Planned

    files, at = check_reports(output), terminal()
    with planned(targets, desired, at, quiet=output.quiet) as (made, _):
        put(Planned(made), output, files, at)
        tell_unreached(made)
    return of_plan(made, detailed=detailed_exitcode)
