"""The generated schemas against the fifteen real ones, where these are at hand."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft6Validator

from eksaddon.domain.json import Json
from eksaddon.schema import (
    DEFAULT_VERSIONS,
    KNOWN_VERSIONS,
    SCHEMA_GROUPS,
    membership,
    packaged_schema,
    parse_version,
)
from tests.support.paths import SHARED
from tests.unit.values.generated import documents

FACTS = SHARED / "reference"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not FACTS.is_dir(),
        reason=f"the real schemas are not at {FACTS}; what is known of them is tested beside this file",
    ),
]

DOCUMENTS = 2_000
FOLDERS = ("schemas", "schemas-2026-10")


def read(name: str) -> Any:
    return json.loads((FACTS / name).read_text())


def real_schema(name: str) -> Any:
    for folder in FOLDERS:
        if (FACTS / folder / f"{name}.json").is_file():
            return read(f"{folder}/{name}.json")
    raise AssertionError(f"{name} is in none of {FOLDERS}")


def complaints(validator: Draft6Validator, document: Json) -> list[tuple[list[str | int], object]]:
    return sorted(
        (list(map(str, error.absolute_path)), str(error.validator))
        for error in validator.iter_errors(document)
    )


@pytest.mark.parametrize("group", SCHEMA_GROUPS, ids=lambda group: group.name)
def test_a_generated_schema_gives_the_verdict_and_the_faults_of_the_real_one(group, record_property):
    ours = packaged_schema(group.name)
    assert ours is not None
    generated = Draft6Validator(dict(ours.document))
    real = Draft6Validator(real_schema(group.name))
    counts: Counter[tuple[str, bool]] = Counter()
    for kind, document in documents(SCHEMA_GROUPS.index(group), group.keys, DOCUMENTS):
        expected = complaints(real, document)
        assert complaints(generated, document) == expected, document
        counts[kind, not expected] += 1
    record_property(
        "verdicts", {f"{kind}, {'accepted' if ok else 'refused'}": n for (kind, ok), n in counts.items()}
    )
    assert sum(counts.values()) >= 2_000
    assert counts["valid", True] == DOCUMENTS // 4
    assert counts["one fault", False] > DOCUMENTS // 4
    assert counts["one fault", True] > 0


def test_every_version_has_the_schema_that_the_table_says():
    index = [row for folder in FOLDERS for row in read(f"{folder}/INDEX.json")["schemas"]]
    real = {version: Path(row["file"]).stem for row in index for version in row["versions"]}
    table = {
        str(version): known.group.name
        for version in KNOWN_VERSIONS
        if (known := membership(version)) is not None
    }
    assert table == real
    keys = {
        name: frozenset(real_schema(name)["definitions"]["Coredns"]["properties"])
        for name in (Path(row["file"]).stem for row in index)
    }
    assert {group.name: group.keys for group in SCHEMA_GROUPS} == keys


def test_the_default_versions_are_those_of_the_listing():
    listed = {
        place["clusterVersion"]: entry["addonVersion"]
        for entry in read("addon-versions.coredns.json")["addonVersions"]
        for place in entry["compatibilities"]
        if place["defaultVersion"]
    }
    assert listed == DEFAULT_VERSIONS
    assert all(parse_version(version) in KNOWN_VERSIONS for version in listed.values())
