"""Saves and loads plan files."""

from itertools import chain
from pathlib import Path

from eksaddon import __version__
from eksaddon.app.files.private import write_private_parts
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.plan import Plan
from eksaddon.domain.target import Account
from eksaddon.plan.planfile import (
    CREATE_NEW_PLAN,
    SavedPlan,
    file_digest,
    from_text,
    require_digest,
    text_parts,
)
from eksaddon.plan.verify import contradictions, foreign_accounts


def save_plan(path: Path, plan: Plan, accounts: tuple[Account, ...]) -> str:
    """Write a plan atomically, readable by its owner only, because Corefiles can contain secrets.

    Returns:
        The digest of the file, for `apply --digest`.

    Raises:
        EksdnsError: The file cannot be written.
    """
    saved = SavedPlan(plan, accounts, __version__)
    digest = file_digest(saved)
    write_private_parts(path, text_parts(saved, digest), follows_links=True)
    return digest


def load_plan(path: Path, digest: str = "") -> SavedPlan:
    """Read a saved plan; its displayed changes are derived from its writes again.

    Args:
        digest: Digest printed by `plan --out`; empty for any.

    Raises:
        EksdnsError: The file does not exist, was modified, or has another digest.
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
        contradictions(saved.plan, same_tool=same_tool), foreign_accounts(saved.plan, saved.accounts)
    )
    if difference := next(found, ""):
        raise EksdnsError(
            f"{path} does not show what it would write: {difference}",
            hint=CREATE_NEW_PLAN,
            exit_code=ExitCode.REFUSED,
        )
    return saved
