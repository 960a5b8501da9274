"""Whatever passes the check, botocore's own parsers can read; whatever does not is named."""

import json
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

import pytest
from botocore.loaders import Loader
from botocore.model import ListShape, OperationModel, ServiceModel, Shape, StructureShape
from botocore.parsers import ResponseParserError, create_parser
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.aws.reply_check import FITS, is_json_error, is_xml_error, json_misfit, xml_misfit
from tests.support.examples import examples
from tests.support.operations import OPERATIONS

LOADER = Loader()
MODELS = {
    service: ServiceModel(LOADER.load_service_model(service, "service-2"))
    for service in ("eks", "sts", "organizations", "account")
}
JSON_OPERATIONS = [
    MODELS[service].operation_model(name)
    for service, names in {
        "eks": (
            "ListClusters",
            "DescribeAddon",
            "DescribeCluster",
            "UpdateAddon",
            "DescribeAddonConfiguration",
        ),
        "organizations": ("ListAccounts", "ListTagsForResource"),
        "account": ("ListRegions",),
    }.items()
    for name in names
]
XML_OPERATIONS = [MODELS["sts"].operation_model(name) for name in ("AssumeRole", "GetCallerIdentity")]


def kinds(shape: Shape | None, seen: set[str]) -> set[str]:
    """Of all that a shape is made of."""
    if shape is None or shape.name in seen:
        return set()
    seen.add(shape.name)
    match shape:
        case StructureShape():
            return set().union(*(kinds(member, seen) for member in shape.members.values()))
        case ListShape():
            return kinds(shape.member, seen)
        case _:
            return {shape.type_name}


@pytest.mark.parametrize("service", ["eks", "organizations", "account"])
def test_every_kind_of_value_that_our_operations_answer_with_is_checked(service: str) -> None:
    model = MODELS[service]
    shapes = [model.operation_model(name).output_shape for name in OPERATIONS[service]]
    found = set().union(*(kinds(shape, set()) for shape in [*shapes, *model.error_shapes]))
    assert found <= set(FITS)
    assert "string" in found


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
TIMES = st.floats() | st.integers() | st.sampled_from(["2026-01-01T00:00:00Z", "1767225600", "yesterday", ""])


def fitting(shape: Shape) -> st.SearchStrategy[Any]:
    """Documents that mostly fit, with something odd here and there."""
    match shape:
        case StructureShape():
            members = {
                member.serialization.get("name", name): fitting(member)
                for name, member in shape.members.items()
            }
            good: st.SearchStrategy[Any] = st.fixed_dictionaries({}, optional=members)
        case ListShape():
            good = st.lists(fitting(shape.member), max_size=2)
        case Shape(type_name="string"):
            good = st.text(max_size=8)
        case Shape(type_name="timestamp"):
            good = TIMES
        case Shape(type_name="boolean"):
            good = st.booleans()
        case Shape(type_name="map"):
            good = st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2)
        case _:
            good = st.integers()
    return st.integers(0, 30).flatmap(lambda dice: JUNK if dice == 0 else good)


def reply(body: bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    return {"headers": headers or {}, "status_code": status, "body": body, "context": {}}


def parsed_by_botocore(operation: OperationModel, response: dict[str, Any]) -> dict[str, Any]:
    """As botocore.endpoint does it, the second look at a modelled error included."""
    assert operation.output_shape is not None
    parser = create_parser(operation.service_model.resolved_protocol)
    document: dict[str, Any] = parser.parse(response, operation.output_shape)
    if response["status_code"] >= 300:
        code = document.get("Error", {}).get("Code")
        shape = operation.service_model.shape_for_error_code(code) if code is not None else None
        if shape is not None:
            document.update(parser.parse(response, shape))
    return document


@given(st.data())
@examples(200)
def test_a_body_that_fits_is_one_that_botocore_can_read(data: st.DataObject) -> None:
    operation = data.draw(st.sampled_from(JSON_OPERATIONS))
    assert operation.output_shape is not None
    body = json.dumps(data.draw(fitting(operation.output_shape))).encode()
    if not json_misfit(operation, body):
        assert parsed_by_botocore(operation, reply(body))["ResponseMetadata"]


@given(st.sampled_from(JSON_OPERATIONS), st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_no_bytes_make_the_check_of_a_reply_fail(operation: OperationModel, body: bytes) -> None:
    assert json_misfit(operation, body) or isinstance(json.loads(body), dict)


@given(st.data())
@examples(150)
def test_an_error_that_is_plain_is_one_that_botocore_can_read(data: st.DataObject) -> None:
    operation = data.draw(st.sampled_from(JSON_OPERATIONS))
    kind = data.draw(
        st.sampled_from(["", "ResourceNotFoundException", "Odd:http://x", "ValidationException"])
    )
    words = st.sampled_from(["code", "Code", "__type", "message", "Message", "clusterName", "fieldList"])
    values = st.text(max_size=9) | st.sampled_from(["InvalidParameterException", "a#ServerException:"]) | JUNK
    documents = st.dictionaries(words, values, max_size=4).map(lambda one: json.dumps(one).encode())
    body = data.draw(documents | JUNK.map(lambda one: json.dumps(one).encode()) | st.binary(max_size=30))
    if is_json_error(operation, body, kind):
        headers = {"x-amzn-errortype": kind} if kind else {}
        assert "Error" in parsed_by_botocore(operation, reply(body, 400, headers))


@pytest.mark.parametrize(
    ("body", "misfit"),
    [
        (b"", "invalid JSON: an empty body"),
        (b'{"clusters": ["a"', 'invalid JSON: {"clusters": ["a"'),
        (b"<html>\n  <body>Log in</body>", "invalid JSON: <html> <body>Log in</body>"),
        (b"[" * 100_000, f"invalid JSON: {'[' * 80}"),
        (
            '{"clusters": []}'.encode("utf-16-le"),
            'invalid JSON: {\0"\0c\0l\0u\0s\0t\0e\0r\0s\0"\0:\0 \0[\0]\0}\0',
        ),
        (b"null", "null"),
        (b"[]", "a value that is not an object"),
        (b'{"clusters": "abc"}', "no list in clusters"),
        (b'{"clusters": ["a", null]}', "null in clusters"),
        (b'{"clusters": ["a", 7]}', "no string in clusters"),
        (b'{"clusters": ["a"], "nextToken": 7}', "no string in nextToken"),
        (b'{"clusters": null}', ""),
        (b'{"clusters": [], "somethingNew": {"a": 1}}', ""),
    ],
)
def test_a_misfit_says_what_and_where(body: bytes, misfit: str) -> None:
    assert json_misfit(MODELS["eks"].operation_model("ListClusters"), body) == misfit


@pytest.mark.parametrize(
    ("addon", "misfit"),
    [
        ({"health": {"issues": {}}}, "no list in addon.health.issues"),
        ({"health": {"issues": [{"code": 1}]}}, "no string in addon.health.issues.code"),
        ({"health": 3}, "no object in addon.health"),
        ({"modifiedAt": "yesterday"}, "no timestamp in addon.modifiedAt"),
        ({"modifiedAt": True}, "no timestamp in addon.modifiedAt"),
        ({"modifiedAt": []}, "no timestamp in addon.modifiedAt"),
        ({"modifiedAt": "9e400"}, "no timestamp in addon.modifiedAt"),
        ({"modifiedAt": 1e300}, "no timestamp in addon.modifiedAt"),
        ({"modifiedAt": "2026-01-01T00:00:00Z"}, ""),
        ({"tags": []}, "no map in addon.tags"),
        ({"status": "A_NEW_WORD"}, ""),
    ],
)
def test_deep_members_are_looked_at_too(addon: object, misfit: str) -> None:
    body = json.dumps({"addon": addon}).encode()
    assert json_misfit(MODELS["eks"].operation_model("DescribeAddon"), body) == misfit


def xml(operation: str, inner: str) -> bytes:
    namespace = "https://sts.amazonaws.com/doc/2011-06-15/"
    return f'<{operation}Response xmlns="{namespace}">{inner}</{operation}Response>'.encode()


@pytest.mark.parametrize(
    ("body", "is_plain"),
    [
        (b"", True),
        (b"<html>", True),
        (b"{}", True),
        (b"[]", False),
        (b"[" * 100_000, False),
        (b'{"message": "\xff"}', False),
        ('{"message": "no"}'.encode("utf-16"), False),
        (b'{"message": 5}', False),
        (b'{"code": "ValidationException", "fieldList": [{"name": 1}]}', False),
    ],
)
def test_an_error_is_plain_if_botocore_does_not_stumble_over_it(body: bytes, *, is_plain: bool) -> None:
    operation = MODELS["account"].operation_model("ListRegions")
    assert is_json_error(operation, body, "") == is_plain


WHEN = "<Expiration>2026-01-01T00:00:00Z</Expiration>"
SIZE = "<PackedPolicySize>6</PackedPolicySize>"
KEYS = "<AccessKeyId>A</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>"


@pytest.mark.parametrize(
    ("inner", "misfit"),
    [
        (f"<AssumeRoleResult><Credentials>{KEYS}</Credentials></AssumeRoleResult>", ""),
        (
            f"<AssumeRoleResult><Credentials>{KEYS}{WHEN}</Credentials>{SIZE}</AssumeRoleResult>",
            "",
        ),
        (
            "<AssumeRoleResult><Credentials><Expiration>soon</Expiration></Credentials></AssumeRoleResult>",
            "no timestamp in Expiration",
        ),
        (
            "<AssumeRoleResult><PackedPolicySize>x</PackedPolicySize></AssumeRoleResult>",
            "no number in PackedPolicySize",
        ),
        ("<AssumeRoleResult><Credentials/><Credentials/></AssumeRoleResult>", "Credentials twice"),
    ],
)
def test_xml_is_checked_as_well(inner: str, misfit: str) -> None:
    operation = MODELS["sts"].operation_model("AssumeRole")
    body = xml("AssumeRole", inner)
    assert xml_misfit(operation, body) == misfit
    if not misfit:
        assert parsed_by_botocore(operation, reply(body))["Credentials"]["AccessKeyId"] == "A"


@pytest.mark.parametrize("body", [b"", b"{}", b"<html><body/></html>", b"<a", b"\xff\xfe"])
def test_an_unexpected_answer_of_sts_is_reported_as_such(body: bytes) -> None:
    assert xml_misfit(MODELS["sts"].operation_model("GetCallerIdentity"), body).startswith(
        ("invalid XML: ", "no ")
    )


TAGS = st.sampled_from(
    [
        "AssumeRoleResult",
        "Credentials",
        "Expiration",
        "Error",
        "Code",
        "Message",
        "ResponseMetadata",
        "Errors",
    ]
)


def tree() -> st.SearchStrategy[str]:
    leaf = st.text("abc 019:-TZ", max_size=6).map(escape)
    return st.recursive(
        leaf,
        lambda inner: st.lists(st.tuples(TAGS, inner), max_size=3).map(
            lambda pairs: "".join(f"<{tag}>{text}</{tag}>" for tag, text in pairs)
        ),
        max_leaves=8,
    )


@given(st.sampled_from(XML_OPERATIONS), tree())
def test_xml_that_fits_is_xml_that_botocore_can_read(operation: OperationModel, inner: str) -> None:
    body = xml(operation.name, f"<{operation.name}Result>{inner}</{operation.name}Result>")
    if not xml_misfit(operation, body):
        assert parsed_by_botocore(operation, reply(body))["ResponseMetadata"]


@given(st.sampled_from(XML_OPERATIONS), tree(), st.sampled_from(["ErrorResponse", "html"]))
def test_an_xml_error_that_is_plain_is_one_that_botocore_can_read(
    operation: OperationModel, inner: str, root: str
) -> None:
    body = f"<{root}>{inner}</{root}>".encode()
    if is_xml_error(body):
        assert parsed_by_botocore(operation, reply(body, 400))["Error"]["Code"]


def test_an_ordinary_error_of_sts_is_plain() -> None:
    body = b"<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>"
    assert is_xml_error(body)
    with pytest.raises(ResponseParserError):
        parsed_by_botocore(XML_OPERATIONS[0], reply(b"<html>", 400))
    assert not is_xml_error(b"<html>")
