"""Finds a CoreDNS binary on this machine."""

import shutil
from pathlib import Path

from eksaddon.domain.errors import EksdnsError, ExitCode


def find_coredns(given: Path | None, purpose: str) -> Path:
    """The given binary, else `coredns` in the PATH.

    Raises:
        EksdnsError: There is none.
    """
    found = given or shutil.which("coredns")
    if found is None:
        raise EksdnsError(
            f"no CoreDNS binary {purpose}",
            hint="set --coredns to the path of a CoreDNS binary",
            exit_code=ExitCode.USAGE,
        )
    return Path(found)
