"""Starts, continues and finishes runs, across processes."""

import getpass
import os
import secrets
import socket
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime

from eksaddon import __version__
from eksaddon.app.runs.asks import Ask
from eksaddon.app.runs.execute import Conduct, Finished, execute_run
from eksaddon.app.runs.identity import refuse_other_credentials
from eksaddon.app.runs.journal import ChainedJournal, create_journal, open_journal
from eksaddon.app.runs.names import require_names
from eksaddon.app.runs.open_ends import open_ends
from eksaddon.app.runs.same_plan import refuse_other_plan
from eksaddon.app.session import Session
from eksaddon.apply.events import Event, LockKept
from eksaddon.apply.lease import TIME_TO_LIVE, LeaseRenewer
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.plan import Plan
from eksaddon.domain.run.chain import Chain
from eksaddon.domain.run.progress import RunProgress, advance, replay, started
from eksaddon.domain.run.records import (
    Opened,
    Record,
    from_json,
    to_json,
)
from eksaddon.domain.target import Account, ClusterRef
from eksaddon.frozen import dataclass
from eksaddon.plan.planfile import SavedPlan
from eksaddon.ports import Clock, Executor, HeldByOther, Holder, Journal, RunStore


def new_run_id(now: float) -> str:
    """Create an id that sorts by time: `20260102-030405-1f2e3d`."""
    return f"{datetime.fromtimestamp(now, UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"


def who_runs_this(environ: Callable[[str], str | None] = os.environ.get) -> str:
    """Identify the operator: the CI job, or user, host and process."""
    repository, job = environ("GITHUB_REPOSITORY"), environ("GITHUB_RUN_ID")
    if repository and job:
        return f"{repository} run {job}.{environ('GITHUB_RUN_ATTEMPT') or 1}"
    try:
        user = getpass.getuser()
    except (KeyError, OSError, ImportError):  # a user without a name; Windows without USERNAME
        user = str(os.getuid()) if hasattr(os, "getuid") else "unknown"
    return f"{user}@{socket.gethostname()} pid {os.getpid()}"


def open_run(
    plan: Plan,
    accounts: tuple[Account, ...],
    store: RunStore,
    session: Session,
    conduct: Conduct,
    *,
    run_id: str = "",
) -> Finished:
    """Start a run of a plan, and continue it until it pauses or ends.

    Raises:
        EksdnsError: Another run holds a lease on a target, or the run cannot be recorded.
    """
    now = session.clock.now()
    run_id = run_id or new_run_id(now)
    who = who_runs_this()
    require_names_of(plan, conduct)
    opened = Opened(now, run_id, plan, plan.strategy, accounts, __version__, who)
    run_progress = started(opened)
    with _hold_targets(run_progress, store, session.clock, session.executor, conduct.emit) as lease:
        undecided = _undecided(store, run_progress)  # first: if it fails, no empty journal is left
        with closing(create_journal(store, run_id)) as journal:
            journal.append([to_json(opened)])
            conduct.emit(opened)
            finished = execute_run(run_progress, journal, session, conduct, lease, undecided=undecided)
            return replace(finished, head=journal.head)


def require_names_of(plan: Plan, conduct: Conduct) -> None:
    """Reject options with a wave, check or cluster that the plan does not have.

    Raises:
        EksdnsError: With the first such name.
    """
    targets = (cluster.target for cluster in plan.clusters)
    require_names(plan.strategy, targets, conduct.limits.until_wave, conduct.dns_servers)


@dataclass(frozen=True, slots=True)
class Expected:
    """Requirements on the journal of a run.

    Attributes:
        head: Hash of a record, as printed when the run paused; empty for any.
        plan: The plan of the run; None for any.
    """

    head: str = ""
    plan: SavedPlan | None = None


ANY = Expected()


def load_run(store: RunStore, run_id: str) -> RunProgress:
    """Read the progress of a run from its journal.

    Raises:
        EksdnsError: The run does not exist, or its journal cannot be read.
        NotStartedError: The journal has no record.
    """
    return _read(open_journal(store, run_id))


def read_records(store: RunStore, run_id: str) -> tuple[Record, ...]:
    """Read the records of a run.

    Raises:
        EksdnsError: See `load_run`.
    """
    journal = open_journal(store, run_id)
    records = tuple(_records(journal.started(), run_id))
    _followed(records, run_id)
    return records


def _read(journal: ChainedJournal, expected: Expected = ANY) -> RunProgress:
    """Read the progress of a run.

    Raises:
        EksdnsError: The journal cannot be read, or does not match `expected`.
    """
    chain = journal.started(expected.head)
    run_progress = _followed(_records(chain, journal.run_id), journal.run_id)
    if expected.plan is not None:
        refuse_other_plan(run_progress.opened, expected.plan)
    return run_progress


def _records(chain: Chain, run_id: str) -> Iterator[Record]:
    for number, document in enumerate(chain.records, start=1):
        try:
            yield from_json(document)
        except EksdnsError as error:
            raise EksdnsError(f"run {run_id}, record {number}: {error}", hint=error.hint) from None


def _followed(records: Iterable[Record], run_id: str) -> RunProgress:
    try:
        return replay(records)
    except (ValueError, KeyError) as error:
        raise EksdnsError(
            f"the journal of run {run_id} is invalid: {error}",
            hint="it was modified or truncated; restore it from a backup, or create a new plan",
        ) from None


def continue_run(
    run_id: str,
    ask: Ask,
    store: RunStore,
    connect: Callable[[tuple[Account, ...]], Session],
    conduct: Conduct,
    *,
    expected: Expected = ANY,
) -> Finished:
    """Add a request to a run, and continue it.

    Args:
        connect: Opens a session for these accounts.
        expected: Requirements on the journal, checked under the lock.

    Raises:
        EksdnsError: From `ask`, or another process is working on the run or its targets.
    """
    run_progress = _read(open_journal(store, run_id), expected)
    require_names_of(run_progress.opened.plan, conduct)
    session = connect(run_progress.opened.accounts)
    try:
        refuse_other_credentials(run_progress.opened.accounts, session.directory)
        who = who_runs_this()
        with (
            _hold_targets(run_progress, store, session.clock, session.executor, conduct.emit) as lease,
            closing(open_journal(store, run_id)) as journal,
        ):
            run_progress = _read(journal, expected)
            new_records = ask(run_progress, session.clock.now(), who)
            run_progress = _append_records(run_progress, journal, new_records, conduct)
            undecided = _undecided(store, run_progress)
            finished = execute_run(run_progress, journal, session, conduct, lease, undecided=undecided)
            return replace(finished, head=journal.head)
    finally:
        session.close()


def _undecided(store: RunStore, run_progress: RunProgress) -> frozenset[ClusterRef]:
    """Targets to which this run or an earlier one may have written; asked for under the lock."""
    refs = (ref for ref, each in run_progress.targets.items() if each.plan.write is not None)
    return open_ends(store, refs).undecided


def note(
    run_id: str,
    ask: Ask,
    store: RunStore,
    clock: Clock,
    executor: Executor,
    *,
    emit: Callable[[Event], None] = lambda _: None,
) -> RunProgress:
    """Record a request without executing it; `resume` does.

    Raises:
        EksdnsError: See `continue_run`.
    """
    run_progress = load_run(store, run_id)
    who = who_runs_this()
    with (
        _hold_targets(run_progress, store, clock, executor, emit),
        closing(open_journal(store, run_id)) as journal,
    ):
        run_progress = _read(journal)
        return _append_records(run_progress, journal, ask(run_progress, clock.now(), who), Conduct(emit=emit))


def _append_records(
    run_progress: RunProgress, journal: Journal, records: Sequence[Record], conduct: Conduct
) -> RunProgress:
    journal.append([to_json(record) for record in records])
    for record in records:
        run_progress = advance(run_progress, record)
        conduct.emit(record)
    return run_progress


@contextmanager
def _hold_targets(
    run_progress: RunProgress,
    store: RunStore,
    clock: Clock,
    executor: Executor,
    emit: Callable[[Event], None],
) -> Iterator[LeaseRenewer]:
    """Hold leases on all targets that the run may write to."""
    now = clock.now()
    run_id = run_progress.opened.run_id
    holder = Holder(run_id, who_runs_this(), now + TIME_TO_LIVE)
    lock = store.lock()
    keys = frozenset(str(ref) for ref, each in run_progress.targets.items() if each.plan.writes)
    got = lock.acquire(keys | {f"run {run_id}"}, holder, now)
    if isinstance(got, HeldByOther):
        raise _held_error(got)
    lease = LeaseRenewer(lock, holder, clock, executor)
    try:
        yield lease
    finally:
        if reason := lease.release():
            emit(LockKept(run_id, reason, clock.now()))


def _held_error(other: HeldByOther) -> EksdnsError:
    until = datetime.fromtimestamp(other.holder.until, UTC)
    return EksdnsError(
        f"{other.key} is locked by run {other.holder.run_id} ({other.holder.who})",
        hint=f"wait for it to finish; if its process is gone, the lock expires at {until:%H:%M:%S} UTC, "
        f"or release it: eksdns unlock {other.holder.run_id}",
        exit_code=ExitCode.REFUSED,
    )
