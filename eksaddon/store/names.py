"""Names of runs as they are safe in paths."""

import re

from eksaddon.domain.errors import EksdnsError, ExitCode

_RUN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def checked(run_id: str) -> str:
    """The id itself.

    Raises:
        EksdnsError: It cannot be one.
    """
    if not _RUN.fullmatch(run_id) or ".." in run_id:
        raise EksdnsError(
            f"{run_id!r} cannot be the id of a run",
            hint="see `eksdns history` for the runs that there are",
            exit_code=ExitCode.USAGE,
        )
    return run_id


def no_such_run(run_id: str, where: str, known: tuple[str, ...]) -> EksdnsError:
    last = f"the last ones: {', '.join(known[-3:])}" if known else "there is none yet"
    return EksdnsError(
        f"there is no run {run_id} in {where}",
        hint=f"{last}; --state names another place",
        exit_code=ExitCode.USAGE,
    )


def run_exists(run_id: str, where: str) -> EksdnsError:
    return EksdnsError(
        f"there is a run {run_id} in {where} already",
        hint=f"go on with it: eksdns resume {run_id}",
        exit_code=ExitCode.REFUSED,
    )
