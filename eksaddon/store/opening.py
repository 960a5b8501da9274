"""From what --state says to a store."""

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.ports import RunStore
from eksaddon.store.local import LocalStore

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):/")
"""Two letters or more: one is a drive of Windows."""
_S3 = re.compile(r"s3://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(?P<prefix>.*))?")


def default_state(environ: Mapping[str, str] = os.environ) -> str:
    """Where runs are recorded unless somebody says otherwise (source: XDG base directory specification)."""
    home = environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return str(Path(home) / "eksdns")


def open_store(state: str, s3: "Callable[[], S3Client]") -> RunStore:
    """Open the store at a place.

    Args:
        state: A folder, or `s3://bucket/prefix`.
        s3: Makes a client; called only where one is needed.

    Raises:
        EksdnsError: It is neither.
    """
    if not state.startswith("s3:"):
        _refuse_scheme(state)
        return LocalStore(Path(state).expanduser())
    found = _S3.fullmatch(state)
    if found is None:
        raise EksdnsError(
            f"{state!r} is no place in S3", hint="write it as s3://bucket/prefix", exit_code=ExitCode.USAGE
        )
    from eksaddon.store.bucket import Bucket  # noqa: PLC0415  # botocore costs 200 ms
    from eksaddon.store.s3 import S3Store  # noqa: PLC0415  # as above

    prefix = (found["prefix"] or "").strip("/")
    return S3Store(Bucket(s3(), found["bucket"], f"{prefix}/" if prefix else ""))


def _refuse_scheme(state: str) -> None:
    """A place that only looks like a folder, as `gs://bucket`, would become one of that name."""
    found = _SCHEME.match(state)
    if found is None:
        return
    scheme = found[1]
    way_out = "name a folder, or s3://bucket/prefix"
    if scheme.lower() == "s3":
        way_out = f"write it in small letters: s3{state[len(scheme) :]}"
    raise EksdnsError(
        f"--state {state}: runs cannot be recorded in {scheme}://", hint=way_out, exit_code=ExitCode.USAGE
    )
