"""The add-on's configuration schemas by version, and the documents that they describe."""

from eksaddon.schema.default_corefile import DefaultCorefile, NoDefault, default_corefile
from eksaddon.schema.document import Merged, merge
from eksaddon.schema.overlay import Edit, leaves
from eksaddon.schema.packaged import AddonSchema, SchemaSource, packaged_schema
from eksaddon.schema.validate import SchemaError, validate
from eksaddon.schema.values import Form, Unreadable, Values, equal, parse_values, same_values
from eksaddon.schema.versions import KNOWN_VERSIONS, AddonVersion, parse_version

__all__ = [
    "KNOWN_VERSIONS",
    "AddonSchema",
    "AddonVersion",
    "DefaultCorefile",
    "Edit",
    "Form",
    "Merged",
    "NoDefault",
    "SchemaError",
    "SchemaSource",
    "Unreadable",
    "Values",
    "default_corefile",
    "equal",
    "leaves",
    "merge",
    "packaged_schema",
    "parse_values",
    "parse_version",
    "same_values",
    "validate",
]
