"""Maps options to an adoption, and its result to output."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import assert_never

from eksaddon.app.adopt.adopt import (
    AdoptionRequest,
    Begun,
    Fresh,
    execute_adoption,
    exit_code,
    prepare,
    prepare_undo,
    undo,
)
from eksaddon.app.fleet.fleet import Fleet, flag_settings, load_scope, require_targets
from eksaddon.app.fleet.request import DesiredRequest, TargetRequest
from eksaddon.app.session import AccessBook, Session
from eksaddon.app.wiring import open_session, usual_state
from eksaddon.apply.adopt import Ending
from eksaddon.cli import messages
from eksaddon.cli.adopt_options import AdoptionOptions
from eksaddon.cli.confirmation import confirm
from eksaddon.cli.operator import next_run_id
from eksaddon.cli.plan_session import print_fleet_findings, print_warnings
from eksaddon.cli.terminal import Terminal
from eksaddon.domain.adoption import Adoption
from eksaddon.domain.desired import ResolveConflicts
from eksaddon.domain.diagnostic import Severity
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.run.outcome import Changed, Outcome, Stale, Unproven, UnreachableTarget
from eksaddon.domain.target import Target
from eksaddon.frozen import dataclass
from eksaddon.report.adoption import adoption_table, ending_table
from eksaddon.report.documents.adoption import adoption_document
from eksaddon.report.model.options import RenderOptions


@dataclass(frozen=True, slots=True)
class Screen:
    """Output settings of an adoption."""

    at: Terminal
    quiet: bool
    as_json: bool

    def plan(self, plan: Adoption, *, is_result: bool) -> None:
        """Print the plan: to stdout if it is the result, else to stderr before the confirmation."""
        if is_result and self.as_json:
            self._document(adoption_document(plan))
        elif is_result:
            messages.rendered(adoption_table(plan, RenderOptions(self.at.width, self.at.colour)))
        elif not self.quiet:
            messages.rendered_message(
                adoption_table(plan, RenderOptions(self.at.width, self.at.colour_on_stderr))
            )
        else:
            warned = [one for one in plan.diagnostics if one.severity is not Severity.ERROR]
            print_warnings([(plan.target, warned)])

    def note(self, step: str, detail: str) -> None:
        if not self.quiet:
            messages.message(f"{step} {detail}".strip())

    def ending(self, plan: Adoption, ending: Ending, saved: str) -> None:
        if self.as_json:
            self._document(adoption_document(plan, saved, ending.outcome, ending.there))
            return
        render_options = RenderOptions(self.at.width, self.at.colour)
        messages.rendered(ending_table(str(plan.target), ending.outcome, ending.there, render_options))
        messages.flush()

    def _document(self, document: object) -> None:
        messages.rendered(json.dumps(document, indent=2) + "\n")
        messages.flush()


def adopting(
    targets: TargetRequest,
    desired: DesiredRequest,
    options: AdoptionOptions,
    screen: Screen,
    *,
    dry_run: bool,
    yes: bool,
) -> int:
    with _opened(targets, desired, screen) as (fleet, session, book):
        begin = prepare(fleet, session, book, _request(options, strict=desired.strict))
        match begin:
            case Fresh(plan=plan, place=place):
                screen.plan(plan, is_result=dry_run)
                if plan.errors:
                    raise _blocked(plan)
                screen.note("before:", f"the live objects will be saved to {place}")
                screen.note("to undo:", f"eksdns adopt --undo --cluster {plan.target}")
                if dry_run:
                    return ExitCode.DONE
                _agreed("Create the add-on?", screen, yes=yes)
            case Begun(plan=plan, status=status, saved=saved):
                place = saved.path
                screen.note(
                    "resuming:", f"an earlier run already sent CreateAddon, status {status}; see {place}"
                )
                if dry_run:
                    return ExitCode.DONE
            case _:
                assert_never(begin)
        try:
            ending = execute_adoption(begin, session, screen.note)
        except KeyboardInterrupt:
            _print_all(
                ["EKS continues creating the add-on; run the same command again to follow and verify it"]
            )
            raise
        screen.ending(plan, ending, str(place))
        _print_all(_next_steps(plan.target, ending.outcome, place))
    return exit_code(ending.outcome)


def undoing(
    targets: TargetRequest,
    desired: DesiredRequest,
    options: AdoptionOptions,
    screen: Screen,
    *,
    dry_run: bool,
    yes: bool,
) -> int:
    with _opened(targets, desired, screen) as (fleet, session, book):
        begin = prepare_undo(fleet, session, book, _request(options, strict=desired.strict).place)
        status = begin.observed.status if begin.observed else "already removed"
        removal = f"{begin.target}: the managed add-on {begin.plan.version} ({status}) will be removed"
        put = messages.line if dry_run else messages.message
        put(f"{removal}; the Deployment, the Corefile and all other objects are preserved")
        if dry_run:
            return ExitCode.DONE
        _agreed("Remove the add-on and keep its objects?", screen, yes=yes)
        ending = undo(begin, session, screen.note)
        screen.ending(begin.plan, ending, str(begin.saved.path) if begin.saved else "")
    return exit_code(ending.outcome)


@contextmanager
def _opened(
    targets: TargetRequest, desired: DesiredRequest, screen: Screen
) -> Iterator[tuple[Fleet, Session, AccessBook]]:
    """A session whose role sessions carry the run ID, so that CloudTrail shows which run wrote."""
    require_targets(targets)
    fleet = replace(load_scope(targets), flags=flag_settings(desired))
    print_fleet_findings(fleet, strict=desired.strict)
    book, run_id = AccessBook(), next_run_id()
    session = open_session(book, threads=targets.threads, run=run_id)
    screen.note("run:", run_id)
    try:
        yield fleet, session, book
    finally:
        session.close()


def _request(options: AdoptionOptions, *, strict: bool) -> AdoptionRequest:
    return AdoptionRequest(
        folder=usual_state() / "adoptions",
        save=options.save,
        version=options.addon_version,
        resolve_conflicts=ResolveConflicts(options.resolve_conflicts.value),
        strict=strict,
    )


def _blocked(plan: Adoption) -> EksdnsError:
    first, *more = plan.errors
    others = f", and {len(more)} more" if more else ""
    return EksdnsError(
        f"{plan.target}: {first.summary}{others}; nothing was written",
        hint=first.detail,
        exit_code=ExitCode.REFUSED,
    )


def _agreed(question: str, screen: Screen, *, yes: bool) -> None:
    if not yes and not confirm(question, screen.at):
        raise EksdnsError("not confirmed, nothing was written", exit_code=ExitCode.REFUSED)


def _print_all(lines: Iterable[str]) -> None:
    for line in lines:
        messages.message(line)


def _next_steps(target: Target, outcome: Outcome, place: Path) -> Iterator[str]:
    """The backup, and the commands to resume or undo the adoption."""
    if isinstance(outcome, Stale):
        return
    yield f"objects before adoption: {place}"
    if isinstance(outcome, UnreachableTarget | Unproven):
        yield f"to check again and resume: eksdns adopt --cluster {target}"
    yield f"to undo and keep everything running: eksdns adopt --undo --cluster {target}"
    if isinstance(outcome, Changed):
        yield f"next: eksdns plan --cluster {target}"
    else:
        yield f"then, to restore changed objects: kubectl replace -f {place}"
