"""Validates run ids, which become part of paths."""

from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.regex import regex

_RUN = regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def checked(run_id: str) -> str:
    """Return the id.

    Raises:
        EksdnsError: Invalid run id.
    """
    if not _RUN.fullmatch(run_id) or ".." in run_id:
        raise EksdnsError(
            f"invalid run ID {run_id!r}",
            hint="`eksdns history` lists the runs",
            exit_code=ExitCode.USAGE,
        )
    return run_id


def no_such_run(run_id: str, where: str, known: tuple[str, ...]) -> EksdnsError:
    last = f"latest runs: {', '.join(known[-3:])}" if known else "no run is recorded yet"
    return EksdnsError(
        f"run {run_id} not found in {where}",
        hint=f"{last}; use --state for another location",
        exit_code=ExitCode.USAGE,
    )


def run_exists(run_id: str, where: str) -> EksdnsError:
    return EksdnsError(
        f"run {run_id} already exists in {where}",
        hint=f"to resume it: eksdns resume {run_id}",
        exit_code=ExitCode.REFUSED,
    )
