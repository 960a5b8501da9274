"""Configuration schemas of the add-on by version.

In: an add-on version, and values.
Out: its schema, EKS's default Corefile for it, and the validation errors of the values.
Never: prefer a packaged schema over the one that EKS returns.
Start with: groups.py (which versions share a schema), then validate.py.
"""

from eksaddon.schema.default_corefile import Certainty, DefaultCorefile, NoDefault, default_corefile
from eksaddon.schema.groups import (
    DEFAULT_VERSIONS,
    KNOWN_VERSIONS,
    LISTED_ON,
    NEWEST_VERSION,
    SCHEMA_GROUPS,
    Membership,
    SchemaGroup,
    has_key,
    membership,
)
from eksaddon.schema.packaged import AddonSchema, SchemaSource, packaged_schema
from eksaddon.schema.validate import SchemaError, UnreadPattern, unread_patterns, validate
from eksaddon.schema.versions import AddonVersion, parse_version

__all__ = [
    "DEFAULT_VERSIONS",
    "KNOWN_VERSIONS",
    "LISTED_ON",
    "NEWEST_VERSION",
    "SCHEMA_GROUPS",
    "AddonSchema",
    "AddonVersion",
    "Certainty",
    "DefaultCorefile",
    "Membership",
    "NoDefault",
    "SchemaError",
    "SchemaGroup",
    "SchemaSource",
    "UnreadPattern",
    "default_corefile",
    "has_key",
    "membership",
    "packaged_schema",
    "parse_version",
    "unread_patterns",
    "validate",
]
