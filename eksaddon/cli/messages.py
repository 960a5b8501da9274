"""The one gate to stdout and stderr.

Names, SDK messages, file names and fields of plans are written by others. Whatever leaves the program goes
through here: a line loses what acts on a terminal, reorders text, hides in it, or commands GitHub's runner;
what a renderer has escaped already, piece by piece, passes as it is.
"""

import sys
import textwrap
from typing import TextIO, cast

from eksaddon.cli.streams import MessageStream
from eksaddon.cli.terminal import terminal
from eksaddon.report import escape

_WAYS = {"error": "31", "warning": "33"}
"""SGR colours (source: ECMA-48, 8.3.117)."""


def message(text: str) -> None:
    """One line for people, on stderr; line feeds within it are spelt out."""
    _to_stderr(f"{escape.terminal(text)}\n")


def problem(severity: str, text: str, hint: str = "") -> None:
    """An error or a warning, and the way out on a line of its own."""
    at = terminal()
    _to_stderr(_label(severity, escape.terminal(text), colour=at.colour_on_stderr, width=_width()))
    if hint:
        _to_stderr(_label("hint", escape.terminal(hint), colour=at.colour_on_stderr, width=_width()))


def block(text: str) -> None:
    """Several lines for people, on stderr, such as a traceback."""
    _to_stderr(escape.terminal_block(text))


def rendered_message(text: str) -> None:
    """On stderr, what a renderer has escaped."""
    _to_stderr(text)


def prompt(question: str) -> None:
    """On stderr, without a line feed, and at once."""
    _to_stderr(f"{escape.terminal(question)} ")
    sys.stderr.flush()


def blank_line() -> None:
    """On stderr, to end a line that a terminal has not ended."""
    _to_stderr("\n")


def rendered_stream() -> TextIO:
    """Stderr, for a renderer that moves the cursor and escapes all text itself."""
    stream = sys.stderr
    return cast("TextIO", stream.rendered) if isinstance(stream, MessageStream) else stream


def line(text: str) -> None:
    """One line of data on stdout; line feeds within it are spelt out."""
    sys.stdout.write(f"{escape.terminal(text)}\n")


def rendered(text: str) -> None:
    """On stdout, what a renderer has escaped, or a format in which nothing acts, such as JSON."""
    sys.stdout.write(text)


def flush() -> None:
    sys.stdout.flush()


def _to_stderr(text: str) -> None:
    stream = rendered_stream()
    stream.write(text)
    stream.flush()


def _width() -> int:
    """Of the terminal; 0 where nobody looks at one, so that logs keep one line for each message."""
    at = terminal()
    return at.width if at.stderr_is_terminal else 0


def _label(label: str, text: str, *, colour: bool, width: int) -> str:
    """Wrapped at words, since a terminal breaks within them."""
    whole = f"{label}: {text}"
    if width:
        whole = "\n".join(
            textwrap.wrap(
                whole, width, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
            )
        )
    code = _WAYS.get(label) if colour else None
    return f"\x1b[{code}m{label}:\x1b[0m{whole.removeprefix(f'{label}:')}\n" if code else f"{whole}\n"
