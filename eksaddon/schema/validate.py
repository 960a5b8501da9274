"""configurationValues against a schema, with messages of our own."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from eksaddon.domain.json import Json, JsonObject
from eksaddon.schema.packaged import AddonSchema

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator


@dataclass(frozen=True, slots=True, order=True)
class SchemaError:
    """One place where a document is not what the schema asks.

    Attributes:
        path: As `podDisruptionBudget.maxUnavailable`; empty for the whole document.
    """

    path: str
    message: str


def validate(schema: AddonSchema, values: JsonObject) -> tuple[SchemaError, ...]:
    """Every error, sorted by path; a schema that is none itself gives one error that says so."""
    from jsonschema.exceptions import SchemaError as BrokenSchema  # noqa: PLC0415  # 40 ms that few commands need
    from referencing.exceptions import Unresolvable  # noqa: PLC0415  # as above

    try:
        errors = list(_validator(schema).iter_errors(_plain(values)))
    except (BrokenSchema, Unresolvable, TypeError, ValueError, RecursionError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        return (SchemaError("", f"the schema of {schema.version} cannot be used: {reason}"),)
    return tuple(sorted({found for error in errors for found in _explain(error)}))


@lru_cache(maxsize=128)
def _validator(schema: AddonSchema) -> "Validator":
    """Compiled once for each schema; AddonSchema compares by identity."""
    from jsonschema import Draft6Validator  # noqa: PLC0415  # as above
    from jsonschema.validators import validator_for  # noqa: PLC0415  # as above

    kind = validator_for(schema.document, default=Draft6Validator)
    kind.check_schema(schema.document)
    return kind(schema.document)


def _plain(value: Json) -> Any:  # noqa: ANN401  # jsonschema knows dict and list only
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(inner) for inner in value]
    return value


def _explain(error: "ValidationError") -> Iterator[SchemaError]:
    path = _path(error.absolute_path)
    match error.validator:
        case "additionalProperties" if isinstance(error.instance, dict):
            known = sorted(error.schema.get("properties", {}))
            for key in error.instance:
                if key not in known:
                    yield SchemaError(f"{path}.{key}" if path else str(key), _unknown_key(str(key), known))
        case "type":
            yield SchemaError(path, f"is {_kind(error.instance)}, must be {_kinds(error.validator_value)}")
        case "enum":
            allowed = ", ".join(str(value) for value in error.validator_value)
            yield SchemaError(path, f"is {error.instance!r}, must be one of {allowed}")
        case "minimum" | "maximum":
            word = "at least" if error.validator == "minimum" else "at most"
            yield SchemaError(path, f"is {error.instance}, must be {word} {error.validator_value}")
        case "required":
            missing = [key for key in error.validator_value if key not in error.instance]
            yield SchemaError(path, f"lacks {', '.join(missing)}")
        case "anyOf" if _is_amount(error.validator_value):
            yield SchemaError(path, f"is {error.instance!r}, must be a number or a percentage such as '33%'")
        case _:
            yield SchemaError(path, error.message)


def _path(parts: Sequence[str | int]) -> str:
    text = ""
    for part in parts:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _unknown_key(key: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(key, known, n=1)
    way_out = f"did you mean {near[0]!r}?" if near else f"known keys: {', '.join(known)}"
    return f"is no key of this version; {way_out}"


def _is_amount(alternatives: object) -> bool:
    return isinstance(alternatives, list) and any(
        isinstance(one, Mapping) and str(one.get("pattern", "")).endswith("%$") for one in alternatives
    )


_KINDS = {
    "object": "a mapping",
    "array": "a list",
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}


def _kinds(names: str | Sequence[str]) -> str:
    listed = [names] if isinstance(names, str) else list(names)
    return " or ".join(_KINDS.get(name, name) for name in listed)


def _kind(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | float() | str():
            return repr(value)
        case list():
            return "a list"
        case _:
            return "a mapping"
