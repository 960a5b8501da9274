"""`schema --matrix`: of the known versions, and of the clusters that are selected."""

import json
from typing import Any

from tests.functional.version.test_desired_version import DEFAULT, INSTALLED


def row(document: dict[str, Any], key: str) -> dict[str, Any]:
    (found,) = [one for one in document["keys"] if one["key"] == key]
    assert isinstance(found, dict)
    return found


def test_without_clusters_it_shows_the_known_schemas(bare):
    ended = bare("schema", "--matrix", "-o", "json")
    document = json.loads(ended.out)
    assert (ended.code, document["kind"], len(document["versions"])) == (0, "schemaMatrix", 15)
    found = row(document, "autoScaling.nodesPerReplica")
    assert found["since"] == ["v1.14.7-eksbuild.10"]
    assert [version for version, has in found["supported"].items() if has] == ["v1.14.7-eksbuild.10"]


def test_of_a_fleet_it_shows_what_clusters_have_and_would_move_to(stage):
    ended = stage.call("schema", "--matrix", "--cluster", "prod", "-o", "json")
    document = json.loads(ended.out)
    assert [(one["version"], one["installed"], one["next"]) for one in document["versions"]] == [
        (INSTALLED, 1, 0),
        (DEFAULT, 0, 1),
    ]
    assert {one["schema"] for one in document["versions"]} == {"live"}
    assert row(document, "autoScaling.enabled")["supported"] == {INSTALLED: True, DEFAULT: True}


def test_the_table_has_a_column_for_each_version(stage):
    ended = stage.call("schema", "--matrix", "--all")
    heads, *rows = ended.out.splitlines()
    assert "V1.11.4-EKSBUILD.51 (4 INSTALLED)" in heads
    assert any(line.startswith("podDisruptionBudget.maxUnavailable ") for line in rows)
    assert ended.code == 0
