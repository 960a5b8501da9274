"""All output to stdout and stderr.

Names, SDK messages, file names and fields of plans are untrusted. All output is written here: lines are
escaped against terminal control, reordered or hidden text and GitHub workflow commands; output that a
renderer has already escaped is written unchanged.
"""

import os
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO, cast

from eksaddon.cli.streams import MessageStream
from eksaddon.cli.terminal import terminal
from eksaddon.domain.errors import EksdnsError
from eksaddon.report import escape

_WAYS = {"error": "31", "warning": "33"}
"""SGR colours (source: ECMA-48, 8.3.117)."""


def message(text: str) -> None:
    """Print one line on stderr; line feeds in it are escaped."""
    _to_stderr(f"{escape.terminal(text)}\n")


def problem(severity: str, text: str, hint: str = "") -> None:
    """Print an error or a warning, with the hint on its own line."""
    at = terminal()
    _to_stderr(_label(severity, escape.terminal(text), colour=at.colour_on_stderr, width=_width()))
    if hint:
        _to_stderr(_label("hint", escape.terminal(hint), colour=at.colour_on_stderr, width=_width()))


def block(text: str) -> None:
    """Print several lines on stderr, such as a traceback."""
    _to_stderr(escape.terminal_block(text))


def rendered_message(text: str) -> None:
    """Print text that a renderer has escaped on stderr."""
    _to_stderr(text)


def prompt(question: str) -> None:
    """Print a prompt on stderr, without line feed, and flush."""
    _to_stderr(f"{escape.terminal(question)} ")
    sys.stderr.flush()


def blank_line() -> None:
    """Print a line feed on stderr, to end a line of user input."""
    _to_stderr("\n")


def rendered_stream() -> TextIO:
    """Stderr for a renderer that moves the cursor and escapes all text."""
    stream = sys.stderr
    return cast("TextIO", stream.rendered) if isinstance(stream, MessageStream) else stream


def line(text: str) -> None:
    """Print one line of data on stdout; line feeds in it are escaped."""
    _to_stdout(f"{escape.terminal(text)}\n")


def rendered(text: str) -> None:
    """Print text on stdout that a renderer has escaped, or a safe format such as JSON."""
    _to_stdout(text)


def rendered_now(text: str) -> None:
    """As `rendered`, and flushed immediately."""
    _to_stdout(text)
    sys.stdout.flush()


def flush() -> None:
    """Raise EksdnsError if stdout cannot be written."""
    with _writable():
        sys.stdout.flush()


def _to_stdout(text: str) -> None:
    with _writable():
        sys.stdout.write(text)


def drop_stdout() -> None:
    """Send the rest to the null device: the interpreter must not flush a lost stream at its end."""
    sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  # for the rest of the process


@contextmanager
def _writable() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise  # the reader is gone, such as `head`
    except (OSError, ValueError) as error:
        drop_stdout()
        reason = error.strerror if isinstance(error, OSError) else str(error)
        hint = "free some space, or write the report to a file with --report FORMAT=PATH"
        raise EksdnsError(f"cannot write to stdout: {reason}", hint=hint) from None


def _to_stderr(text: str) -> None:
    stream = rendered_stream()
    stream.write(text)
    stream.flush()


def _width() -> int:
    """Width of the terminal; 0 without one, so that logs have one line for each message."""
    at = terminal()
    return at.width if at.stderr_is_terminal else 0


def _label(label: str, text: str, *, colour: bool, width: int) -> str:
    """Wrap at words, because a terminal breaks within them."""
    labelled = f"{label}: {text}"
    if width:
        labelled = "\n".join(
            textwrap.wrap(
                labelled, width, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
            )
        )
    code = _WAYS.get(label) if colour else None
    return f"\x1b[{code}m{label}:\x1b[0m{labelled.removeprefix(f'{label}:')}\n" if code else f"{labelled}\n"
