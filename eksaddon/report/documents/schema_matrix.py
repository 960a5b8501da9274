"""The keys of add-on versions as a JSON document and as text."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Literal

from eksaddon.domain.document import Count, Version
from eksaddon.domain.json import SCHEMA_VERSION
from eksaddon.frozen import dataclass
from eksaddon.schema import AddonSchema
from eksaddon.schema.keys import key_paths, supported_since


@dataclass(frozen=True, slots=True)
class VersionColumn:
    version: str
    schema: Annotated[str, "live, packaged, assumed (of a neighbouring version) or unknown."]
    installed: Annotated[Count, "Clusters that have the version."]
    next: Annotated[Count, "Clusters that would move to it."]


@dataclass(frozen=True, slots=True)
class KeyRow:
    key: Annotated[str, "Nested keys are separated by dots."]
    since: Annotated[tuple[str, ...], "First version of each run of known versions with the key."]
    supported: Annotated[Mapping[str, bool | None], "By version; null if the version's schema is not known."]


@dataclass(frozen=True, slots=True)
class SchemaMatrixDocument:
    schema_version: Version
    kind: Literal["schemaMatrix"]
    versions: Annotated[tuple[VersionColumn, ...], "Oldest first."]
    keys: tuple[KeyRow, ...]


def schema_matrix(
    versions: Iterable[VersionColumn], schemas: Mapping[str, AddonSchema]
) -> SchemaMatrixDocument:
    """Compare schemas by their keys.

    Args:
        versions: In the order of columns.
        schemas: By version; a version without one has unknown keys.
    """
    columns = tuple(versions)
    paths = {version: key_paths(schema.document) for version, schema in schemas.items()}
    keys = sorted({path for found in paths.values() for path in found})
    rows = (
        KeyRow(
            key,
            supported_since(key),
            {one.version: key in paths[one.version] if one.version in paths else None for one in columns},
        )
        for key in keys
    )
    return SchemaMatrixDocument(SCHEMA_VERSION, "schemaMatrix", columns, tuple(rows))


def matrix_rows(document: SchemaMatrixDocument) -> Iterator[tuple[str, ...]]:
    """Cells of a table: a key, a sign for each version, and since when."""
    signs = {True: "yes", False: "-", None: "?"}
    for row in document.keys:
        cells = (signs[row.supported[one.version]] for one in document.versions)
        yield (row.key, *cells, ", ".join(row.since) or "newer than the known versions")


def matrix_heads(document: SchemaMatrixDocument) -> tuple[str, ...]:
    return ("key", *(_head(one) for one in document.versions), "since")


def _head(one: VersionColumn) -> str:
    counts = [f"{one.installed} installed"] * bool(one.installed) + [f"{one.next} next"] * bool(one.next)
    return f"{one.version} ({', '.join(counts)})" if counts else one.version
