"""Finds a CoreDNS binary on this machine."""

import shutil
from pathlib import Path

from eksaddon.domain.errors import EksdnsError, ExitCode


def find_coredns(given: Path | None, purpose: str, version: str = "") -> Path:
    """The given binary, `coredns-VERSION` in the given folder, else `coredns` in the PATH.

    Raises:
        EksdnsError: There is none.
    """
    if given is not None and version and given.is_dir():
        return given / f"coredns-{version}"
    found = given or shutil.which("coredns")
    if found is None:
        raise EksdnsError(
            f"no CoreDNS binary {purpose}",
            hint="set --coredns to the path of a CoreDNS binary",
            exit_code=ExitCode.USAGE,
        )
    return Path(found)
