"""Objects of S3 under a prefix, read and written whole."""

import hashlib
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from secrets import SystemRandom
from time import sleep
from typing import TYPE_CHECKING, Any, TypeVar

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    IncompleteReadError,
    ReadTimeoutError,
    ResponseStreamingError,
)
from botocore.parsers import ResponseParserError

from eksaddon.domain.errors import EksdnsError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

R = TypeVar("R")

_TAKEN = frozenset({"PreconditionFailed", "412", "NoSuchKey"})
"""A conditional write lost: the object is there, has another version, or with If-Match was deleted."""

_AGAIN = frozenset({"ConditionalRequestConflict", "OperationAborted", "409"})
"""Another write was under way, which says nothing about ours: S3 asks to repeat it (source: PutObject)."""

_ABSENT = frozenset({"NoSuchKey", "404", "NotFound"})
_CUT = (IncompleteReadError, ReadTimeoutError, ResponseStreamingError, ResponseParserError)
"""The answer began and broke off; botocore repeats requests, but not the reading of a body."""

_HINTS = {
    "NoSuchBucket": "create the bucket, or name another with --state",
    "AccessDenied": "the role needs s3:GetObject, s3:PutObject on the prefix and s3:ListBucket on the bucket",
    "NotImplemented": "this store knows no conditional writes, without which two runs may collide",
    "PermanentRedirect": "the bucket is in another region; set AWS_REGION to it",
}

TRIES = 20
"""How often a write that meets another one is sent before it is given up."""

_READS = 5
"""How often an answer that breaks off is asked for."""

_PAUSE = 0.05
"""Seconds at most before the next try, so that several do not go on in step."""


def step_aside() -> None:
    sleep(SystemRandom().uniform(0, _PAUSE))


@dataclass(frozen=True, slots=True)
class Stored:
    """An object as it was read.

    Attributes:
        data: Empty where there is none.
        etag: Of this version; empty where there is none.
        now: The store's clock when it answered, in seconds since the epoch; None where it did not say.
    """

    data: bytes
    etag: str
    now: float | None


class Bucket:
    """Objects under a prefix.

    Args:
        prefix: Ends with a slash, or is empty.
        pause: Between two tries.
    """

    def __init__(
        self, client: "S3Client", bucket: str, prefix: str, *, pause: Callable[[], None] = step_aside
    ) -> None:
        self._client = client
        self._bucket = bucket
        self._prefix = prefix
        self.pause = pause

    @property
    def url(self) -> str:
        return f"s3://{self._bucket}/{self._prefix}".rstrip("/")

    def get(self, key: str) -> Stored:
        return self._whole(key, lambda: self._get(key))

    def put_new(self, key: str, data: bytes) -> bool:
        """Whether it is there now and is ours; a reply that was lost makes no second object."""
        for _ in range(TRIES):
            match self._put(key, data, etag=""):
                case True:
                    return True
                case False:
                    return self.get(key).data == data
                case None:
                    self.pause()
        raise self.contended(key)

    def replace(self, key: str, data: bytes, etag: str) -> bool:
        """Whether it took the place of exactly that version; after False, read again."""
        return self._put(key, data, etag) is True

    def names(self, under: str, *, folders: bool = False) -> tuple[str, ...]:
        """Keys below a prefix without it, all pages; or only the names of folders there."""
        whole = self._prefix + under
        found = self._whole(under, lambda: self._names(whole, folders=folders))
        return tuple(sorted(each.removeprefix(whole).rstrip("/") for each in found))

    def contended(self, key: str) -> EksdnsError:
        return EksdnsError(f"{self.url}/{key} changes all the time", hint="run again")

    def _get(self, key: str) -> Stored:
        try:
            reply = self._client.get_object(Bucket=self._bucket, Key=self._prefix + key)
        except ClientError as error:
            if _code(error) in _ABSENT:
                return Stored(b"", "", _date(error.response))
            raise
        return Stored(reply["Body"].read(), reply["ETag"], _date(reply))

    def _put(self, key: str, data: bytes, etag: str) -> bool | None:
        """Whether it was written; None where it is to be sent again."""
        condition: dict[str, Any] = {"IfMatch": etag} if etag else {"IfNoneMatch": "*"}
        check = b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode()
        whole = self._prefix + key
        try:
            self._client.put_object(Bucket=self._bucket, Key=whole, Body=data, ContentMD5=check, **condition)
        except ClientError as error:
            if _code(error) in _AGAIN:
                return None
            if _code(error) in _TAKEN:
                return False
            raise self._trouble(key, error) from error
        except (BotoCoreError, ResponseParserError) as error:
            raise self._trouble(key, error) from error
        return True

    def _names(self, whole: str, *, folders: bool) -> list[str]:
        found: list[str] = []
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=whole, Delimiter="/" if folders else ""
        )
        for page in pages:
            if folders:
                found += [each["Prefix"] for each in page.get("CommonPrefixes", [])]
            else:
                found += [each["Key"] for each in page.get("Contents", [])]
        return found

    def _whole(self, key: str, read: Callable[[], R]) -> R:
        """Read until an answer arrives whole."""
        for left in reversed(range(_READS)):
            try:
                return read()
            except _CUT as error:
                if not left:
                    raise self._trouble(key, error) from error
                self.pause()
            except (BotoCoreError, ClientError) as error:
                raise self._trouble(key, error) from error
        raise AssertionError("unreachable: the last try returns or raises")

    def _trouble(self, key: str, error: Exception) -> EksdnsError:
        code = _code(error) if isinstance(error, ClientError) else ""
        return EksdnsError(
            f"s3://{self._bucket}/{self._prefix}{key}: {error}",
            hint=_HINTS.get(code, "check --state, credentials and network"),
        )


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _date(reply: Any) -> float | None:  # noqa: ANN401  # botocore's documents differ by operation
    """The Date header of an answer."""
    text = reply.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date", "")
    try:
        return parsedate_to_datetime(text).timestamp()
    except (TypeError, ValueError):
        return None
