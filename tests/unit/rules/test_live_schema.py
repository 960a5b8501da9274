"""Whether the schema of an add-on version still permits a planned document."""

import pytest

from eksaddon.domain.cause import Cause, Trouble
from eksaddon.rules.live_schema import schema_moved
from eksaddon.schema import AddonSchema, packaged_schema

VERSION = "v1.11.4-eksbuild.51"


def live() -> AddonSchema:
    schema = packaged_schema(VERSION)
    assert schema is not None
    return schema


@pytest.mark.parametrize("text", ['{"replicaCount":3}', "{}", "replicaCount: 3\n"])
def test_a_permitted_document_may_be_sent(text: str) -> None:
    assert schema_moved(VERSION, text, live()) == ""


@pytest.mark.parametrize(("text", "path"), [('{"replicaCount":"three"}', "replicaCount"), ('{"x":1}', "")])
def test_a_document_that_is_not_permitted_names_the_key(text: str, path: str) -> None:
    found = schema_moved(VERSION, text, live())
    start = f"the schema of {VERSION} was changed after the plan was made: "
    assert found.startswith(start + path)


@pytest.mark.parametrize("text", ["{", '{"replicaCount":"three"}'])
def test_eks_decides_where_the_schema_or_the_document_cannot_be_read(text: str) -> None:
    assert schema_moved(VERSION, text, Trouble(Cause.DENIED, "no")) == ""
    assert schema_moved(VERSION, "{", live()) == ""
