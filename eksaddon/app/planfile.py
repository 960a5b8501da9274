"""Saved plans on disk."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from eksaddon import __version__
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.plan import Plan
from eksaddon.domain.target import Account
from eksaddon.plan.planfile import SavedPlan, from_text, to_text


def save_plan(path: Path, plan: Plan, accounts: tuple[Account, ...]) -> None:
    """Write a plan whole or not at all; only its owner may read it, since Corefiles may tell secrets.

    Raises:
        EksdnsError: It cannot be written.
    """
    text = to_text(SavedPlan(plan, accounts, __version__))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(file, "w", encoding="utf-8", errors="surrogatepass") as out:
                out.write(text)
                out.flush()
                os.fsync(out.fileno())
            Path(name).replace(path)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise
    except OSError as error:
        raise EksdnsError(
            f"cannot write {path}: {error.strerror}", hint="check the path and its permissions"
        ) from error


def load_plan(path: Path) -> SavedPlan:
    """Read a saved plan.

    Raises:
        EksdnsError: There is none, or it is not as it was written.
    """
    try:
        text = path.read_text(encoding="utf-8", errors="surrogatepass")
    except (OSError, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise EksdnsError(
            f"cannot read {path}: {reason}", hint="name what `plan --out` wrote", exit_code=ExitCode.USAGE
        ) from None
    return from_text(text, str(path))
