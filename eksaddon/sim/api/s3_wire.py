"""S3's path-style wire format: raw bodies, everything else in headers and XML."""

from collections.abc import Mapping
from email.utils import formatdate
from urllib.parse import unquote
from xml.sax.saxutils import escape

from eksaddon.domain.json import Json, JsonObject
from eksaddon.sim.http.messages import RefusalError, Reply, Request

XML = "application/xml"
NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"
_BYTES = "latin-1"
"""Bodies are passed as text in which each character is a byte."""


def understand(request: Request) -> tuple[str, Mapping[str, Json]]:
    """The operation and its parameters; an empty operation if not simulated.

    Raises:
        RefusalError: The body does not match its headers.
    """
    bucket, _, key = request.target.partition("?")[0].lstrip("/").partition("/")
    params: dict[str, Json] = {"Bucket": unquote(bucket), "Key": unquote(key)}
    if request.method == "GET" and key:
        return "GetObject", params
    if request.method == "GET" and "list-type" in request.query:
        return "ListObjectsV2", {**params, **{name: each[-1] for name, each in request.query.items()}}
    if request.method == "PUT" and key:
        for header in ("if-match", "if-none-match", "content-md5"):
            params[header] = request.headers.get(header, "")
        return "PutObject", {**params, "Body": _body(request).decode(_BYTES)}
    return "", params


def _body(request: Request) -> bytes:
    """Decode `aws-chunked`, which the SDK uses to send a checksum after a body."""
    if "aws-chunked" not in request.headers.get("content-encoding", ""):
        return request.body
    decoded, rest = b"", request.body
    while rest:
        head, _, rest = rest.partition(b"\r\n")
        try:
            size = int(head.partition(b";")[0], 16)
        except ValueError:
            raise RefusalError(400, "IncompleteBody", "The chunks of the body are malformed") from None
        if not size:
            break
        decoded, rest = decoded + rest[:size], rest[size + 2 :]
    return decoded


def success(operation: str, document: JsonObject, request_id: str) -> Reply:
    headers = {"x-amz-request-id": request_id}
    match operation:
        case "GetObject":
            modified = formatdate(float(str(document["LastModified"])), usegmt=True)
            headers |= {"ETag": str(document["ETag"]), "Last-Modified": modified}
            return Reply(200, str(document["Body"]).encode(_BYTES), "binary/octet-stream", headers)
        case "PutObject":
            return Reply(200, b"", XML, headers | {"ETag": str(document["ETag"])})
        case _:
            text = f'<ListBucketResult xmlns="{NAMESPACE}">{_members(document)}</ListBucketResult>'
            return Reply(200, text.encode(), XML, headers)


def failure(refusal: RefusalError, request_id: str) -> Reply:
    error = {"Code": refusal.code, "Message": refusal.message, "RequestId": request_id}
    text = f'<?xml version="1.0" encoding="UTF-8"?><Error>{_members(error)}</Error>'
    return Reply(refusal.status, text.encode(), XML, {"x-amz-request-id": request_id})


def _members(document: Mapping[str, Json]) -> str:
    """Encode members; a list becomes elements of the same name."""
    found = ""
    for name, value in document.items():
        for each in value if isinstance(value, list) else [value]:
            inner = _members(each) if isinstance(each, Mapping) else escape(str(each))
            found += f"<{name}>{inner}</{name}>"
    return found
