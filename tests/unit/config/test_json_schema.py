import copy
import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from pydantic import ValidationError

from eksaddon.config.json_schema import DIALECT, config_schema
from eksaddon.config.load import parse_fleet
from eksaddon.config.model.fleet_model import FleetModel

VALIDATOR = jsonschema.Draft202012Validator(config_schema())

EVERYTHING: dict[str, Any] = {
    "version": 1,
    "coredns": {
        "replicaCount": 3,
        "podDisruptionBudget": {"enabled": True, "maxUnavailable": 1, "minAvailable": None},
        "lameduck": "20s",
        "terminationGracePeriod": "45s",
        "preStop": "5s",
        "propagation": "14s",
        "readinessProbe": {"periodSeconds": 5, "failureThreshold": 1, "timeoutSeconds": 1},
        "configuration": {"tolerations": [{"key": "a"}], "nodeSelector": None},
        "resolveConflicts": "none",
    },
    "accounts": [
        {
            "id": "111122223333",
            "name": "shop",
            "role": ["arn:aws:iam::111122223333:role/eksdns"],
            "externalId": "x",
            "profile": "p",
            "regions": ["eu-west-1"],
            "labels": {"env": "prod"},
        }
    ],
    "organization": {
        "role": "eksdns",
        "externalId": "x",
        "profile": "p",
        "ous": ["/A"],
        "excludeAccounts": ["sandbox"],
        "accountTags": {"dns": "managed"},
        "regions": "all",
    },
    "clusters": [{"name": "a", "account": "shop", "region": "eu-west-1", "labels": {"load": "high"}}],
    "discovery": "list",
    "overrides": [
        {
            "match": {
                "cluster": "prod-*",
                "account": ["a", "b"],
                "region": "eu-*",
                "labels": {"env": ["x"]},
                "ou": "/A",
            },
            "coredns": {"lameduck": None},
        }
    ],
    "waivers": [{"match": {"cluster": "a"}, "path": "*", "owner": "o", "reason": "r", "until": "2030-01-01"}],
    "rollout": {
        "waves": [
            {
                "name": "canary",
                "select": {"labels": {"env": "dev"}},
                "limit": 1,
                "before": [{"type": "approval"}],
                "gates": [
                    {
                        "type": "check",
                        "name": "addon-health",
                        "initialDelay": "1m",
                        "interval": "30s",
                        "failureLimit": 0,
                        "consecutiveSuccess": 1,
                    },
                    {
                        "type": "probe",
                        "from": "here",
                        "servers": ["prod-*=10.0.0.10:53"],
                        "name": "example.org.",
                        "recordType": "AAAA",
                        "transport": "tcp",
                        "ports": "kept",
                        "rate": 100,
                        "timeout": "500ms",
                        "tries": 2,
                        "expect": ["NXDOMAIN"],
                        "maxLost": 3,
                        "maxLoss": "0.1%",
                        "maxOutage": "1s",
                        "baseline": "10s",
                        "image": "registry.example/eksdns@sha256:1",
                        "nodes": 3,
                        "namespace": "probes",
                    },
                ],
                "maxConcurrency": "25%",
                "maxConcurrencyPerAccount": 2,
                "maxConcurrencyPerRegion": 1,
                "spreadBy": "region",
                "failureTolerance": 0,
                "soak": "30m",
                "onFailure": "pause",
            }
        ],
        "unmatched": "error",
        "emptyWave": "skip",
        "concurrencyMode": "strict",
        "unreachable": "failure",
    },
}

JUNK: list[Any] = [
    None, True, 0, -1, 3, 2.5, 5000, "", " ", "x", "20s", "20", "1d", "1.5s", "-5s", "33%", "101%", "all",
    "eu-west-1", "111122223333", "2030-01-01", "20300101", "check", "a b", "arn:aws:iam::1:role/x",
    [], ["a"], ["all"], [""], [3], {}, {"a": 1}, {"a": "b"}, {"lameduck": "3s"}, {"type": "approval"},
]  # fmt: skip

Path = tuple[str | int, ...]


def paths(value: Any, at: Path = ()) -> Iterator[Path]:
    yield at
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from paths(inner, (*at, key))


def changed(path: Path, change: Any) -> Any:
    """Everything, with the value at a path replaced; by nothing at all where the change says so."""
    document = copy.deepcopy(EVERYTHING)
    if not path:
        return change
    holder: Any = document
    for key in path[:-1]:
        holder = holder[key]
    if change is Ellipsis:
        del holder[path[-1]]
    else:
        holder[path[-1]] = change
    return document


def is_good(document: Any) -> bool:
    try:
        FleetModel.model_validate(document)
    except ValidationError:
        return False
    return True


def test_the_schema_is_a_schema_of_draft_2020_12() -> None:
    schema = config_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == DIALECT
    assert json.loads(json.dumps(schema)) == schema


def test_the_file_that_says_everything_is_good_for_both() -> None:
    assert VALIDATOR.is_valid(EVERYTHING)
    assert is_good(EVERYTHING)
    parse_fleet(
        json.dumps(EVERYTHING).replace('"externalId": "x", "profile": "p", "regions"', '"regions"'), "f"
    )


EVERY_PATH = list(paths(EVERYTHING))


@pytest.mark.slow
@pytest.mark.parametrize("first", range(12))
def test_schema_and_loader_agree_on_every_single_fault(first: int) -> None:
    for number, path in enumerate(EVERY_PATH[first::12]):
        for change in [*JUNK[number % 2 :: 2], ...]:
            document = changed(path, change)
            if document is not ...:
                assert VALIDATOR.is_valid(document) == is_good(document), (path, change)


@pytest.mark.parametrize("path", [path for path in EVERY_PATH if path and isinstance(path[-1], str)])
def test_schema_and_loader_know_the_same_keys(path: Path) -> None:
    document = changed((*path[:-1], f"{path[-1]}s"), "x")
    assert VALIDATOR.is_valid(document) == is_good(document)


def test_every_key_is_described() -> None:
    schema = config_schema()
    definitions = schema["$defs"]
    assert isinstance(definitions, dict)
    for model in (schema, *definitions.values()):
        assert isinstance(model, dict)
        assert model.get("description"), model
        for name, shape in model.get("properties", {}).items():
            assert name == "type" or shape.get("description"), name


def test_defaults_are_values_that_a_user_could_write() -> None:
    schema = config_schema()
    for path in (path for path in paths(schema) if path and path[-1] == "default"):
        holder: Any = schema
        for key in path[:-1]:
            holder = holder[key]
        jsonschema.Draft202012Validator(holder).validate(holder["default"])
