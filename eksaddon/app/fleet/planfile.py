"""Saved plans on disk."""

from itertools import chain
from pathlib import Path

from eksaddon import __version__
from eksaddon.app.private_file import write_private
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.plan import Plan
from eksaddon.domain.target import Account
from eksaddon.plan.planfile import MAKE_ANEW, SavedPlan, file_digest, from_text, require_digest, to_text
from eksaddon.plan.verify import contradictions, strange_accounts


def save_plan(path: Path, plan: Plan, accounts: tuple[Account, ...]) -> str:
    """Write a plan whole or not at all; only its owner may read it, since Corefiles may tell secrets.

    Returns:
        The digest of the file, for `apply --digest`.

    Raises:
        EksdnsError: It cannot be written.
    """
    saved = SavedPlan(plan, accounts, __version__)
    write_private(path, to_text(saved))
    return file_digest(saved)


def load_plan(path: Path, digest: str = "") -> SavedPlan:
    """Read a saved plan; what it shows is derived anew from what it would write.

    Args:
        digest: What `plan --out` printed; empty for any.

    Raises:
        EksdnsError: There is no such file, it is not as it was written, or it is not the plan with this
            digest.
    """
    try:
        text = path.read_text(encoding="utf-8", errors="surrogatepass")
    except (OSError, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise EksdnsError(
            f"cannot read {path}: {reason}",
            hint="expected a file written by `plan --out`",
            exit_code=ExitCode.USAGE,
        ) from None
    saved = from_text(text, str(path))
    if digest:
        require_digest(saved, digest, str(path))
    same_tool = saved.tool == __version__
    found = chain(
        contradictions(saved.plan, same_tool=same_tool), strange_accounts(saved.plan, saved.accounts)
    )
    if odd := next(found, ""):
        raise EksdnsError(
            f"{path} does not show what it would write: {odd}", hint=MAKE_ANEW, exit_code=ExitCode.REFUSED
        )
    return saved
