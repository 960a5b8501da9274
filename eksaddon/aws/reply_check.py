"""Checks whether a response body matches the shape of its operation; botocore's parsers crash otherwise."""

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from botocore.model import ListShape, Shape, StructureShape
from botocore.utils import parse_timestamp

if TYPE_CHECKING:
    from botocore.model import OperationModel

_LAST_PLAIN_TIME = 253_402_300_799
"""9999-12-31T23:59:59Z, the limit of datetime."""

_EXCERPT = 80


def json_misfit(operation: "OperationModel", body: bytes) -> str:
    """Position where a JSON body differs from the operation's output shape; empty if it matches.

    null counts as absent, and unknown members are allowed.
    """
    try:
        document = json.loads(body.decode())
    except (ValueError, RecursionError):
        return f"invalid JSON: {_excerpt(body)}"
    if document is None:
        return "null"
    return _misfit(operation.output_shape, document, "")


def _misfit(shape: Shape | None, value: object, path: str) -> str:
    match shape:
        case StructureShape():
            return _misfit_of_members(shape, value, path)
        case ListShape():
            return _misfit_of_items(shape, value, path)
        case Shape(type_name=kind):
            return "" if FITS[kind](value) else f"no {kind} in {path}"
        case _:
            return ""


def _misfit_of_members(shape: StructureShape, value: object, path: str) -> str:
    if not isinstance(value, dict):
        return f"no object in {path}" if path else "a value that is not an object"
    for name, member in shape.members.items():
        wire = member.serialization.get("name", name)
        if value.get(wire) is not None:
            misfit = _misfit(member, value[wire], f"{path}.{wire}" if path else wire)
            if misfit:
                return misfit
    return ""


def _misfit_of_items(shape: ListShape, value: object, path: str) -> str:
    if not isinstance(value, list):
        return f"no list in {path}"
    if None in value:
        return f"null in {path}"
    return next(filter(None, (_misfit(shape.member, item, path) for item in value)), "")


def is_json_error(operation: "OperationModel", body: bytes, kind: str) -> bool:
    """Whether botocore's parser can read a JSON error.

    Args:
        kind: The x-amzn-errortype header; empty if absent.
    """
    try:
        document = json.loads(body.decode())
    except (UnicodeDecodeError, RecursionError):
        return False
    except ValueError:
        return True
    if not isinstance(document, dict):
        return False
    words = [document.get(name) for name in ("code", "Code", "__type", "message", "Message")]
    if not all(isinstance(word, str | None) for word in words):
        return False
    code = kind or next(filter(None, words[:3]), "")
    shape = operation.service_model.shape_for_error_code(code.split(":")[0].rsplit("#")[-1])  # type: ignore[arg-type]  # typed as a number in the stubs
    return not _misfit(shape, document, "error")


def xml_misfit(operation: "OperationModel", body: bytes) -> str:
    """Like `json_misfit`, for XML; the output is in an element named after the operation."""
    root = _element(body)
    if root is None:
        return f"invalid XML: {_excerpt(body)}"
    if operation.service_model.resolved_protocol == "ec2":  # members are in the root element
        name = f"{operation.name}Response"
        result = root if root.tag.rpartition("}")[2] == name else None
    else:
        name = f"{operation.name}Result"
        result = root.find(f"{{*}}{name}")
    if result is None:
        return f"no {name}: {_excerpt(body)}"
    return _misfit_of_elements(operation.output_shape, result)


def _misfit_of_elements(shape: StructureShape | None, parent: ET.Element) -> str:
    for name, member in shape.members.items() if shape else ():
        wire = member.serialization.get("name", name)
        found = parent.findall(f"{{*}}{wire}")
        if len(found) > 1:
            return f"{wire} twice"
        for element in found:
            misfit = _misfit_of_element(member, element, wire)
            if misfit:
                return misfit
    return ""


def _misfit_of_element(shape: Shape, element: ET.Element, name: str) -> str:
    text = element.text or ""
    match shape:
        case StructureShape():
            return _misfit_of_elements(shape, element)
        case ListShape():  # none of our operations has a flattened one
            item = shape.member.serialization.get("name", "member")
            items = (_misfit_of_element(shape.member, each, name) for each in element.findall(f"{{*}}{item}"))
            return next(filter(None, items), "")
        case Shape(type_name="integer" | "long") if not _is_integer(text):
            return f"no number in {name}"
        case Shape(type_name="timestamp") if not _is_time(text):
            return f"no timestamp in {name}"
        case _:
            return ""


def is_xml_error(body: bytes) -> bool:
    """Whether botocore's parser can read an XML error: one Error with one Code."""
    root = _element(body)
    if root is None:
        return False
    errors = root.findall("{*}Error") or root.findall("{*}Errors/{*}Error")
    return len(errors) == 1 and len(errors[0].findall("{*}Code")) == 1 and bool(errors[0].findtext("{*}Code"))


def _element(body: bytes) -> ET.Element | None:
    try:
        return ET.fromstring(body)  # noqa: S314  # botocore parses the same bytes with the same parser
    except (ET.ParseError, ValueError, LookupError):
        return None


def _is_integer(value: object) -> bool:
    try:
        int(str(value))
    except ValueError:
        return False
    return True


def _is_time(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return False
    if not isinstance(value, str):
        return 0 <= value <= _LAST_PLAIN_TIME
    try:
        parse_timestamp(value)
    except (ValueError, OverflowError, OSError, RuntimeError):
        return False
    return True


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _excerpt(body: bytes) -> str:
    text = " ".join(body[:_EXCERPT].decode("utf-8", "replace").split())
    return text or "an empty body"


FITS: Mapping[str, Callable[[object], bool]] = {
    "boolean": lambda value: isinstance(value, bool),
    "integer": _is_whole,
    "long": _is_whole,
    "map": lambda value: isinstance(value, dict),
    "string": lambda value: isinstance(value, str),
    "timestamp": _is_time,
}
"""Checks by kind of shape; our operations' responses have no other kinds."""
