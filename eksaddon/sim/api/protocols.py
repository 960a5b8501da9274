"""The wire formats of AWS: operations of requests, and encoding of responses and errors."""

import json
from collections.abc import Mapping, Sequence
from typing import Literal
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from eksaddon.domain.json import Json, JsonObject
from eksaddon.frozen import dataclass
from eksaddon.sim.api import s3_wire
from eksaddon.sim.http.messages import RefusalError, Reply, Request

Protocol = Literal["rest-json", "json", "query", "ec2", "s3"]

JSON = "application/json"
JSON_1_1 = "application/x-amz-json-1.1"
XML = "text/xml"


@dataclass(frozen=True, slots=True)
class Understood:
    """An operation and its parameters; the name is empty for an unknown operation."""

    operation: str
    params: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Route:
    """A REST operation.

    Attributes:
        path: Segments; those in braces are parameters.
        lists: Query parameters that can be repeated.
    """

    operation: str
    method: str
    path: tuple[str, ...]
    lists: tuple[str, ...] = ()

    def match(self, method: str, segments: Sequence[str]) -> dict[str, Json] | None:
        """The parameters in a path; None if the path does not match."""
        if method != self.method or len(segments) != len(self.path):
            return None
        found: dict[str, Json] = {}
        for pattern, segment in zip(self.path, segments, strict=True):
            if pattern.startswith("{"):
                found[pattern[1:-1]] = segment
            elif pattern != segment:
                return None
        return found


def _route(operation: str, method: str, path: str, *lists: str) -> Route:
    return Route(operation, method, tuple(path.strip("/").split("/")), lists)


ROUTES: Mapping[str, tuple[Route, ...]] = {
    "eks": (
        _route("ListClusters", "GET", "/clusters", "include"),
        _route("DescribeAddonConfiguration", "GET", "/addons/configuration-schemas"),
        _route("DescribeAddonVersions", "GET", "/addons/supported-versions", "types", "publishers", "owners"),
        _route("DescribeCluster", "GET", "/clusters/{name}"),
        _route("ListAddons", "GET", "/clusters/{clusterName}/addons"),
        _route("CreateAddon", "POST", "/clusters/{clusterName}/addons"),
        _route("DescribeAddon", "GET", "/clusters/{clusterName}/addons/{addonName}"),
        _route("DeleteAddon", "DELETE", "/clusters/{clusterName}/addons/{addonName}"),
        _route("UpdateAddon", "POST", "/clusters/{clusterName}/addons/{addonName}/update"),
        _route("ListUpdates", "GET", "/clusters/{name}/updates"),
        _route("DescribeUpdate", "GET", "/clusters/{name}/updates/{updateId}"),
    ),
    "account": (_route("ListRegions", "POST", "/listRegions"),),
}

PROTOCOLS: Mapping[str, Protocol] = {
    "eks": "rest-json",
    "account": "rest-json",
    "organizations": "json",
    "sts": "query",
    "ec2": "ec2",
    "s3": "s3",
}

_NAMESPACES = {
    "sts": "https://sts.amazonaws.com/doc/2011-06-15/",
    "ec2": "http://ec2.amazonaws.com/doc/2016-11-15/",
}


def understand(service: str, request: Request) -> Understood:
    """Determine the operation of a request.

    Raises:
        RefusalError: The body does not match the service's protocol.
    """
    match PROTOCOLS[service]:
        case "s3":
            return Understood(*s3_wire.understand(request))
        case "rest-json":
            return _rest(ROUTES[service], request)
        case "json":
            operation = request.headers.get("x-amz-target", "").rpartition(".")[2]
            return Understood(operation, _object(request.body))
        case "query" | "ec2":
            fields = parse_qs(request.body.decode("utf-8", "replace")) or request.query
            params: dict[str, Json] = {name: values[-1] for name, values in fields.items()}
            return Understood(str(params.pop("Action", "")), params)


def _rest(routes: Sequence[Route], request: Request) -> Understood:
    for route in routes:
        labels = route.match(request.method, request.segments)
        if labels is not None:
            query: dict[str, Json] = {
                name: list(values) if name in route.lists else values[-1]
                for name, values in request.query.items()
            }
            return Understood(route.operation, {**query, **_object(request.body), **labels})
    return Understood("", {})


def _object(body: bytes) -> JsonObject:
    if not body:
        return {}
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise RefusalError(400, "SerializationException", "The request body is not a JSON object")
    return document


def success(service: str, operation: str, document: JsonObject, request_id: str) -> Reply:
    match PROTOCOLS[service]:
        case "s3":
            return s3_wire.success(operation, document, request_id)
        case "rest-json":
            return Reply(200, _json(document), JSON, _id(request_id))
        case "json":
            return Reply(200, _json(document), JSON_1_1, _id(request_id))
        case "query":
            result = _element(f"{operation}Result", document)
            body = result + _element("ResponseMetadata", {"RequestId": request_id})
            return Reply(200, _root(service, operation, body), XML, _id(request_id))
        case "ec2":
            body = _element("requestId", request_id) + _members(document)
            return Reply(200, _root(service, operation, body), XML, _id(request_id))


def failure(service: str, refusal: RefusalError, request_id: str) -> Reply:
    protocol = PROTOCOLS.get(service, "rest-json")
    code = _code(protocol, refusal.code)
    match protocol:
        case "s3":
            return s3_wire.failure(refusal, request_id)
        case "rest-json":
            document = _json({**refusal.members, "message": refusal.message})
            return Reply(refusal.status, document, JSON, _id(request_id) | {"x-amzn-ErrorType": code})
        case "json":
            document = _json({"__type": code, "Message": refusal.message, **refusal.members})
            return Reply(refusal.status, document, JSON_1_1, _id(request_id))
        case "query":
            error = {"Type": "Sender", "Code": code, "Message": refusal.message}
            body = _element("Error", error) + _element("RequestId", request_id)
            text = f'<ErrorResponse xmlns="{_NAMESPACES[service]}">{body}</ErrorResponse>'
            return Reply(refusal.status, text.encode(), XML, _id(request_id))
        case "ec2":
            error = {"Code": code, "Message": refusal.message}
            body = _element("Errors", {"Error": error}) + _element("RequestID", request_id)
            return Reply(refusal.status, f"<Response>{body}</Response>".encode(), XML, _id(request_id))


def _code(protocol: Protocol, code: str) -> str:
    if protocol == "ec2":
        code = _EC2_CODES.get(code, code)
    return _XML_CODES.get(code, code) if protocol in ("query", "ec2") else code


_EC2_CODES = {"AccessDeniedException": "UnauthorizedOperation"}
"""Source: "Error codes for the Amazon EC2 API"."""

_XML_CODES = {
    "AccessDeniedException": "AccessDenied",
    "ExpiredTokenException": "ExpiredToken",
    "ThrottlingException": "Throttling",
    "UnrecognizedClientException": "InvalidClientTokenId",
}
"""Error codes of the older protocols (source: "Common errors" of the STS API reference)."""


def _json(document: Json) -> bytes:
    return json.dumps(document).encode()


def _id(request_id: str) -> dict[str, str]:
    return {"x-amzn-RequestId": request_id}


def _root(service: str, operation: str, body: str) -> bytes:
    name = f"{operation}Response"
    return f'<{name} xmlns="{_NAMESPACES[service]}">{body}</{name}>'.encode()


def _element(name: str, value: Json) -> str:
    match value:
        case Mapping():
            return f"<{name}>{_members(value)}</{name}>"
        case list():
            return f"<{name}>{''.join(_element('item', each) for each in value)}</{name}>"
        case _:
            return f"<{name}>{escape(str(value))}</{name}>"


def _members(document: JsonObject) -> str:
    return "".join(_element(name, value) for name, value in document.items())
