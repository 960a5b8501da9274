"""Common parts of all published documents.

A document is a frozen dataclass that begins with `schema_version: Version` and `kind: Literal[...]`. Its
JSON and its JSON Schema are derived from it, so that each key is defined once.
"""

import typing
from typing import Annotated, Any, Literal

from eksaddon.domain.encoding.codec import Form, as_object, encode
from eksaddon.domain.encoding.codec_schema import DIALECT, Keywords, Schemas
from eksaddon.domain.json import SCHEMA_VERSION, JsonObject

Version = Literal[2]
"""`SCHEMA_VERSION` as a type."""

Count = Annotated[int, Keywords({"minimum": 0})]
Time = Annotated[
    str,
    Keywords({"pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"}),
    "UTC, to the second.",
]


def as_json(document: object) -> JsonObject:
    return as_object(encode(document, Form.DOCUMENT))


def kind_of(document: type) -> str:
    """Value of the document's `kind`."""
    hint: Any = typing.get_type_hints(document)["kind"]
    return str(typing.get_args(hint)[0])


def schema_of(document: type) -> JsonObject:
    """The JSON Schema (draft 2020-12) of a document; it allows additional keys.

    A string in an attribute's `Annotated` becomes its `description`; `Keywords` adds more, such as `minimum`.
    """
    schemas = Schemas(Form.DOCUMENT)
    body = schemas.of_object(document)
    title = f"eksdns {kind_of(document)}, schemaVersion {SCHEMA_VERSION}"
    return {"$schema": DIALECT, "title": title, **body, "$defs": schemas.definitions}
