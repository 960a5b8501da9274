"""Saved plans on disk."""

from pathlib import Path

from eksaddon import __version__
from eksaddon.app.private_file import write_private
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.plan import Plan
from eksaddon.domain.target import Account
from eksaddon.plan.planfile import SavedPlan, from_text, to_text


def save_plan(path: Path, plan: Plan, accounts: tuple[Account, ...]) -> None:
    """Write a plan whole or not at all; only its owner may read it, since Corefiles may tell secrets.

    Raises:
        EksdnsError: It cannot be written.
    """
    write_private(path, to_text(SavedPlan(plan, accounts, __version__)))


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
