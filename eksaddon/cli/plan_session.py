"""Makes a plan from options, the first step of several commands."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

from eksaddon.app.fleet.early import EarlyPlans
from eksaddon.app.fleet.fleet import Fleet, load, require_targets
from eksaddon.app.fleet.plan import (
    Purpose,
    Seen,
    doubts,
    idle,
    make_plan,
    observe,
    read_histories,
    refuse_findings,
)
from eksaddon.app.fleet.request import DesiredRequest, TargetRequest
from eksaddon.app.runs.open_ends import open_ends
from eksaddon.app.session import AccessBook, Session
from eksaddon.app.wiring import open_run_store, open_session
from eksaddon.cli import messages
from eksaddon.cli.read_progress import reading
from eksaddon.cli.terminal import Terminal
from eksaddon.config.findings import fleet_findings
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.last_update import LastUpdate
from eksaddon.domain.plan import Plan
from eksaddon.domain.proof import is_healthy
from eksaddon.domain.shards.shard import ShardMark
from eksaddon.domain.target import Account, ClusterRef, Target
from eksaddon.frozen import dataclass
from eksaddon.observe.last_updates import last_updates
from eksaddon.report.model.classify import drift_state
from eksaddon.report.model.states import DriftState
from eksaddon.rules.audit.commands import general
from eksaddon.rules.weakening import RULE as WEAKENS


def print_fleet_findings(fleet: Fleet, *, strict: bool = False) -> None:
    """Print warnings about the fleet file to stderr.

    Raises:
        EksdnsError: There are some, and warnings are errors.
    """
    tell(fleet_findings(fleet.file, datetime.now(UTC).date()), strict=strict)


def tell(findings: Iterable[Diagnostic], *, strict: bool = False) -> None:
    """Print findings to stderr.

    Raises:
        EksdnsError: One is a warning or an error, and warnings are errors.
    """
    found = tuple(findings)
    for one in found:
        where = f"{one.location}: " if one.location else ""
        messages.problem(one.severity.value, f"{where}{one.summary}", one.detail)
    if strict and any(one.severity is not Severity.INFO for one in found):
        raise EksdnsError(
            "--strict treats warnings as errors; nothing was written",
            hint="fix the warnings above, or run without --strict",
            exit_code=ExitCode.REFUSED,
        )


def print_warnings(plans: Iterable[tuple[Target, Iterable[Diagnostic]]]) -> None:
    """Print what a plan that is not shown warns of, each warning once with the targets that it is about.

    Args:
        plans: Findings of each target.
    """
    found: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    for target, diagnostics in plans:
        for one in diagnostics:
            if one.severity is not Severity.INFO or one.rule == WEAKENS:
                weight = Severity.WARNING if one.severity is Severity.INFO else one.severity
                key = (weight.value, one.summary, general(one.detail, target.ref))
                found.setdefault(key, []).append((target.label, one.detail))
    for (severity, summary, _), places in found.items():
        (label, detail), *others = places
        more = f" and {len(others):,} more" if others else ""
        example = "for example: " if any(other != detail for _, other in others) else ""
        messages.problem(severity, f"{label}{more}: {summary}", f"{example}{detail}" if detail else "")


@dataclass(frozen=True, slots=True)
class Made:
    """A plan with its session and the credentials of its accounts."""

    plan: Plan
    session: Session
    accounts: tuple[Account, ...]
    shard: ShardMark | None = None

    def last_updates(self) -> Mapping[ClusterRef, LastUpdate]:
        """The newest add-on update of each drifted cluster."""
        drifted = [one.target.ref for one in self.plan.clusters if drift_state(one) is DriftState.DRIFTED]
        return last_updates(drifted, self.session.addons, self.session.executor)


def _left_open(seen: Seen, state: str, *, strict: bool) -> frozenset[ClusterRef]:
    """Targets whose recorded run did not succeed; for these, a healthy state proves nothing."""
    healthy = [one.target.ref for one in seen.observations if is_healthy(one.observed)]
    try:
        ends = open_ends(open_run_store(state), healthy)
    except EksdnsError as error:
        hint = "a cluster whose last update failed may look healthy; check --state"
        finding = Diagnostic(Severity.WARNING, "", f"cannot read the runs on record: {error}", hint)
        tell([finding], strict=strict)
        return frozenset()
    hint = "it may record a failed update, so the update history is read as well; see `eksdns history`"
    tell([Diagnostic(Severity.WARNING, "", error, hint) for error in ends.damaged], strict=strict)
    return ends.all


@contextmanager
def planned(
    targets: TargetRequest,
    desired: DesiredRequest,
    at: Terminal,
    *,
    quiet: bool,
    state: str = "",
    run: str = "",
    live: bool = False,
    tries: bool = True,
    purpose: Purpose = Purpose.READ,
    tried: Callable[[Plan], Plan] | None = None,
) -> Iterator[Made]:
    """Make a plan; its session is closed with the context.

    Args:
        state: Location of the run store, as in `--state`.
        run: Id of the run that will execute the plan; part of role session names.
        live: Read the live objects of all targets, not only if grace or preStop are desired.
        tries: Validate applies to Deployments with dry runs.
        purpose: Determines whether names without a match are errors or warnings.
        tried: Adds the results of trials in a real CoreDNS; None for no trials.

    Raises:
        EksdnsError: A name matches nothing, or nothing is in scope.
    """
    fleet = load(targets, desired)
    require_targets(targets)
    targets.selection()
    print_fleet_findings(fleet, strict=desired.strict)
    book = AccessBook()
    session = open_session(book, threads=targets.threads, run=run)
    try:
        early = EarlyPlans(
            fleet,
            session,
            strict=desired.strict,
            force=desired.force_conflicts,
            live=live,
            corefiles=not desired.no_live,
        )
        seen = observe(fleet, session, book, reading(at, quiet=quiet), early)
        refuse_findings(fleet, session, seen, purpose)
        tell((*idle(fleet, seen), *doubts(fleet, seen)), strict=desired.strict)
        seen = read_histories(seen, session, _left_open(seen, state, strict=desired.strict))
        made = make_plan(
            fleet,
            session,
            seen,
            strict=desired.strict,
            live=live,
            force=desired.force_conflicts,
            tries=tries,
            purpose=purpose,
            corefiles=not desired.no_live,
            foresees=tries,
            tried=tried,
            early=early,
        )
        yield Made(made, session, book.known(), seen.shard)
    finally:
        session.close()
