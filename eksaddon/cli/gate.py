"""The one gate through which every error leaves: a message, a hint and an exit code."""

import signal
import sys
import traceback
from collections.abc import Callable

import typer

from eksaddon.cli import messages
from eksaddon.cli.bug import REPORT, bug_text
from eksaddon.domain.errors import EksdnsError, ExitCode, LeftAtOnceError


def guarded(work: Callable[[], int]) -> int:
    """Do the work; the exit code is the answer, nothing is raised."""
    try:
        return work()
    except EksdnsError as error:
        return _failed(error)
    except typer.Exit as done:  # --help and --version
        return done.exit_code
    except LeftAtOnceError as left:
        return _say("interrupted", "", left.exit_code)
    except (KeyboardInterrupt, typer.Abort):
        return _say("interrupted", "", ExitCode.INTERRUPTED)
    except BrokenPipeError:
        sys.stdout = None  # nobody reads on; the interpreter must not flush it
        return 128 + signal.SIGPIPE
    except typer.TyperException as error:
        return _usage(error)
    except ImportError as error:
        return _unimportable(error)
    except Exception as error:  # noqa: BLE001  # the last gate: whatever comes here is our own mistake
        return _bug(error)


def _bug(error: Exception) -> int:
    messages.block("".join(traceback.format_exception(error)))
    return _say(bug_text(f"{type(error).__name__}: {error}"), REPORT, ExitCode.BUG)


def _unimportable(error: ImportError) -> int:
    """A module of ours that is missing is a bug; another one is a fault of this installation of Python."""
    name = error.name or ""
    if not name or name.partition(".")[0] == "eksaddon":
        return _bug(error)
    hint = "install eksdns again, or a Python that was built with this module"
    return _say(f"this Python cannot load the module {name}: {error}", hint, ExitCode.ERROR)


def _usage(error: typer.TyperException) -> int:
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "eksdns"
    message = error.format_message() if isinstance(error, typer.BadParameter) else str(error)
    near = [str(each) for each in getattr(error, "possibilities", None) or ()]
    guess = f"did you mean {' or '.join(sorted(near))}? " if near else ""
    return _say(message or "no command given", f"{guess}see `{path} --help`", ExitCode.USAGE)


def _failed(error: EksdnsError) -> int:
    return _say(error.message, error.hint, error.exit_code)


def _say(message: str, hint: str, code: ExitCode) -> int:
    messages.problem("error", message, hint)
    return int(code)
