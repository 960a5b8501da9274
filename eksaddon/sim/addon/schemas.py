"""Configuration schemas of the simulated EKS."""

from eksaddon.domain.json import JsonObject
from eksaddon.schema import AddonSchema, packaged_schema


def packaged(version: str) -> JsonObject | None:
    """The packaged schema of a known version; None if it would only be assumed."""
    found = packaged_schema(version)
    if not isinstance(found, AddonSchema) or found.source != "packaged":
        return None
    return found.document
