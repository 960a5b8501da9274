"""Gets a new or saved plan, and asks for confirmation if it has changes."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from eksaddon import __version__
from eksaddon.app.fleet.plan import Purpose
from eksaddon.app.fleet.planfile import load_plan
from eksaddon.app.fleet.request import DesiredRequest, TargetRequest
from eksaddon.app.runs.exit_codes import of_plan
from eksaddon.app.runs.identity import refuse_other_credentials
from eksaddon.app.session import AccessBook
from eksaddon.app.wiring import open_session
from eksaddon.cli import messages
from eksaddon.cli.confirmation import confirm
from eksaddon.cli.options import OutputOptions
from eksaddon.cli.output import print_unreachable, put, put_files
from eksaddon.cli.plan_session import Made, planned, print_warnings
from eksaddon.cli.terminal import Terminal
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.plan import Action, Plan
from eksaddon.domain.rollout.strategy import unstaged
from eksaddon.plan.planfile import plan_warnings
from eksaddon.report.format import Format
from eksaddon.report.model.options import RenderOptions
from eksaddon.report.model.text import counted
from eksaddon.report.render import Planned, render


@contextmanager
def made_or_saved(
    file: Path | None,
    targets: TargetRequest,
    desired: DesiredRequest,
    at: Terminal,
    *,
    quiet: bool,
    digest: str = "",
    run: str = "",
    state: str = "",
) -> Iterator[Made]:
    """Make a new plan, or load the saved one.

    Args:
        digest: Digest of the approved saved plan; empty for any.
        run: Id of the run that executes the plan; part of role session names.
        state: Location of the run store, as in `--state`.

    Raises:
        EksdnsError: The file has another digest, or its displayed changes differ from its writes.
    """
    if file is None:
        if digest:
            raise EksdnsError(
                "--digest needs a saved plan", hint="apply FILE --digest DIGEST", exit_code=ExitCode.USAGE
            )
        with planned(targets, desired, at, quiet=quiet, state=state, run=run, purpose=Purpose.APPLY) as made:
            yield made
        return
    _refuse_more(targets, desired)
    if desired.strict or targets.config is not None:
        messages.problem(
            "warning", "--strict and --config are ignored: they take effect when a plan is created"
        )
    saved = load_plan(file, digest)
    book = AccessBook()
    for account in saved.accounts:
        book.learn(account)
    session = open_session(book, threads=targets.threads, run=run)
    try:
        refuse_other_credentials(saved.accounts, session.directory)
        for warning in plan_warnings(saved, tool=__version__, now=session.clock.now()):
            messages.problem("warning", warning)
        yield Made(saved.plan, session, saved.accounts)
    finally:
        session.close()


def _refuse_more(targets: TargetRequest, desired: DesiredRequest) -> None:
    """Reject options for targets and desired state, which a saved plan defines."""
    chosen = replace(targets, threads=TargetRequest().threads, config=None) != TargetRequest()
    if chosen or replace(desired, strict=False) != DesiredRequest():
        raise EksdnsError(
            "a saved plan already defines the clusters and their desired state",
            hint="remove these options, or create a new plan with them",
            exit_code=ExitCode.USAGE,
        )


def approved(
    plan: Plan,
    at: Terminal,
    *,
    yes: bool,
    quiet: bool,
    confirm_count: int | None,
    at_once: int,
    failures: int,
) -> Plan:
    """Show the plan and ask for confirmation; without waves, options set concurrency and tolerance.

    Raises:
        EksdnsError: Not confirmed, or the number of updates differs from the expected one.
    """
    pending = plan.count(Action.UPDATE)
    if not quiet:
        messages.rendered_message(
            render(Planned(plan), Format.TABLE, RenderOptions(at.width, at.colour_on_stderr))
        )
    else:
        print_warnings((one.target, one.diagnostics) for one in plan.clusters)
    if confirm_count is not None and confirm_count != pending:
        raise EksdnsError(
            f"{counted(pending, 'cluster')} would be updated, not {confirm_count}; nothing was written",
            hint="review the plan again",
            exit_code=ExitCode.REFUSED,
        )
    if pending and not yes and not confirm(f"Update {counted(pending, 'cluster')}?", at):
        raise EksdnsError("not confirmed, nothing was written", exit_code=ExitCode.REFUSED)
    return plan if plan.waves else replace(plan, strategy=unstaged(at_once, failures))


_CALM = frozenset({Action.IN_SYNC, Action.SKIPPED})


def is_no_op(plan: Plan) -> bool:
    return not any(cluster.writes for cluster in plan.clusters)


def print_no_changes(
    plan: Plan,
    output: OutputOptions,
    files: Sequence[tuple[Format, Path]],
    at: Terminal,
    confirm_count: int | None,
) -> int:
    """Show a plan without changes as the result; one line if every target is in sync or skipped.

    Raises:
        EksdnsError: Updates were expected.
    """
    if confirm_count:
        raise EksdnsError(
            f"no cluster would be updated, not {confirm_count}; nothing was written",
            hint="review the plan again",
            exit_code=ExitCode.REFUSED,
        )
    if output.output is Format.TABLE and all(cluster.action in _CALM for cluster in plan.clusters):
        put_files(Planned(plan), files)
        messages.line(f"No changes: {_totals(plan)}")
    else:
        put(Planned(plan), output, files, at, notifies=False)
        print_unreachable(plan)
        messages.message("no changes; nothing was written and no run was recorded")
    return of_plan(plan, detailed=False)


def _totals(plan: Plan) -> str:
    """Counts by state, with the reasons of what was skipped."""
    skipped = [cluster.reason for cluster in plan.clusters if cluster.action is Action.SKIPPED]
    parts = [counted(len(plan.clusters), "target")]
    if in_sync := plan.count(Action.IN_SYNC):
        parts.append(f"{in_sync:,} in sync")
    parts += [f"{skipped.count(reason):,} skipped: {reason}" for reason in dict.fromkeys(skipped)]
    return ", ".join(parts)
