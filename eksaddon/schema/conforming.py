"""Recognises documents that conform, without jsonschema, whose import takes 60 ms.

It knows the keywords of EKS's schemas and of the pod template's. A schema with another one, or with one that
is used as the standard forbids, is left to jsonschema, as is every document that may have an error: what this
module accepts, jsonschema accepts.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

from eksaddon.domain.json import Json, JsonObject
from eksaddon.schema.packaged import AddonSchema
from eksaddon.schema.pattern import matches

DRAFT = "http://json-schema.org/draft-06/schema#"
"""The draft of EKS's schemas, and the one of a schema that declares none."""

Check = Callable[[Any], bool]
"""Whether a value conforms for certain."""


class _UnknownError(Exception):
    """A part of the schema that has to be left to jsonschema."""


def surely_conforms(schema: AddonSchema, values: JsonObject) -> bool:
    """Whether jsonschema would find no error in document and schema; False if that is not certain."""
    check = _check_of(schema)
    try:
        return check is not None and check(values)
    except (RecursionError, ValueError):  # a reference to itself; a pattern that could take forever
        return False


@lru_cache(maxsize=128)
def _check_of(schema: AddonSchema) -> Check | None:
    if schema.document.get("$schema", DRAFT) != DRAFT:
        return None
    try:
        return _Reader(schema.document).root()
    except (_UnknownError, RecursionError):
        return None


class _Reader:
    """Reads one schema; every part of it, because jsonschema refuses a schema for any wrong part."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._definitions: dict[str, Check] = {}

    def root(self) -> Check:
        inner = {key: value for key, value in self._document.items() if key not in {"$schema", "definitions"}}
        names = _expect(self._document.get("definitions", {}), Mapping)
        check = self._schema(inner, names)
        self._definitions.update({name: self._schema(below, names) for name, below in names.items()})
        return check

    def _schema(self, node: object, names: Mapping[str, object]) -> Check:
        keywords = {key: value for key, value in _expect(node, Mapping).items() if not _is_note(key, value)}
        if "$ref" in keywords:
            return self._reference(keywords, names)
        checks = tuple(self._checks(keywords, names))
        return lambda value: all(check(value) for check in checks)

    def _reference(self, keywords: Mapping[str, Any], names: Mapping[str, object]) -> Check:
        start, _, name = _expect(keywords["$ref"], str).rpartition("/")
        if len(keywords) > 1 or start != "#/definitions" or name not in names or not name.isalnum():
            raise _UnknownError
        return partial(self._conforms, name)

    def _conforms(self, name: str, value: object) -> bool:
        return self._definitions[name](value)

    def _checks(self, keywords: Mapping[str, Any], names: Mapping[str, object]) -> Iterator[Check]:
        for key, rule in keywords.items():
            match key:
                case "properties":
                    known = {
                        each: self._schema(below, names) for each, below in _expect(rule, Mapping).items()
                    }
                    yield _each_known(known)
                case "additionalProperties":
                    known_names = frozenset(keywords.get("properties", ()))
                    yield _each_other(known_names, self._bool_or_schema(rule, names))
                case "items":
                    yield _each_item(self._schema(rule, names))
                case "anyOf":
                    yield _any_of([self._schema(each, names) for each in _some(rule)])
                case _ if key in _SIMPLE:
                    yield _SIMPLE[key](rule)
                case _:
                    raise _UnknownError

    def _bool_or_schema(self, rule: object, names: Mapping[str, object]) -> Check:
        return (lambda _: rule) if isinstance(rule, bool) else self._schema(rule, names)


def _is_note(key: str, value: object) -> bool:
    """Whether a keyword has no effect on a value."""
    return key == "default" or (key in {"title", "description"} and isinstance(value, str))


def _expect(value: Any, kind: type[Any]) -> Any:  # noqa: ANN401  # JSON of that kind
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise _UnknownError
    return value


def _some(value: object) -> Sequence[Any]:
    """A list that is not empty."""
    if not isinstance(value, (list, tuple)) or not value:
        raise _UnknownError
    return value


def _texts(value: object) -> Sequence[str]:
    """A list of different texts."""
    found = [_expect(each, str) for each in _some(value)]
    if len(set(found)) < len(found):
        raise _UnknownError
    return found


def _each_known(known: Mapping[str, Check]) -> Check:
    return lambda value: (
        not isinstance(value, Mapping)
        or all(known[name](below) for name, below in value.items() if name in known)
    )


def _each_other(known: frozenset[str], check: Check) -> Check:
    return lambda value: (
        not isinstance(value, Mapping)
        or all(check(below) for name, below in value.items() if name not in known)
    )


def _each_item(check: Check) -> Check:
    return lambda value: not _is_array(value) or all(map(check, value))


def _any_of(checks: Sequence[Check]) -> Check:
    return lambda value: any(check(value) for check in checks)


def _is_array(value: Json) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _is_number(value: Json) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


_KINDS: Mapping[str, Check] = {
    "object": lambda value: isinstance(value, Mapping),
    "array": _is_array,
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: _is_number(value) and value == value // 1,
    "number": _is_number,
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
}


def _type(rule: object) -> Check:
    names = [rule] if isinstance(rule, str) else _texts(rule)
    if not _KINDS.keys() >= set(names):
        raise _UnknownError
    return _any_of([_KINDS[name] for name in names])


def _enum(rule: object) -> Check:
    words = frozenset(_texts(rule))
    return lambda value: isinstance(value, str) and value in words


def _required(rule: object) -> Check:
    names = frozenset(_texts(rule))
    return lambda value: not isinstance(value, Mapping) or names <= value.keys()


def _minimum(rule: object) -> Check:
    least = _expect(rule, int)
    return lambda value: not _is_number(value) or value >= least


def _maximum(rule: object) -> Check:
    most = _expect(rule, int)
    return lambda value: not _is_number(value) or value <= most


def _length(rule: object) -> int:
    found: int = _expect(rule, int)
    if found < 0:
        raise _UnknownError
    return found


def _max_length(rule: object) -> Check:
    most = _length(rule)
    return lambda value: not isinstance(value, str) or len(value) <= most


def _min_length(rule: object) -> Check:
    least = _length(rule)
    return lambda value: not isinstance(value, str) or len(value) >= least


def _min_items(rule: object) -> Check:
    least = _length(rule)
    return lambda value: not _is_array(value) or len(value) >= least


def _pattern(rule: object) -> Check:
    pattern = _expect(rule, str)
    try:
        re.compile(pattern)  # noqa: TID251  # whether it can be
    except (re.error, OverflowError, RecursionError):
        raise _UnknownError from None
    return lambda value: not isinstance(value, str) or matches(pattern, value)


_SIMPLE: Mapping[str, Callable[[object], Check]] = {
    "type": _type,
    "enum": _enum,
    "required": _required,
    "minimum": _minimum,
    "maximum": _maximum,
    "maxLength": _max_length,
    "minLength": _min_length,
    "minItems": _min_items,
    "pattern": _pattern,
}
