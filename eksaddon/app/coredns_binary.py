"""Finds a CoreDNS binary on this machine."""

import shutil
from pathlib import Path

from eksaddon.app.files.paths import is_folder
from eksaddon.domain.errors import EksdnsError, ExitCode


def find_coredns(given: Path | None, purpose: str, version: str = "") -> Path:
    """The given binary, `coredns-VERSION` in the given folder, else `coredns` in the PATH.

    Raises:
        EksdnsError: There is none.
    """
    if given is not None and version and is_folder(given):
        return given / f"coredns-{version}"
    found = given or shutil.which("coredns")
    if found is None:
        raise EksdnsError(
            f"no CoreDNS binary {purpose}",
            hint="set --coredns to the path of a CoreDNS binary",
            exit_code=ExitCode.USAGE,
        )
    return Path(found)
