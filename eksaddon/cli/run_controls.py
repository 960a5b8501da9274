"""Maps options to the execution of a run, and its result to output."""

import errno
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from eksaddon.app.runs.execute import Conduct, Finished
from eksaddon.app.runs.exit_codes import of_run
from eksaddon.apply.events import Event, Halted, LockKept, Stepped
from eksaddon.apply.result import result_of
from eksaddon.apply.steps import Limits
from eksaddon.cli import messages
from eksaddon.cli.bug import REPORT, bug_text
from eksaddon.cli.event_text import event_text
from eksaddon.cli.options import OutputOptions
from eksaddon.cli.output import put
from eksaddon.cli.run_options import RunOptions
from eksaddon.cli.run_view import RunView
from eksaddon.cli.streams import write_if_read
from eksaddon.cli.terminal import Terminal
from eksaddon.cli.unfailing import Unfailing
from eksaddon.corefile.meaning.durations import NotADuration, parse_duration
from eksaddon.domain.encoding.codec import encode
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.printable import on_one_line
from eksaddon.domain.probing.server import read_server
from eksaddon.domain.run.progress import RunProgress
from eksaddon.domain.run.result import RunState
from eksaddon.domain.run.verbs import next_steps
from eksaddon.report.format import Format
from eksaddon.report.render import Ran

NANOSECONDS = 1_000_000_000
_SHOWN = 16
"""Digits of a journal head in a command: 64 bits make a collision by brute force infeasible."""

NextLines = Callable[[RunProgress, str], Iterable[str]]
"""Next steps of a run, as lines, for the head of its journal."""

EVENT_PATIENCE = 5.0
"""Seconds that an event waits for the reader of `--events`; then no more are written."""


@contextmanager
def conducted(options: RunOptions, output: OutputOptions, at: Terminal) -> Iterator[Conduct]:
    """Options of execution; shows progress and events within the context."""
    limits = Limits(
        total=options.max_concurrency,
        per_scope=options.max_concurrency,
        until_wave=options.until_wave,
        max_wait=_seconds("--max-wait", options.max_wait),
    )
    view = RunView(at, output.quiet, options.max_concurrency)
    display = Unfailing("the progress display", view.event, _print_line)
    with _event_file(options.events) as recorded:

        def emit(event: Event) -> None:
            recorded(event)
            if isinstance(event, LockKept):
                _print_line(event_text(event))  # also with --quiet
            else:
                display(event)

        try:
            yield Conduct(
                limits,
                emit,
                tuple(read_server(text) for text in options.dns_server or ()),
                options.dns_name,
                watch=display.watch(view.watch),
                time_limits=_time_limits(options),
            )
        except BaseException as error:
            if view.current is not None:
                _print_unfinished(view.current(), is_interrupt=isinstance(error, KeyboardInterrupt))
            raise


def _print_unfinished(run_progress: RunProgress, *, is_interrupt: bool) -> None:
    _print_line(
        f"run {run_progress.opened.run_id} was {'interrupted' if is_interrupt else 'ended by an error'}"
    )
    for line in next_step_lines(run_progress):
        _print_line(line)


def _print_line(line: str) -> None:
    messages.message(line)


def _time_limits(options: RunOptions) -> Mapping[str, float]:
    """Time limits of the options, by the names of `TimeLimits`."""
    overrides = {
        "busy": _seconds("--busy-timeout", options.busy_timeout),
        "update": _seconds("--update-timeout", options.update_timeout),
        "settle": _seconds("--settle-timeout", options.settle_timeout),
        "consistency": _seconds("--consistency-timeout", options.consistency_timeout),
        "reread": _seconds("--read-timeout", options.read_timeout),
    }
    return {name: seconds for name, seconds in overrides.items() if seconds is not None}


def _seconds(option: str, text: str | None) -> float | None:
    if text is None:
        return None
    duration = parse_duration(text)
    if isinstance(duration, NotADuration):
        raise EksdnsError(
            f"{option} {text}: {duration.reason}",
            hint="use a duration such as 90s, 5m or 2h",
            exit_code=ExitCode.USAGE,
        )
    if duration < 0:
        raise EksdnsError(
            f"{option} {text}: negative duration",
            hint="use a duration such as 90s, 5m or 2h",
            exit_code=ExitCode.USAGE,
        )
    return duration / NANOSECONDS


def _private(path: str, flags: int) -> int:
    """Open a file that only its owner can read, because events contain reasons and names."""
    return os.open(path, flags, 0o600)


@contextmanager
def _event_file(path: str | None) -> Iterator[Callable[[Event], None]]:
    """Open the file in advance; a reader that goes away later does not end the run."""
    if path is None:
        yield lambda _: None
        return
    try:
        out = open(path, "a", encoding="utf-8", opener=_private)  # noqa: SIM115  # closed below, where that may fail
    except OSError as error:
        raise EksdnsError(f"cannot write {path}: {error.strerror}", hint="check --events") from error

    def record(event: Event) -> None:
        line = json.dumps(event_document(event), ensure_ascii=True) + "\n"
        if not write_if_read(out, line, EVENT_PATIENCE):
            raise TimeoutError(errno.ETIMEDOUT, "the reader does not read")

    recorded = Unfailing(f"writing events to {path}", record, _print_line)
    try:
        yield recorded
    finally:
        try:
            out.close()
        except OSError as error:
            recorded.lose(error)


def event_document(event: Event) -> object:
    """An event as a JSON object with `type`, `at` and its data, without the plan itself."""
    match event:
        case Stepped() | Halted() | LockKept():
            return encode(event)
        case _:
            document = encode(event)
            if isinstance(document, dict):
                document.pop("plan", None)
                document.pop("accounts", None)
            return document


def end(
    finished: Finished,
    output: OutputOptions,
    files: Sequence[tuple[Format, Path]],
    at: Terminal,
    next_lines: NextLines | None = None,
) -> int:
    """Print the result and the possible next steps.

    Output errors, such as a reader of stdout that is gone, prevent neither the other output nor the exit
    code of a bug.

    Args:
        next_lines: Returns the next steps for the run and the head of its journal; None for commands.
    """
    result = result_of(finished.run_progress)
    try:
        put(Ran(result), output, files, at)
    finally:
        for line in (next_lines or next_step_lines)(finished.run_progress, finished.head):
            _print_line(line)
        if finished.lost is not None:
            messages.problem("error", finished.lost.message, finished.lost.hint)
        for one in finished.surprises:
            messages.problem("error", on_one_line(bug_text(f"{one.about}: {one}")), REPORT)
    if finished.surprises:
        return ExitCode.BUG
    return finished.interrupted or of_run(result)


def next_step_lines(run_progress: RunProgress, head: str = "") -> Iterator[str]:
    """The possible next commands.

    Args:
        head: Hash of the journal's last record, by which `resume` verifies the journal.
    """
    if run_progress.state is RunState.PAUSED:
        yield f"paused: {run_progress.reason}"
    resume = f"eksdns resume {run_progress.opened.run_id}"
    for step in next_steps(run_progress):
        head_option = f" --head {head[:_SHOWN]}" if head and step.command == resume else ""
        yield f"{step.label}: {step.command}{head_option}"
