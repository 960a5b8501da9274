"""Journals and the lock in S3, by conditional writes (If-None-Match, If-Match; in S3 since November 2024)."""

import hashlib
from base64 import b64encode
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from secrets import SystemRandom, token_hex
from time import sleep
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.json import JsonObject
from eksaddon.ports import Held, HeldByOther, Holder
from eksaddon.store.holdings import Holdings, acquired, from_text, released, renewed, to_text
from eksaddon.store.lines import from_lines, to_lines
from eksaddon.store.names import checked, no_such_run, run_exists

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_CONFLICTS = frozenset({"PreconditionFailed", "ConditionalRequestConflict", "412", "409"})
_ABSENT = frozenset({"NoSuchKey", "404", "NotFound"})
_HINTS = {
    "NoSuchBucket": "create the bucket, or name another with --state",
    "AccessDenied": "the role needs s3:GetObject, s3:PutObject on the prefix and s3:ListBucket on the bucket",
    "NotImplemented": "this store knows no conditional writes, without which two runs may collide",
    "PermanentRedirect": "the bucket is in another region; set AWS_REGION to it",
}
_TRIES = 20
"""How often a changed document is read again before a write is given up."""

_PAUSE = 0.05
"""Seconds at most before the next try, so that several do not go on in step."""

_READERS = 8
_WRITER = "writer"


class Bucket:
    """Objects under a prefix.

    Args:
        prefix: Ends with a slash, or is empty.
    """

    def __init__(self, client: "S3Client", bucket: str, prefix: str) -> None:
        self._client = client
        self._bucket = bucket
        self._prefix = prefix

    @property
    def url(self) -> str:
        return f"s3://{self._bucket}/{self._prefix}".rstrip("/")

    def get(self, key: str) -> tuple[bytes, str]:
        """The object and its ETag; both empty for one that is not there."""
        try:
            reply = self._client.get_object(Bucket=self._bucket, Key=self._prefix + key)
            return reply["Body"].read(), reply["ETag"]
        except ClientError as error:
            if _code(error) in _ABSENT:
                return b"", ""
            raise self._trouble(key, error) from error
        except BotoCoreError as error:
            raise self._trouble(key, error) from error

    def put_new(self, key: str, data: bytes) -> bool:
        """Whether it is there now and is ours; a reply that was lost makes no second object."""
        if self._put(key, data, etag=""):
            return True
        return self.get(key)[0] == data

    def replace(self, key: str, data: bytes, etag: str) -> bool:
        """Whether it took the place of exactly that version."""
        return self._put(key, data, etag)

    def _put(self, key: str, data: bytes, etag: str) -> bool:
        whole = self._prefix + key
        md5 = hashlib.md5(data, usedforsecurity=False).digest()

        check = b64encode(md5).decode()
        try:
            if etag:
                self._client.put_object(
                    Bucket=self._bucket, Key=whole, Body=data, ContentMD5=check, IfMatch=etag
                )
            else:
                self._client.put_object(
                    Bucket=self._bucket, Key=whole, Body=data, ContentMD5=check, IfNoneMatch="*"
                )
        except ClientError as error:
            if _code(error) in _CONFLICTS:
                return False
            raise self._trouble(key, error) from error
        except BotoCoreError as error:
            raise self._trouble(key, error) from error
        return True

    def names(self, under: str, *, folders: bool = False) -> tuple[str, ...]:
        """Keys below a prefix without it, all pages; or only the names of folders there."""
        whole = self._prefix + under
        found: list[str] = []
        try:
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=whole, Delimiter="/" if folders else ""
            )
            for page in pages:
                if folders:
                    found += [each["Prefix"] for each in page.get("CommonPrefixes", [])]
                else:
                    found += [each["Key"] for each in page.get("Contents", [])]
        except (ClientError, BotoCoreError) as error:
            raise self._trouble(under, error) from error
        return tuple(sorted(each.removeprefix(whole).rstrip("/") for each in found))

    def _trouble(self, key: str, error: Exception) -> EksdnsError:
        code = _code(error) if isinstance(error, ClientError) else ""
        return EksdnsError(
            f"s3://{self._bucket}/{self._prefix}{key}: {error}",
            hint=_HINTS.get(code, "check --state, credentials and network"),
        )


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


class S3Journal:
    """One object for each append, numbered; a number that is taken means that somebody else writes.

    The first line of each is the writer's mark, by which a writer whose reply was lost knows its own
    object from an equal one of somebody else.
    """

    def __init__(self, bucket: Bucket, folder: str, count: int | None = None) -> None:
        self._bucket = bucket
        self._folder = folder
        self._count = count
        self._mark: JsonObject = {_WRITER: token_hex(16)}

    def append(self, records: Sequence[JsonObject]) -> None:
        if self._count is None:
            self._count = len(self._names())
        data = to_lines([self._mark, *records])
        if not self._bucket.put_new(f"{self._folder}/{self._count:08}.jsonl", data):
            raise EksdnsError(
                f"another process writes to this run ({self._bucket.url}/{self._folder})",
                hint="wait for it to end",
                exit_code=ExitCode.REFUSED,
            )
        self._count += 1

    def read(self) -> tuple[JsonObject, ...]:
        names = self._names()
        with ThreadPoolExecutor(_READERS) as readers:
            parts = readers.map(lambda name: self._bucket.get(f"{self._folder}/{name}")[0], names)
            return tuple(
                record for name, data in zip(names, parts, strict=True) for record in self._whole(name, data)
            )

    def close(self) -> None:
        """Nothing is held: a second writer is found out by its conditional writes."""

    def _names(self) -> tuple[str, ...]:
        names = self._bucket.names(f"{self._folder}/")
        for number, name in enumerate(names):
            if name != f"{number:08}.jsonl":
                raise EksdnsError(
                    f"{self._bucket.url}/{self._folder}: {name} stands where {number:08}.jsonl should",
                    hint="restore the objects of this run; eksdns does not guess what happened in it",
                )
        return names

    def _whole(self, name: str, data: bytes) -> tuple[JsonObject, ...]:
        where = f"{self._bucket.url}/{self._folder}/{name}"
        lines = from_lines(data, where)
        if not lines.records or lines.good != len(data) or _WRITER not in lines.records[0]:
            raise EksdnsError(f"{where} is damaged or gone", hint="restore the object from a copy")
        return lines.records[1:]


class S3Lock:
    """One document, replaced only where nobody has changed it meanwhile."""

    _KEY = "lock.json"

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket

    def acquire(self, keys: frozenset[str], holder: Holder, now: float) -> Held | HeldByOther:
        for _ in range(_TRIES):
            holdings, etag = self._read()
            result = acquired(holdings, keys, holder, now)
            if isinstance(result, HeldByOther):
                return result
            if self._write(result, etag):
                return Held(holder.until)
            _step_aside()
        raise self._contended()

    def renew(self, holder: Holder, now: float) -> bool:
        for _ in range(_TRIES):
            holdings, etag = self._read()
            result = renewed(holdings, holder, now)
            if result is None:
                return False
            if self._write(result, etag):
                return True
            _step_aside()
        raise self._contended()

    def release(self, holder: Holder) -> None:
        for _ in range(_TRIES):
            holdings, etag = self._read()
            if not etag or self._write(released(holdings, holder), etag):
                return
        raise self._contended()

    def _read(self) -> tuple[Holdings, str]:
        data, etag = self._bucket.get(self._KEY)
        return from_text(data.decode("utf-8", "replace"), f"{self._bucket.url}/{self._KEY}"), etag

    def _write(self, holdings: Holdings, etag: str) -> bool:
        return self._bucket.replace(self._KEY, to_text(holdings).encode(), etag)

    def _contended(self) -> EksdnsError:
        return EksdnsError(f"{self._bucket.url}/{self._KEY} changes all the time", hint="run again")


def _step_aside() -> None:
    sleep(SystemRandom().uniform(0, _PAUSE))


class S3Store:
    """A prefix of a bucket."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket

    def create(self, run_id: str) -> S3Journal:
        folder = self._folder(run_id)
        if self._bucket.names(f"{folder}/"):
            raise run_exists(run_id, self._bucket.url)
        return S3Journal(self._bucket, folder, 0)

    def open(self, run_id: str) -> S3Journal:
        folder = self._folder(run_id)
        if not self._bucket.names(f"{folder}/"):
            raise no_such_run(run_id, self._bucket.url, self.runs())
        return S3Journal(self._bucket, folder)

    def runs(self) -> tuple[str, ...]:
        return self._bucket.names("runs/", folders=True)

    def lock(self) -> S3Lock:
        return S3Lock(self._bucket)

    def _folder(self, run_id: str) -> str:
        return f"runs/{checked(run_id)}"


def new_client() -> "S3Client":
    """With the current credentials, in the current region."""
    import boto3  # noqa: PLC0415  # tests hand in clients of their own

    return boto3.client("s3")
