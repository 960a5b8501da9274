"""Reads and writes whole S3 objects below a prefix."""

import hashlib
from base64 import b64encode
from collections.abc import Callable, Mapping
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
from eksaddon.frozen import dataclass
from eksaddon.regex import regex

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

R = TypeVar("R")

_LOST = frozenset({"PreconditionFailed", "412", "NoSuchKey"})
"""The conditional write failed: the object exists, has another version, or (with If-Match) was deleted."""

_RETRY = frozenset({"ConditionalRequestConflict", "OperationAborted", "409"})
"""A concurrent write was in progress; S3 asks to retry (source: PutObject)."""

_ABSENT = frozenset({"NoSuchKey", "404", "NotFound"})
_INTERRUPTED = (IncompleteReadError, ReadTimeoutError, ResponseStreamingError, ResponseParserError)
"""The response was interrupted; botocore retries requests, but not reading a body."""

_NO_BUCKET = "create the bucket, or choose another with --state"
_ACCESS = (
    "the role needs s3:GetObject, s3:PutObject on the prefix, s3:ListBucket on the bucket, "
    "and kms:GenerateDataKey, kms:Decrypt where a KMS key encrypts it"
)
_REGION = "add the bucket's region to --state, as s3://bucket/prefix?region=eu-west-1"
_KEY = "check the KMS key of the bucket, or `kmskeyid` of --state"
_ERRORS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "NoSuchBucket": ("the bucket does not exist", _NO_BUCKET),
        "InvalidBucketName": ("the name of the bucket is not valid", _NO_BUCKET),
        "AccessDenied": ("access denied", _ACCESS),
        "NotImplemented": (
            "this store does not support conditional writes",
            "use one that does; otherwise two runs could change the same clusters",
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
"""Cause and hint for S3's error codes (source: "Error responses" of the S3 API reference)."""

_MISSING_ACTION = regex(r"not authorized to perform: ([a-z0-9-]+:[A-Za-z]+)")
"""The action in the message of an access-denied response, which newer S3 regions include."""

TRIES = 20
"""Maximum number of attempts of a write that conflicts with concurrent writes."""

_MAX_READS = 5
"""Maximum number of reads of an object whose response is interrupted."""

_MAX_PAUSE = 0.05
"""Maximum seconds before the next attempt; random, so that concurrent writers do not stay in step."""


def step_aside() -> None:
    sleep(SystemRandom().uniform(0, _MAX_PAUSE))


@dataclass(frozen=True, slots=True)
class Stored:
    """An object as read.

    Attributes:
        data: Empty if the object does not exist.
        etag: ETag of this version; empty if the object does not exist.
        now: The store's clock at the response, in seconds since the epoch; None if not sent.
    """

    data: bytes
    etag: str
    now: float | None


@dataclass(frozen=True, slots=True)
class BucketOptions:
    """Options of requests; empty for none.

    Attributes:
        encryption: x-amz-server-side-encryption; if empty, S3 uses the bucket's default.
        key: Id or ARN of a KMS key.
        owner: Account that must own the bucket; requests to a bucket of another account fail.
    """

    encryption: str = ""
    key: str = ""
    owner: str = ""

    @property
    def reading(self) -> dict[str, Any]:
        return {"ExpectedBucketOwner": self.owner} if self.owner else {}

    @property
    def writing(self) -> dict[str, Any]:
        headers = {"ServerSideEncryption": self.encryption, "SSEKMSKeyId": self.key}
        return {**self.reading, **{name: value for name, value in headers.items() if value}}


Explain = Callable[[Exception], Trouble | None]
"""Translates an exception of the client; returns None if it is not an SDK error."""


def unexplained(error: Exception) -> Trouble | None:
    known = isinstance(error, (BotoCoreError, ClientError, ResponseParserError, OSError))
    return Trouble(Cause.UNKNOWN, " ".join(str(error).split())) if known else None


class Bucket:
    """Objects below a prefix.

    Args:
        prefix: Ends with a slash, or is empty.
        explain: Translates exceptions that are not S3 responses.
        pause: Waits between two attempts, in seconds.
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
        return self._read_complete(key, lambda: self._get(key))

    def put_new(self, key: str, data: bytes) -> bool:
        """Create an object; False if another one exists. An equal one is ours: its response was lost."""
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
        """Replace exactly the version `etag`; if False, read the object again."""
        return self._put(key, data, etag) is True

    def names(self, under: str, *, folders: bool = False) -> tuple[str, ...]:
        """Keys below a prefix, relative to it, or only folder names; reads all pages."""
        full_key = self._prefix + under
        found = self._read_complete(under, lambda: self._list(full_key, folders=folders))
        return tuple(sorted(each.removeprefix(full_key).rstrip("/") for each in found))

    def contended(self, key: str) -> EksdnsError:
        return EksdnsError(f"{self.url}/{key} keeps changing", hint="run again")

    def _get(self, key: str) -> Stored:
        try:
            reply = self._client.get_object(
                Bucket=self._bucket, Key=self._prefix + key, **self._options.reading
            )
        except ClientError as error:
            if _code(error) in _ABSENT:
                return Stored(b"", "", _response_time(error.response))
            raise
        return Stored(reply["Body"].read(), reply["ETag"], _response_time(reply))

    def _put(self, key: str, data: bytes, etag: str) -> bool | None:
        """Whether the object was written; None to retry."""
        condition = {"IfMatch": etag} if etag else {"IfNoneMatch": "*"}
        parameters: dict[str, Any] = {**self._options.writing, **condition}
        checksum = b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode()
        full_key = self._prefix + key
        try:
            self._client.put_object(
                Bucket=self._bucket, Key=full_key, Body=data, ContentMD5=checksum, **parameters
            )
        except ClientError as error:
            if _code(error) in _RETRY:
                return None
            if _code(error) in _LOST:
                return False
            raise self._trouble(key, error) from error
        except Exception as error:
            raise self._trouble(key, error) from error
        return True

    def _list(self, full_key: str, *, folders: bool) -> list[str]:
        found: list[str] = []
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=full_key, Delimiter="/" if folders else "", **self._options.reading
        )
        for page in pages:
            if folders:
                found += [each["Prefix"] for each in page.get("CommonPrefixes", [])]
            else:
                found += [each["Key"] for each in page.get("Contents", [])]
        return found

    def _read_complete(self, key: str, read: Callable[[], R]) -> R:
        """Retry a read until the response is complete."""
        for remaining in reversed(range(_MAX_READS)):
            try:
                return read()
            except _INTERRUPTED as error:
                if not remaining:
                    raise self._trouble(key, error) from error
                self.pause()
            except Exception as error:
                raise self._trouble(key, error) from error
        raise AssertionError("unreachable: the last try returns or raises")

    def _trouble(self, key: str, error: Exception) -> EksdnsError:
        url = f"s3://{self._bucket}/{self._prefix}{key}"
        code = _code(error) if isinstance(error, ClientError) else ""
        if code in _ERRORS and isinstance(error, ClientError):
            message, hint = _ERRORS[code]
            missing_action = _MISSING_ACTION.search(str(error))
            return EksdnsError(
                f"{url}: {message} ({error.operation_name}: {code})",
                hint=f"the role needs {missing_action[1]}" if missing_action else hint,
            )
        trouble = self._explain(error)
        if trouble is None:
            raise error
        hint = "check --state, credentials and network" if trouble.cause is Cause.UNKNOWN else trouble.hint
        return EksdnsError(f"{url}: {trouble.message}", hint=hint)


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _response_time(reply: Any) -> float | None:  # noqa: ANN401  # botocore's documents differ by operation
    """The Date header of a response, in seconds since the epoch."""
    text = reply.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date", "")
    try:
        return parsedate_to_datetime(text).timestamp()
    except (TypeError, ValueError):
        return None
