"""configurationValues as accepted by EKS: JSON or YAML, validated against the schema of the version."""

import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from jsonschema import Draft6Validator
from jsonschema.exceptions import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import YAMLError

from eksaddon.domain.json import Json, JsonObject
from eksaddon.frozen import dataclass

Schemas = Callable[[str], JsonObject | None]
"""The draft-06 schema of an add-on version; None for a version that does not exist."""

REFUSED = "ConfigurationValue provided in request is not supported: "
"""Source: aws/containers-roadmap#2216."""

_NULL_CHARACTER = "\0"


DEFAULT_REPLICAS = 2
"""EKS's default (source: replicaCount's default in the user guide)."""


class ValuesError(Exception):
    """The values are rejected; the text is EKS's message after `REFUSED`."""


def _as_int32(number: int) -> int:
    return (number + 2**31) % 2**32 - 2**31 if -(2**63) <= number < 2**63 else 0


@dataclass(frozen=True, slots=True)
class Values:
    """A parsed document."""

    keys: Mapping[str, Json]

    @property
    def replicas(self) -> int:
        """Replicas that the Kubernetes API stores for `replicaCount`, for which EKS's schema has no bounds.

        An int64 is cut to an int32, which can be negative and is rejected then; a larger number becomes 0
        (measured on kube-apiserver 1.36.3, server-side apply and strategic merge).
        """
        match self.keys.get("replicaCount"):
            case bool():
                return DEFAULT_REPLICAS
            case int() as count:
                return _as_int32(count)
            case float() as count if count.is_integer():  # JSON's 3.0 is an integer
                return _as_int32(int(count))
            case _:
                return DEFAULT_REPLICAS

    @property
    def autoscaled(self) -> bool:
        scaling = self.keys.get("autoScaling")
        return isinstance(scaling, Mapping) and scaling.get("enabled") is True

    @property
    def least_replicas(self) -> int:
        """The autoscaler's minimum."""
        scaling = self.keys.get("autoScaling")
        minimum = scaling.get("minReplicas", 2) if isinstance(scaling, Mapping) else 0
        return minimum if isinstance(minimum, int) else 0

    @property
    def budget(self) -> JsonObject | None:
        """Spec of the PodDisruptionBudget that EKS applies; None if it is disabled."""
        values = self.keys.get("podDisruptionBudget")
        budget = values if isinstance(values, Mapping) else {}
        if budget.get("enabled") is False:
            return None
        limits = ("maxUnavailable", "minAvailable")
        return {key: budget[key] for key in limits if budget.get(key) is not None} or {"maxUnavailable": 1}


NO_VALUES = Values({})


@lru_cache(maxsize=512)
def parse(text: str | None) -> Values:
    """Parse a document; None or an empty text sets nothing.

    Raises:
        ValuesError: Neither JSON nor YAML, or not an object.
    """
    if text is None or not text.strip():
        return NO_VALUES
    document = _load(text)
    if not isinstance(document, dict):
        raise ValuesError(
            f"Json schema validation failed with error: [$: {_kind(document)} found, object expected]"
        )
    return Values(document)


def _load(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    if _NULL_CHARACTER in text:
        raise ValuesError("it is neither JSON nor YAML")
    yaml = YAML(typ="safe", pure=True)
    yaml.Constructor = _Constructor
    try:
        document = yaml.load(io.StringIO(text))
        json.dumps(document)  # a set or bytes, which no object of Kubernetes can contain
    except (YAMLError, ValueError, TypeError, RecursionError) as error:
        raise ValuesError("it is neither JSON nor YAML") from error
    return document


class _Constructor(SafeConstructor):
    """Dates stay text, as in the JSON that EKS makes of YAML."""


_Constructor.add_constructor("tag:yaml.org,2002:timestamp", SafeConstructor.construct_yaml_str)


class Checker:
    """Validates documents; the schema of a version is compiled once."""

    def __init__(self, schemas: Schemas) -> None:
        self._schemas = schemas
        self._validators: dict[str, Draft6Validator] = {}

    def knows(self, version: str) -> bool:
        return version in self._validators or self._schemas(version) is not None

    def document(self, version: str) -> JsonObject | None:
        return self._schemas(version)

    def check(self, version: str, text: str | None) -> Values:
        """Parse and validate.

        Raises:
            ValuesError: With EKS's message.
        """
        values = parse(text)
        found = tuple(_complaints(self._validator(version).iter_errors(values.keys)))
        if found:
            raise ValuesError(f"Json schema validation failed with error: [{', '.join(found)}]")
        return values

    def _validator(self, version: str) -> Draft6Validator:
        if version not in self._validators:
            self._validators[version] = Draft6Validator(self._schemas(version) or {})
        return self._validators[version]


def _complaints(errors: Iterable[ValidationError]) -> Iterator[str]:
    """Format errors like networknt's json-schema-validator, which EKS uses."""
    for error in sorted(errors, key=lambda each: list(map(str, each.absolute_path))):
        if error.validator == "anyOf":
            yield from _complaints(error.context or ())
        else:
            yield from _one(error)


def _one(error: ValidationError) -> Iterator[str]:
    path = _path(error.absolute_path)
    limit: Any = error.validator_value
    instance: Any = error.instance
    match error.validator:
        case "additionalProperties" if limit is False:
            properties = error.schema.get("properties", {}) if isinstance(error.schema, Mapping) else {}
            unknown = [key for key in instance if key not in properties]
            text = "is not defined in the schema and the schema does not allow additional properties"
            yield from (f"{path}.{key}: {text}" for key in unknown)
        case "type":
            allowed = f"[{', '.join(limit)}]" if isinstance(limit, list) else limit
            yield f"{path}: {_kind(instance)} found, {allowed} expected"
        case "required":
            missing = [key for key in limit if key not in instance]
            yield from (f"{path}.{key}: is missing but it is required" for key in missing)
        case "enum":
            yield f"{path}: does not have a value in the enumeration [{', '.join(map(str, limit))}]"
        case "minimum" | "maximum" as bound:
            yield f"{path}: must have a {bound} value of {limit}"
        case "pattern":
            yield f"{path}: does not match the regex pattern {limit}"
        case _:
            yield f"{path}: {error.message}"


def _path(parts: Iterable[object]) -> str:
    return "$" + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)


def _kind(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case dict():
            return "object"
        case list():
            return "array"
        case _:
            return "string"
