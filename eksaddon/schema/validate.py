"""Validates configurationValues against a schema, with readable messages."""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from eksaddon.domain.json import Json, JsonObject, canonical, path_text, to_plain
from eksaddon.frozen import dataclass
from eksaddon.schema.conforming import surely_conforms
from eksaddon.schema.packaged import AddonSchema
from eksaddon.schema.pattern import matches

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator

_MAX_SHOWN = 60
"""Maximum number of characters of a value in a message."""


@dataclass(frozen=True, slots=True, order=True)
class SchemaError:
    """A violation of the schema.

    Attributes:
        path: Such as `podDisruptionBudget.maxUnavailable`; empty for the whole document.
        message: Predicate that completes the sentence started by the path: the fault and the expected value.
    """

    path: str
    message: str


@dataclass(frozen=True, slots=True, order=True)
class UnreadPattern:
    """A `pattern` that Python cannot compile, such as one with Java's possessive quantifiers.

    Attributes:
        key: The innermost key that it applies to; empty if there is none.
    """

    key: str
    pattern: str


def unread_patterns(schema: AddonSchema, values: JsonObject) -> tuple[UnreadPattern, ...]:
    """The patterns that were not checked for a document, sorted by key."""
    unread = _unread_in(schema)
    keys = _all_keys(values) if unread else frozenset()
    return tuple(sorted({each for each in unread if each.key in keys}))


@lru_cache(maxsize=128)
def _unread_in(schema: AddonSchema) -> tuple[UnreadPattern, ...]:
    return tuple(_find_unread(schema.document, ""))


def _find_unread(node: Json, key: str) -> Iterator[UnreadPattern]:
    match node:
        case Mapping():
            for name, inner in node.items():
                if name == "pattern" and isinstance(inner, str) and not _is_readable(inner):
                    yield UnreadPattern(key, inner)
                elif name in {"properties", "patternProperties"} and isinstance(inner, Mapping):
                    for property_name, below in inner.items():
                        yield from _find_unread(below, property_name)
                else:
                    yield from _find_unread(inner, key)
        case list() | tuple():
            for inner in node:
                yield from _find_unread(inner, key)
        case _:
            return


def _all_keys(node: Json) -> frozenset[str]:
    match node:
        case Mapping():
            return frozenset(node) | frozenset(key for inner in node.values() for key in _all_keys(inner))
        case list() | tuple():
            return frozenset(key for inner in node for key in _all_keys(inner))
        case _:
            return frozenset()


def _is_readable(pattern: str) -> bool:
    try:
        re.compile(pattern)  # noqa: TID251  # whether it can be
    except (re.error, OverflowError, RecursionError):
        return False
    return True


def _without_unreadable(node: Any) -> Any:  # noqa: ANN401  # any part of a schema
    """Copy a schema without unreadable patterns, so that they do not prevent the check of other keys."""
    match node:
        case Mapping():
            return {
                name: _without_unreadable(inner)
                for name, inner in node.items()
                if not (name == "pattern" and isinstance(inner, str) and not _is_readable(inner))
            }
        case list() | tuple():
            return [_without_unreadable(inner) for inner in node]
        case _:
            return node


def validate(schema: AddonSchema, values: JsonObject) -> tuple[SchemaError, ...]:
    """All errors, sorted by path; an invalid schema results in one error that says so."""
    if surely_conforms(schema, values):
        return ()
    try:
        found = list(_validator(schema).iter_errors(to_plain(values)))
    except Exception as error:  # noqa: BLE001  # a foreign schema can make jsonschema raise anything
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        unusable = (
            f"cannot be checked: the {schema.source} schema of {schema.version} is broken ({reason:.200})"
        )
        return (SchemaError("", unusable),)
    return tuple(sorted({each for error in found for each in _to_schema_errors(error)}))


@lru_cache(maxsize=128)
def _validator(schema: AddonSchema) -> "Validator":
    """Compile a schema once, with the draft that it declares; references are never fetched."""
    from jsonschema import Draft6Validator  # noqa: PLC0415  # 60 ms that few commands need
    from jsonschema.validators import extend, validator_for  # noqa: PLC0415  # as above
    from referencing.jsonschema import EMPTY_REGISTRY  # noqa: PLC0415  # as above

    document = _without_unreadable(schema.document)
    kind = validator_for(document, default=Draft6Validator)
    kind.check_schema(document)
    keywords = {"pattern": _check_pattern, "patternProperties": _check_pattern_properties}
    bounded: type[Validator] = extend(kind, keywords)  # type: ignore[no-untyped-call]  # jsonschema types only a part
    return bounded(document, registry=EMPTY_REGISTRY)


def _check_pattern(_: object, pattern: Any, instance: Any, __: object) -> Iterator["ValidationError"]:  # noqa: ANN401  # JSON
    from jsonschema.exceptions import ValidationError  # noqa: PLC0415  # as below

    if isinstance(instance, str) and not matches(pattern, instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


def _check_pattern_properties(
    validator: Any,  # noqa: ANN401  # as jsonschema's own keywords
    properties: Any,  # noqa: ANN401  # JSON
    instance: Any,  # noqa: ANN401  # JSON
    __: object,
) -> Iterator["ValidationError"]:
    if isinstance(instance, dict):
        for pattern, subschema in properties.items():
            for key, value in instance.items():
                if matches(pattern, key):
                    yield from validator.descend(value, subschema, path=key, schema_path=pattern)


def _to_schema_errors(error: "ValidationError") -> Iterator[SchemaError]:
    path = tuple(error.absolute_path)
    value, keyword, rule = _error_parts(error)
    if keyword == "additionalProperties" and rule is False:
        yield from _unknown_keys(path, value, error.schema)
    elif keyword == "required" and isinstance(rule, list):
        missing = ", ".join(str(key) for key in rule if key not in value)
        yield SchemaError(path_text(path), f"is missing {missing}")
    else:
        yield SchemaError(path_text(path), f"is {_format_value(value)}, {_requirement(value, keyword, rule)}")


def _error_parts(error: "ValidationError") -> tuple[Any, Any, Any]:
    return error.instance, error.validator, error.validator_value


def _requirement(value: Json, keyword: str | None, rule: object) -> str:
    match keyword:
        case None:
            return "but no value is allowed there"
        case "type":
            return _type_requirement(value, rule)
        case "enum" if isinstance(rule, list):
            return _enum_requirement(value, rule)
        case "minimum":
            return f"must be at least {rule}"
        case "maximum":
            return f"must be at most {rule}"
        case "anyOf" if _is_amount(rule):
            return "must be a whole number, or a percentage such as '33%'"
        case _:
            return f"violates {keyword}: {_format_value(rule)}"


def _unknown_keys(
    path: tuple[str | int, ...], value: Mapping[str, Json], schema: object
) -> Iterator[SchemaError]:
    properties = schema.get("properties") if isinstance(schema, Mapping) else None
    known = sorted(properties) if isinstance(properties, Mapping) else []
    for key in value:
        if key not in known:
            yield SchemaError(
                path_text((*path, key)), f"is not a key of this version; {_suggest(key, known)}"
            )


def _suggest(key: str, known: Sequence[str]) -> str:
    by_lower = {each.lower(): each for each in known}
    matches = difflib.get_close_matches(key.lower(), by_lower, n=1)
    return f"did you mean {by_lower[matches[0]]}?" if matches else f"known keys: {', '.join(known) or 'none'}"


def _is_amount(alternatives: object) -> bool:
    """Whether this is the `anyOf` that EKS's schemas use for a number of pods or a percentage."""
    return isinstance(alternatives, list) and any(
        isinstance(one, Mapping) and str(one.get("pattern")).endswith("%$") for one in alternatives
    )


_KINDS = {
    "object": "a mapping",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}


def _type_requirement(value: Json, rule: object) -> str:
    names = rule if isinstance(rule, list) else [rule]
    kinds = " or ".join(_KINDS.get(str(name), str(name)) for name in names)
    in_quotes = names == ["string"] and not isinstance(value, Mapping | list)
    return f"must be {kinds}{', so quote it' if in_quotes else ''}"


def _enum_requirement(value: Json, rule: list[Json]) -> str:
    allowed = [_format_value(each) for each in rule]
    matches = difflib.get_close_matches(_format_value(value), allowed, n=1)
    did_you_mean = f"; did you mean {matches[0]}?" if matches else ""
    return f"must be one of {', '.join(allowed)}{did_you_mean}"


def _format_value(value: Any) -> str:  # noqa: ANN401  # of any JSON document, the schema itself included
    match value:
        case Mapping():
            return "a mapping"
        case list():
            return "a list"
        case _:
            text = canonical(value)
            return text if len(text) <= _MAX_SHOWN else f"{text[: _MAX_SHOWN - 1]}…"
