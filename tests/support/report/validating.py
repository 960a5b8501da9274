"""Whether a printed document fits its published schema, which is compiled once."""

from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from eksaddon.domain.document import schema_of


@cache
def _validator(kind: type) -> Draft202012Validator:
    return Draft202012Validator(schema_of(kind))  # tests/unit/app/test_schemas.py checks the schema itself


def check_document(found: Any, kind: type) -> None:
    """Raise jsonschema's ValidationError if a document is not valid."""
    _validator(kind).validate(found)
