"""The add-on's configuration schemas by version, and the documents that they describe."""

from eksaddon.schema.default_corefile import Certainty, DefaultCorefile, NoDefault, default_corefile
from eksaddon.schema.groups import (
    DEFAULT_VERSIONS,
    KNOWN_VERSIONS,
    SCHEMA_GROUPS,
    Membership,
    SchemaGroup,
    has_key,
    membership,
)
from eksaddon.schema.packaged import AddonSchema, SchemaSource, packaged_schema
from eksaddon.schema.validate import SchemaError, validate
from eksaddon.schema.versions import AddonVersion, parse_version
from eksaddon.values.merge import Merged, merge
from eksaddon.values.overlay import Edit, leaves
from eksaddon.values.parse import Ambiguity, Form, Unreadable, Values, equal, parse_values, same_values

__all__ = [
    "DEFAULT_VERSIONS",
    "KNOWN_VERSIONS",
    "SCHEMA_GROUPS",
    "AddonSchema",
    "AddonVersion",
    "Ambiguity",
    "Certainty",
    "DefaultCorefile",
    "Edit",
    "Form",
    "Membership",
    "Merged",
    "NoDefault",
    "SchemaError",
    "SchemaGroup",
    "SchemaSource",
    "Unreadable",
    "Values",
    "default_corefile",
    "equal",
    "has_key",
    "leaves",
    "membership",
    "merge",
    "packaged_schema",
    "parse_values",
    "parse_version",
    "same_values",
    "validate",
]
