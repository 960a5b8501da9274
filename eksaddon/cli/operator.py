"""Requests to runs: executed immediately, or only recorded."""

from collections.abc import Callable, Iterator

from eksaddon.app.runs.asks import Ask
from eksaddon.app.runs.rollout import ANY, Expected, continue_run, new_run_id, note
from eksaddon.app.runtime import SystemClock, ThreadExecutor
from eksaddon.app.session import AccessBook, Session
from eksaddon.app.wiring import open_run_store, open_session
from eksaddon.apply.events import Event, LockKept
from eksaddon.cli import messages
from eksaddon.cli.event_text import event_text
from eksaddon.cli.options import OutputOptions
from eksaddon.cli.output import check_reports
from eksaddon.cli.run_controls import NextLines, conducted, end
from eksaddon.cli.run_options import RunOptions
from eksaddon.cli.terminal import terminal
from eksaddon.domain.run.progress import RunProgress
from eksaddon.domain.run.verbs import next_steps
from eksaddon.domain.target import Account

THREADS = 64


def carried_on(
    run_id: str,
    ask: Ask,
    options: RunOptions,
    output: OutputOptions,
    expected: Expected = ANY,
    next_lines: NextLines | None = None,
) -> int:
    """Add a request to a run, continue it, and print the result with the next steps, as `end` does."""
    files, at = check_reports(output), terminal()
    with conducted(options, output, at) as conduct:
        store = open_run_store(options.state)
        finished = continue_run(run_id, ask, store, session_for(run_id), conduct, expected=expected)
    return end(finished, output, files, at, next_lines)


def now() -> float:
    """Seconds since the epoch."""
    return SystemClock().now()


def next_run_id() -> str:
    """Id of a new run; part of session names, so that CloudTrail shows which run wrote."""
    return new_run_id(SystemClock().now())


def session_for(run_id: str) -> Callable[[tuple[Account, ...]], Session]:
    """Return a function that opens a session of the run for given accounts."""

    def connect(accounts: tuple[Account, ...]) -> Session:
        book = AccessBook()
        for account in accounts:
            book.learn(account)
        return open_session(book, threads=THREADS, run=run_id)

    return connect


def asked(run_id: str, ask: Ask, state: str, what: str, next_lines: NextLines | None = None) -> int:
    """Record a request to a run, and print the next command.

    Args:
        what: Past participle for the message, such as `approved`.
        next_lines: As in `end`.
    """
    executor = ThreadExecutor(1, 1)
    try:
        run_progress = note(run_id, ask, open_run_store(state), SystemClock(), executor, emit=_warn)
    finally:
        executor.close()
    messages.message(what)
    for line in next_lines(run_progress, "") if next_lines else _commands(run_progress):
        messages.message(line)
    return 0


def _commands(run_progress: RunProgress) -> Iterator[str]:
    for step in next_steps(run_progress):
        yield f"{step.label}: {step.command}"


def _warn(event: Event) -> None:
    if isinstance(event, LockKept):
        messages.message(event_text(event))
