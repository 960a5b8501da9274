"""Handles all errors: message, hint and exit code."""

import signal
import sys
import traceback
from collections.abc import Callable

import typer

from eksaddon.cli import messages
from eksaddon.cli.bug import REPORT, bug_text
from eksaddon.domain.errors import EksdnsError, ExitCode, LeftAtOnceError


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
        sys.stdout = None  # the reader is gone; the interpreter must not flush stdout
        return 128 + signal.SIGPIPE
    except typer.TyperException as error:
        return _usage(error)
    except ImportError as error:
        return _unimportable(error)
    except Exception as error:  # noqa: BLE001  # the outermost handler: any other exception is a bug
        return _bug(error)


def _bug(error: Exception) -> int:
    messages.block("".join(traceback.format_exception(error)))
    return _print_error(bug_text(f"{type(error).__name__}: {error}"), REPORT, ExitCode.BUG)


def _unimportable(error: ImportError) -> int:
    """Report an ImportError: a bug for a module of eksdns, else a broken Python installation."""
    name = error.name or ""
    if not name or name.partition(".")[0] == "eksaddon":
        return _bug(error)
    hint = "install eksdns again, or a Python that was built with this module"
    return _print_error(f"this Python cannot load the module {name}: {error}", hint, ExitCode.ERROR)


def _usage(error: typer.TyperException) -> int:
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "eksdns"
    message = error.format_message() if isinstance(error, typer.BadParameter) else str(error)
    suggestions = [str(each) for each in getattr(error, "possibilities", None) or ()]
    guess = f"did you mean {' or '.join(sorted(suggestions))}? " if suggestions else ""
    return _print_error(message or "no command given", f"{guess}see `{path} --help`", ExitCode.USAGE)


def _failed(error: EksdnsError) -> int:
    return _print_error(error.message, error.hint, error.exit_code)


def _print_error(message: str, hint: str, code: ExitCode) -> int:
    messages.problem("error", message, hint)
    return int(code)
