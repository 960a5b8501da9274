"""Opens the store at the location given by --state."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from eksaddon.domain.cause import Trouble
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.ports import RunStore
from eksaddon.regex import regex
from eksaddon.store.bucket_url import BucketUrl, read_bucket_url
from eksaddon.store.local import LocalStore

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_SCHEME = regex(r"([A-Za-z][A-Za-z0-9+.-]+):/")
"""At least two letters: a single one is a Windows drive."""


def open_store(
    state: str, s3: "Callable[[BucketUrl], S3Client]", explain: Callable[[Exception], Trouble | None]
) -> RunStore:
    """Open the store at a location.

    Args:
        state: A folder, or `s3://bucket/prefix` with settings as `bucket_url` reads them.
        s3: Creates a client; called only for an S3 location.
        explain: Translates an exception of the client.

    Raises:
        EksdnsError: `state` is neither.
    """
    if not state.startswith("s3:"):
        _refuse_scheme(state)
        return LocalStore(Path(state).expanduser())
    url = read_bucket_url(state)
    from eksaddon.store.bucket import Bucket, BucketOptions  # noqa: PLC0415  # botocore costs 200 ms
    from eksaddon.store.s3 import S3Store  # noqa: PLC0415  # as above

    options = BucketOptions(url.encryption, url.key, url.owner)
    return S3Store(Bucket(s3(url), url.bucket, url.prefix, options=options, explain=explain))


def _refuse_scheme(state: str) -> None:
    """Reject other schemes, such as `gs://bucket`, which would become a folder of that name."""
    found = _SCHEME.match(state)
    if found is None:
        return
    scheme = found[1]
    way_out = "name a folder, or s3://bucket/prefix"
    if scheme.lower() == "s3":
        way_out = f"write it in lower case: s3{state[len(scheme) :]}"
    raise EksdnsError(
        f"--state {state}: runs cannot be recorded in {scheme}://", hint=way_out, exit_code=ExitCode.USAGE
    )
