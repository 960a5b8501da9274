"""Objects in buckets: whole reads, conditional writes and lists."""

import hashlib
from base64 import b64encode
from collections.abc import Callable, Mapping

from eksaddon.domain.json import Json, JsonObject
from eksaddon.frozen import dataclass
from eksaddon.sim.api.request import ApiRequest
from eksaddon.sim.http.messages import RefusalError

_BYTES = "latin-1"
_PER_PAGE = 1000


@dataclass(frozen=True, slots=True)
class StoredObject:
    """An object.

    Attributes:
        body: Each character is a byte.
        modified_at: Seconds since the epoch.
    """

    body: str
    modified_at: float

    @property
    def etag(self) -> str:
        return f'"{hashlib.md5(self.body.encode(_BYTES), usedforsecurity=False).hexdigest()}"'


class Buckets:
    """Buckets by name; accessible to their account only."""

    def __init__(self, owner: Callable[[], str]) -> None:
        self._owner = owner
        self._buckets: dict[str, dict[str, StoredObject]] = {}
        self.operations: Mapping[str, Callable[[ApiRequest], JsonObject]] = {
            "GetObject": self.get_object,
            "PutObject": self.put_object,
            "ListObjectsV2": self.list_objects,
        }

    def add(self, name: str) -> None:
        self._buckets.setdefault(name, {})

    def get_object(self, request: ApiRequest) -> JsonObject:
        found = self._bucket(request).get(request.text("Key"))
        if found is None:
            raise RefusalError(404, "NoSuchKey", "The specified key does not exist.")
        return {"Body": found.body, "ETag": found.etag, "LastModified": found.modified_at}

    def put_object(self, request: ApiRequest) -> JsonObject:
        """Write an object; If-None-Match accepts only `*`, and If-Match requires the object to exist."""
        bucket, key, body = self._bucket(request), request.text("Key"), str(request.params["Body"])
        sent, digest = body.encode(_BYTES), request.text("content-md5")
        if digest and digest != b64encode(hashlib.md5(sent, usedforsecurity=False).digest()).decode():
            raise RefusalError(400, "BadDigest", "The Content-MD5 did not match what we received")
        found, etag = bucket.get(key), request.text("if-match")
        if request.text("if-none-match") not in {"", "*"}:
            message = "A header you provided implies functionality that is not implemented"
            raise RefusalError(501, "NotImplemented", message)
        if etag and found is None:
            raise RefusalError(404, "NoSuchKey", "The specified key does not exist.")
        is_taken = bool(request.text("if-none-match")) and found is not None
        if is_taken or (etag and found is not None and etag != found.etag):
            raise RefusalError(
                412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold"
            )
        bucket[key] = StoredObject(body, request.now)
        return {"ETag": bucket[key].etag}

    def list_objects(self, request: ApiRequest) -> JsonObject:
        prefix, delimiter = request.text("prefix"), request.text("delimiter")
        after = request.text("continuation-token") or request.text("start-after")
        rest = sorted(key for key in self._bucket(request) if key.startswith(prefix) and key > after)
        names, shared = list[Json](), dict[str, None]()
        last = ""
        for key in rest[:_PER_PAGE]:
            last = key
            head, found, _ = key[len(prefix) :].partition(delimiter) if delimiter else ("", "", "")
            if found:
                shared[prefix + head + delimiter] = None
            else:
                names.append({"Key": key})
        document: dict[str, Json] = {
            "Name": request.text("Bucket"),
            "Prefix": prefix,
            "KeyCount": len(names) + len(shared),
            "MaxKeys": _PER_PAGE,
            "IsTruncated": "true" if len(rest) > _PER_PAGE else "false",
            "Contents": names,
            "CommonPrefixes": [{"Prefix": each} for each in shared],
        }
        return document | ({"NextContinuationToken": last} if len(rest) > _PER_PAGE else {})

    def _bucket(self, request: ApiRequest) -> dict[str, StoredObject]:
        found = self._buckets.get(request.text("Bucket"))
        if found is None:
            raise RefusalError(404, "NoSuchBucket", "The specified bucket does not exist")
        if request.caller.account.id != self._owner():
            raise RefusalError(403, "AccessDenied", "Access Denied")
        return found
