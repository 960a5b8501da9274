"""Runs from their opening to their end, over as many processes as it takes."""

import getpass
import os
import secrets
import socket
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from eksaddon import __version__
from eksaddon.app.runs.execute import Conduct, Finished, carry_on
from eksaddon.app.runs.identity import refuse_other_credentials
from eksaddon.app.session import Session
from eksaddon.apply.lease import TIME_TO_LIVE, LeaseRenewer
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.plan import Plan
from eksaddon.domain.run.classify import outcome_word
from eksaddon.domain.run.outcome import Failed, Stale, UnreachableTarget
from eksaddon.domain.run.progress import RunProgress, advance, replay, started
from eksaddon.domain.run.records import (
    Approved,
    Opened,
    Record,
    Resumed,
    Retried,
    RollbackAsked,
    SkipAsked,
    Stopped,
    from_json,
    to_json,
)
from eksaddon.domain.run.result import RunState
from eksaddon.domain.selection import read_cluster_pattern
from eksaddon.domain.target import Account, ClusterRef
from eksaddon.ports import Clock, Executor, HeldByOther, Holder, Journal, RunStore
from eksaddon.report.model.states import outcome_label

GOING_ON = frozenset({RunState.RUNNING, RunState.PAUSED, RunState.ROLLING_BACK, RunState.STOPPING})


def new_run_id(now: float) -> str:
    """Sorts by time: `20260102-030405-1f2e3d`."""
    return f"{datetime.fromtimestamp(now, UTC):%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"


def who_runs_this(environ: Callable[[str], str | None] = os.environ.get) -> str:
    """The CI job, or user, host and process."""
    repository, job = environ("GITHUB_REPOSITORY"), environ("GITHUB_RUN_ID")
    if repository and job:
        return f"{repository} run {job}.{environ('GITHUB_RUN_ATTEMPT') or 1}"
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = str(os.getuid())
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
    """Begin a run of a plan, and go on with it until it pauses or ends.

    Raises:
        EksdnsError: Another run holds one of the targets, or the run cannot be recorded.
    """
    now = session.clock.now()
    run_id = run_id or new_run_id(now)
    who = who_runs_this()
    opened = Opened(now, run_id, plan, plan.strategy, accounts, __version__, who)
    run_progress = started(opened)
    with _kept(run_progress, who, store, session.clock, session.executor) as lease:
        journal = store.create(run_id)
        journal.append([to_json(opened)])
        conduct.emit(opened)
        return carry_on(run_progress, journal, session, conduct, lease)


def read_story(store: RunStore, run_id: str) -> RunProgress:
    """Where a run stands, by its journal.

    Raises:
        EksdnsError: There is no such run, or its journal cannot be read.
    """
    return _read(store.open(run_id), run_id)[0]


def read_records(store: RunStore, run_id: str) -> tuple[Record, ...]:
    """What happened in a run.

    Raises:
        EksdnsError: As `read_story`.
    """
    records = tuple(_records(store.open(run_id), run_id))
    _followed(records, run_id)
    return records


def _read(journal: Journal, run_id: str) -> tuple[RunProgress, Journal]:
    return _followed(_records(journal, run_id), run_id), journal


def _records(journal: Journal, run_id: str) -> Iterator[Record]:
    for document in journal.read():
        try:
            yield from_json(document)
        except EksdnsError as error:
            raise EksdnsError(f"run {run_id}: {error}", hint=error.hint) from None


def _followed(records: Iterable[Record], run_id: str) -> RunProgress:
    try:
        return replay(records)
    except (ValueError, KeyError) as error:
        raise EksdnsError(
            f"the journal of run {run_id} cannot be followed: {error}",
            hint="it was changed, or lost its beginning; bring it back from a copy, or plan anew",
        ) from None


Ask = Callable[[RunProgress, float, str], Sequence[Record]]
"""What somebody asks of a run, as the records that say so; raises EksdnsError where it makes no sense."""


def go_on(
    run_id: str,
    ask: Ask,
    store: RunStore,
    connect: Callable[[tuple[Account, ...]], Session],
    conduct: Conduct,
) -> Finished:
    """Ask something of a run, and carry it on.

    Args:
        connect: Opens a session that can enter these accounts.

    Raises:
        EksdnsError: As `ask`, or another process is at work on the run or on its targets.
    """
    run_progress, journal = _read(store.open(run_id), run_id)
    session = connect(run_progress.opened.accounts)
    try:
        refuse_other_credentials(run_progress.opened.accounts, session.directory)
        who = who_runs_this()
        with _kept(run_progress, who, store, session.clock, session.executor) as lease:
            run_progress, journal = _read(store.open(run_id), run_id)
            run_progress = _told(run_progress, journal, ask(run_progress, session.clock.now(), who), conduct)
            return carry_on(run_progress, journal, session, conduct, lease)
    finally:
        session.close()


def note(run_id: str, ask: Ask, store: RunStore, clock: Clock, executor: Executor) -> RunProgress:
    """Only write down what somebody asks; `resume` does it.

    Raises:
        EksdnsError: As `go_on`.
    """
    run_progress = read_story(store, run_id)
    who = who_runs_this()
    with _kept(run_progress, who, store, clock, executor):
        run_progress, journal = _read(store.open(run_id), run_id)
        return _told(run_progress, journal, ask(run_progress, clock.now(), who), Conduct())


def _told(
    run_progress: RunProgress, journal: Journal, records: Sequence[Record], conduct: Conduct
) -> RunProgress:
    journal.append([to_json(record) for record in records])
    for record in records:
        run_progress = advance(run_progress, record)
        conduct.emit(record)
    return run_progress


@contextmanager
def _kept(
    run_progress: RunProgress, who: str, store: RunStore, clock: Clock, executor: Executor
) -> Iterator[LeaseRenewer]:
    """Hold every target that the run may write to."""
    now = clock.now()
    run_id = run_progress.opened.run_id
    holder = Holder(run_id, who, now + TIME_TO_LIVE)
    lock = store.lock()
    keys = frozenset(str(ref) for ref, each in run_progress.targets.items() if each.plan.writes)
    got = lock.acquire(keys | {f"run {run_id}"}, holder, now)
    if isinstance(got, HeldByOther):
        raise _held(got)
    lease = LeaseRenewer(lock, holder, clock, executor)
    try:
        yield lease
    finally:
        lease.release()


def _held(other: HeldByOther) -> EksdnsError:
    until = datetime.fromtimestamp(other.holder.until, UTC)
    return EksdnsError(
        f"{other.key} is held by run {other.holder.run_id} ({other.holder.who})",
        hint=f"wait for it to end; if its process is gone, the lock expires at {until:%H:%M:%S} UTC",
        exit_code=ExitCode.REFUSED,
    )


def resuming(run_progress: RunProgress, now: float, who: str) -> Sequence[Record]:
    if run_progress.state not in GOING_ON:
        raise _over(run_progress)
    return [Resumed(now, who)]


def approving(wave: str, by: str = "") -> Ask:
    """Args: by: Who says yes; empty for whoever runs this."""

    def ask(run_progress: RunProgress, now: float, who: str) -> Sequence[Record]:
        found = run_progress.find(wave)
        if found is None:
            names = ", ".join(each.wave.name for each in run_progress.waves if each.wave.name) or "none"
            raise EksdnsError(
                f"run {run_progress.opened.run_id} has no wave {wave}",
                hint=f"its waves: {names}",
                exit_code=ExitCode.USAGE,
            )
        if run_progress.state not in GOING_ON or found.is_over:
            raise _over(run_progress)
        return [Approved(now, wave, by or who)]

    return ask


def aborting(reason: str) -> Ask:
    def ask(run_progress: RunProgress, now: float, who: str) -> Sequence[Record]:
        if run_progress.state not in GOING_ON:
            raise _over(run_progress)
        return [Stopped(now, f"aborted by {who}" + (f": {reason}" if reason else ""))]

    return ask


def retrying(run_progress: RunProgress, now: float, who: str) -> Sequence[Record]:
    """Everything that failed, or whose end is not known."""
    refs = tuple(
        ref
        for ref, each in run_progress.targets.items()
        if isinstance(each.outcome, Failed | UnreachableTarget) and each.plan.writes and not each.restores
    )
    if not refs:
        raise EksdnsError(
            f"nothing failed in run {run_progress.opened.run_id}",
            hint="stale targets moved since the plan was made: plan them anew",
            exit_code=ExitCode.REFUSED,
        )
    return [Retried(now, refs), Resumed(now, who)]


def skipping(cluster: str, reason: str) -> Ask:
    def ask(run_progress: RunProgress, now: float, _: str) -> Sequence[Record]:
        found = [ref for ref in run_progress.targets if _is_meant(ref, cluster)]
        if len(found) != 1:
            raise EksdnsError(
                f"{cluster} is {'no target' if not found else f'{len(found)} targets'} of this run",
                hint="name it as ACCOUNT/REGION/NAME",
                exit_code=ExitCode.USAGE,
            )
        if run_progress.state not in GOING_ON:
            raise _over(run_progress)
        target = run_progress.targets[found[0]]
        if target.is_open:
            raise EksdnsError(f"{found[0]} is being changed", exit_code=ExitCode.REFUSED)
        if target.outcome is not None and not isinstance(target.outcome, Failed | UnreachableTarget | Stale):
            raise EksdnsError(
                f"{found[0]} has ended: {outcome_label(outcome_word(target.outcome))}",
                hint="only who waits or failed can be left out",
                exit_code=ExitCode.REFUSED,
            )
        return [SkipAsked(now, found[0], f"skipped: {reason}")]

    return ask


def _is_meant(ref: ClusterRef, text: str) -> bool:
    if text in {ref.name, str(ref)}:
        return True
    pattern = read_cluster_pattern(text)
    return pattern is not None and pattern.is_exact and pattern.matches(ref, "")


def rolling_back(wave: str) -> Ask:
    def ask(run_progress: RunProgress, now: float, who: str) -> Sequence[Record]:
        names = [each.wave.name for each in reversed(run_progress.waves)]
        if wave and wave not in names:
            raise EksdnsError(
                f"run {run_progress.opened.run_id} has no wave {wave}",
                hint=f"its waves: {', '.join(reversed(names))}",
                exit_code=ExitCode.USAGE,
            )
        chosen = tuple(name for name in names if wave in {"", name})
        members = {ref for name in chosen for ref in _members(run_progress, name)}
        if not any(run_progress.targets[ref].is_changed for ref in members):
            raise EksdnsError(
                f"run {run_progress.opened.run_id} has changed nothing there", exit_code=ExitCode.REFUSED
            )
        return [RollbackAsked(now, chosen, f"asked for by {who}")]

    return ask


def _members(run_progress: RunProgress, name: str) -> tuple[ClusterRef, ...]:
    wave = run_progress.find(name)
    return wave.members if wave else ()


def _over(run_progress: RunProgress) -> EksdnsError:
    return EksdnsError(
        f"run {run_progress.opened.run_id} is over: {run_progress.state.value}",
        hint=f"see `eksdns history {run_progress.opened.run_id}`; retry and rollback still work",
        exit_code=ExitCode.REFUSED,
    )
