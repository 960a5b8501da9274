"""Every field of a document edited, one at a time; what a document holds is read from its types."""

import types
import typing
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from typing import Any

from eksaddon.domain.encoding.codec import TAG

Json = Any
"""A JSON document, to be taken apart."""

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """One field with another value.

    Attributes:
        field: Class and field, as `AddonWrite.text`.
        path: Keys and indices from the top.
        document: The whole document with the edit made.
    """

    field: str
    path: Path
    document: Json


def edits(document: Json, *kinds: type, each: int = 4) -> Iterator[Edit]:
    """Values replaced by others of their kind; lists without their first item, or with it twice.

    Args:
        kinds: Classes of the document; a field whose values are an enumeration takes its other members.
        each: How many instances of one field are edited at most.
    """
    members, seen = enumerations(*kinds), Counter[str]()
    for field, path, value in _fields(document, "", ()):
        seen[field] += 1
        if seen[field] <= each:
            for new in _others(value, members.get(field, ())):
                yield Edit(field, path, _with(document, path, new))


def fields_of(document: Json) -> set[str]:
    return {field for field, _, _ in _fields(document, "", ())}


def held_by(*kinds: type) -> set[type]:
    """These dataclasses, and all that their fields can hold."""
    left, known = list(kinds), set[type]()
    while left:
        kind = left.pop()
        if is_dataclass(kind) and kind not in known:
            known.add(kind)
            left += [part for hint in typing.get_type_hints(kind).values() for part in _parts(hint)]
    return known


def enumerations(*kinds: type) -> dict[str, tuple[str, ...]]:
    """The values of every field, of these classes and of those that they hold, that is an enumeration."""
    found: dict[str, tuple[str, ...]] = {}
    left, known = list(kinds), set[type]()
    while left:
        kind = left.pop()
        if kind in known:
            continue
        known.add(kind)
        hints = typing.get_type_hints(kind)
        for one in fields(kind):
            for part in _parts(hints[one.name]):
                if is_dataclass(part):
                    left.append(part)
                elif issubclass(part, Enum):
                    found[f"{kind.__name__}.{one.name}"] = tuple(str(each.value) for each in part)
    return found


def _parts(hint: Any) -> Iterator[type]:  # what a type hint says
    origin = typing.get_origin(hint)
    if origin is not None or isinstance(hint, types.UnionType):
        for inner in typing.get_args(hint):
            yield from _parts(inner)
    elif isinstance(hint, type):
        yield hint


def _fields(value: Json, field: str, path: Path) -> Iterator[tuple[str, Path, Json]]:
    if isinstance(value, Mapping):
        kind = value.get(TAG, "")
        for key, each in value.items():
            name = f"{kind}.{key}" if kind else field or key
            if key != TAG:
                yield name, (*path, key), each
                yield from _fields(each, name, (*path, key))
    elif isinstance(value, list):
        for at, each in enumerate(value):
            yield from _fields(each, field, (*path, at))


def _others(value: Json, members: tuple[str, ...]) -> list[Json]:
    match value:
        case str() if members:
            return [member for member in members if member != value]
        case bool():
            return [not value]
        case int() | float():
            return [value + 1]
        case str():
            return [f"{value}x"]
        case None:
            return ["x", 1]
        case [_, *_]:
            return [value[1:], [*value, value[0]]]
        case _:
            return []


def _with(document: Json, path: Path, new: Json) -> Json:
    if not path:
        return new
    key, *rest = path
    if isinstance(document, Mapping):
        changed = _with(document[key], tuple(rest), new)
        return {name: changed if name == key else each for name, each in document.items()}
    return [_with(each, tuple(rest), new) if at == key else each for at, each in enumerate(document)]
