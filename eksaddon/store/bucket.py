"""Objects of S3 under a prefix, read and written whole."""

import hashlib
import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from secrets import SystemRandom
from time import sleep
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    IncompleteReadError,
    ReadTimeoutError,
    ResponseStreamingError,
)
from botocore.parsers import ResponseParserError

from eksaddon.domain.cause import Cause, Trouble
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

_NO_BUCKET = "create the bucket, or choose another with --state"
_ACCESS = (
    "the role needs s3:GetObject, s3:PutObject on the prefix, s3:ListBucket on the bucket, "
    "and kms:GenerateDataKey, kms:Decrypt where a KMS key encrypts it"
)
_REGION = "add the bucket's region to --state, as s3://bucket/prefix?region=eu-west-1"
_KEY = "check the KMS key of the bucket, or `kmskeyid` of --state"
_ANSWERS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "NoSuchBucket": ("the bucket does not exist", _NO_BUCKET),
        "InvalidBucketName": ("the name of the bucket is not valid", _NO_BUCKET),
        "AccessDenied": ("access denied", _ACCESS),
        "NotImplemented": (
            "this store does not support conditional writes",
            "use one that does: without them two runs may collide",
        ),
        "PermanentRedirect": ("the bucket is in another region", _REGION),
        "AuthorizationHeaderMalformed": (
            "the request was signed for another region than the bucket's",
            _REGION,
        ),
        "IllegalLocationConstraintException": ("the bucket is in another region", _REGION),
        "KMS.DisabledException": ("the bucket's KMS key is disabled", _KEY),
        "KMS.NotFoundException": ("the bucket's KMS key does not exist", _KEY),
        "KMS.KMSInvalidStateException": ("the bucket's KMS key cannot be used in its state", _KEY),
    }
)
"""What S3's error codes mean, and what to do (source: "Error responses" of the S3 API reference)."""

_NEEDED = re.compile(r"not authorized to perform: ([a-z0-9-]+:[A-Za-z]+)")
"""The action in the message of an access-denied answer, which newer regions' S3 gives."""

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


@dataclass(frozen=True, slots=True)
class BucketOptions:
    """What is sent with requests; each empty for nothing.

    Attributes:
        encryption: x-amz-server-side-encryption; without it S3 takes the bucket's default.
        key: Id or ARN of a KMS key.
        owner: Account that has to own the bucket: a bucket of the same name elsewhere is refused.
    """

    encryption: str = ""
    key: str = ""
    owner: str = ""

    @property
    def reading(self) -> dict[str, Any]:
        return {"ExpectedBucketOwner": self.owner} if self.owner else {}

    @property
    def writing(self) -> dict[str, Any]:
        sent = {"ServerSideEncryption": self.encryption, "SSEKMSKeyId": self.key}
        return {**self.reading, **{name: value for name, value in sent.items() if value}}


Explain = Callable[[Exception], Trouble | None]
"""What an exception of the client means; None where it is not one that the SDK raises."""


def unexplained(error: Exception) -> Trouble | None:
    known = isinstance(error, (BotoCoreError, ClientError, ResponseParserError, OSError))
    return Trouble(Cause.UNKNOWN, " ".join(str(error).split())) if known else None


class Bucket:
    """Objects under a prefix.

    Args:
        prefix: Ends with a slash, or is empty.
        explain: Asked for what is not an answer of S3.
        pause: Between two tries.
    """

    def __init__(
        self,
        client: "S3Client",
        bucket: str,
        prefix: str,
        *,
        options: BucketOptions | None = None,
        explain: Explain = unexplained,
        pause: Callable[[], None] = step_aside,
    ) -> None:
        self._options = options or BucketOptions()
        self._explain = explain
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
        return EksdnsError(f"{self.url}/{key} keeps changing", hint="run again")

    def _get(self, key: str) -> Stored:
        try:
            reply = self._client.get_object(
                Bucket=self._bucket, Key=self._prefix + key, **self._options.reading
            )
        except ClientError as error:
            if _code(error) in _ABSENT:
                return Stored(b"", "", _date(error.response))
            raise
        return Stored(reply["Body"].read(), reply["ETag"], _date(reply))

    def _put(self, key: str, data: bytes, etag: str) -> bool | None:
        """Whether it was written; None where it is to be sent again."""
        condition = {"IfMatch": etag} if etag else {"IfNoneMatch": "*"}
        more: dict[str, Any] = {**self._options.writing, **condition}
        check = b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode()
        whole = self._prefix + key
        try:
            self._client.put_object(Bucket=self._bucket, Key=whole, Body=data, ContentMD5=check, **more)
        except ClientError as error:
            if _code(error) in _AGAIN:
                return None
            if _code(error) in _TAKEN:
                return False
            raise self._trouble(key, error) from error
        except Exception as error:
            raise self._trouble(key, error) from error
        return True

    def _names(self, whole: str, *, folders: bool) -> list[str]:
        found: list[str] = []
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=whole, Delimiter="/" if folders else "", **self._options.reading
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
            except Exception as error:
                raise self._trouble(key, error) from error
        raise AssertionError("unreachable: the last try returns or raises")

    def _trouble(self, key: str, error: Exception) -> EksdnsError:
        where = f"s3://{self._bucket}/{self._prefix}{key}"
        code = _code(error) if isinstance(error, ClientError) else ""
        if code in _ANSWERS and isinstance(error, ClientError):
            message, hint = _ANSWERS[code]
            needed = _NEEDED.search(str(error))
            return EksdnsError(
                f"{where}: {message} ({error.operation_name}: {code})",
                hint=f"the role needs {needed[1]}" if needed else hint,
            )
        trouble = self._explain(error)
        if trouble is None:
            raise error
        hint = "check --state, credentials and network" if trouble.cause is Cause.UNKNOWN else trouble.hint
        return EksdnsError(f"{where}: {trouble.message}", hint=hint)


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _date(reply: Any) -> float | None:  # noqa: ANN401  # botocore's documents differ by operation
    """The Date header of an answer."""
    text = reply.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date", "")
    try:
        return parsedate_to_datetime(text).timestamp()
    except (TypeError, ValueError):
        return None
