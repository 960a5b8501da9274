"""Handles all errors: message, hint and exit code."""

import errno
import re
import traceback
from collections.abc import Callable
from difflib import get_close_matches

import typer

from eksaddon.app.signals import SIGPIPE
from eksaddon.cli import messages
from eksaddon.domain.errors import EksdnsError, ExitCode, LeftAtOnceError
from eksaddon.regex import regex


def guarded(work: Callable[[], int]) -> int:
    """Run `work` and return the exit code; raises nothing."""
    try:
        return work()
    except EksdnsError as error:
        return _failed(error)
    except typer.Exit as done:  # --help and --version
        return done.exit_code
    except LeftAtOnceError as left:
        return _print_error("interrupted", "", left.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        return _print_error("interrupted", "", ExitCode.INTERRUPTED)
    except BrokenPipeError:
        messages.drop_stdout()  # the reader is gone
        return 128 + SIGPIPE
    except typer.TyperException as error:
        return _usage(error)
    except ImportError as error:
        return _unimportable(error)
    except Exception as error:  # noqa: BLE001  # the outermost handler: any other exception is a bug
        return _bug(error)


def _bug(error: Exception) -> int:
    from eksaddon.cli.bug import REPORT, bug_text

    if isinstance(error, OSError) and error.errno == errno.ENOSPC:  # written by a library, such as --help
        messages.drop_stdout()
        return _print_error(f"cannot write: {error.strerror}", "free some space", ExitCode.ERROR)
    messages.block("".join(traceback.format_exception(error)))
    return _print_error(bug_text(f"{type(error).__name__}: {error}"), REPORT, ExitCode.BUG)


def _unimportable(error: ImportError) -> int:
    """Report an ImportError: a bug for a module of eksdns, else a broken Python installation."""
    name = error.name or ""
    if not name or name.partition(".")[0] == "eksaddon":
        return _bug(error)
    hint = "install eksdns again, or a Python that was built with this module"
    return _print_error(f"this Python cannot load the module {name}: {error}", hint, ExitCode.ERROR)


_CHOICE = regex(r"Value error, '(.*)' is not one of (.*)\.", re.DOTALL)
_COMMAND = regex(r"No such command '(.*?)'\.(?: Did you mean (?:one of: )?(.*)\?)?", re.DOTALL)
_WORDS = (
    (regex(r"Input should be a valid integer.*"), "must be a whole number"),
    (regex(r"Input should be a valid number.*"), "must be a number"),
    (regex(r"Input should be a valid boolean.*"), "must be true or false"),
    (regex(r"Input should be greater than or equal to (\S+)"), r"must be at least \1"),
    (regex(r"Input should be less than or equal to (\S+)"), r"must be at most \1"),
)
"""Messages of the option parser in plain words."""


def _usage(error: typer.TyperException) -> int:
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "eksdns"
    text, guess = _usage_text(error)
    see = f"see `{path} --help`"
    return _print_error(text or "no command given", f"{guess} {see}" if guess else see, ExitCode.USAGE)


def _usage_text(error: typer.TyperException) -> tuple[str, str]:
    """What is wrong, and what may have been meant."""
    if option := getattr(error, "option_name", ""):
        known = [str(each) for each in getattr(error, "possibilities", None) or ()]
        if "requires an argument" in str(error):
            return f"{option} needs a value", ""
        near = get_close_matches(option, known, n=2, cutoff=0.75)
        return f"unknown option {option}", f"did you mean {' or '.join(near)}?" if near else ""
    if found := _COMMAND.fullmatch(str(error)):
        near = [name.strip(" '") for name in (found[2] or "").split(",") if name.strip(" '")]
        return f"unknown command {found[1]}", f"did you mean {' or '.join(near)}?" if near else ""
    param = getattr(error, "param", None)
    if param is None or not isinstance(error, typer.BadParameter) or not error.message:
        return (error.format_message() if isinstance(error, typer.BadParameter) else str(error)), ""
    name = param.opts[0] if param.param_type_name == "option" else str(param.name).upper()
    if found := _CHOICE.fullmatch(error.message):
        words = [word.strip(" '") for word in found[2].split(",")]
        near = get_close_matches(found[1], words, n=1)
        guess = f"did you mean {near[0]}?" if near else ""
        return f"{name}: {found[1]!r} is not one of {', '.join(words)}", guess
    for pattern, words_of in _WORDS:
        if matched := pattern.fullmatch(error.message):
            return f"{name} {matched.expand(words_of)}", ""
    return f"{name}: {error.message.removeprefix('Value error, ').removesuffix('.')}", ""


def _failed(error: EksdnsError) -> int:
    if not error.parts:
        return _print_error(error.message, error.hint, error.exit_code)
    for message, hint in error.parts:
        messages.problem("error", message, hint)
    return int(error.exit_code)


def _print_error(message: str, hint: str, code: ExitCode) -> int:
    messages.problem("error", message, hint)
    return int(code)
