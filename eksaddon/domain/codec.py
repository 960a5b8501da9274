"""The domain's values as JSON and back: what is read is equal to what was written, or it is an error."""

import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, TypeVar, get_args, get_origin

from eksaddon.domain.json import Json, JsonObject

T = TypeVar("T")

TAG = "type"
"""Which of several classes an object is; stands only where there is a choice."""


_LATEST = 253402300800.0
"""Seconds; every float of the domain is a time or a duration, and the calendar ends with the year 9999."""


class CodecError(Exception):
    """A document that is no such value.

    Attributes:
        path: Where, as `clusters[3].write.text`.
    """

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path or 'the document'}: {message}")
        self.path = path
        self.message = message


def encode(value: object) -> Json:
    """A value of the domain as JSON; keys are the attributes' names."""
    if is_dataclass(value) and not isinstance(value, type):
        own: dict[str, Json] = {TAG: type(value).__name__}
        return own | {each.name: encode(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Enum):
        return encode(value.value)
    if isinstance(value, Mapping):
        return {str(key): encode(each) for key, each in value.items()}
    if isinstance(value, frozenset):
        return [encode(each) for each in sorted(value)]
    if isinstance(value, list | tuple):
        return [encode(each) for each in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def decode(kind: type[T], document: Json, path: str = "") -> T:
    """Read a value.

    Raises:
        CodecError: The document is none of this kind.
    """
    result: T = _decode(kind, document, path)
    return result


def decode_one_of(kinds: Sequence[type[T]], document: Json, path: str = "") -> T:
    """Read a value of the class that its tag names.

    Raises:
        CodecError: As `decode`, or the tag names none of them.
    """
    return typing.cast("T", _tagged({kind.__name__: kind for kind in kinds}, document, path))


def _decode(hint: Any, document: Json, path: str) -> Any:  # noqa: ANN401  # what a type hint says
    origin = get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        is_json = any(get_origin(kind) is Sequence for kind in get_args(hint))
        return document if is_json else _union(get_args(hint), document, path)
    if origin is not None:
        return _collection(origin, get_args(hint), document, path)
    if is_dataclass(hint):
        return _object(hint, document, path)
    if issubclass(hint, Enum):
        return _enum(hint, document, path)
    return _plain(hint, document, path)


def _union(kinds: tuple[Any, ...], document: Json, path: str) -> Any:  # noqa: ANN401  # as above
    classes = {str(kind.__name__): kind for kind in kinds if is_dataclass(kind) and isinstance(kind, type)}
    if isinstance(document, Mapping) and classes:
        return _tagged(classes, document, path)
    for kind in kinds:
        if is_dataclass(kind):
            continue
        try:
            return _decode(kind, document, path)
        except CodecError:
            continue
    raise CodecError(path, f"{_shown(document)} is none of what is possible here")


def _tagged(classes: Mapping[str, Any], document: Json, path: str) -> Any:  # noqa: ANN401  # as above
    tag = document.get(TAG) if isinstance(document, Mapping) else None
    if not isinstance(tag, str) or tag not in classes:
        raise CodecError(path, f"{_shown(tag)} is none of {', '.join(sorted(classes))}")
    return _object(classes[tag], document, path)


def _collection(origin: Any, inner: tuple[Any, ...], document: Json, path: str) -> Any:  # noqa: ANN401  # as above
    if issubclass(origin, Mapping):
        if not isinstance(document, Mapping):
            raise CodecError(path, "is no object")
        return types.MappingProxyType(
            {key: _decode(inner[1], each, f"{path}.{key}") for key, each in document.items()}
        )
    if not isinstance(document, list):
        raise CodecError(path, "is no list")
    if origin is tuple and Ellipsis not in inner:
        if len(document) != len(inner):
            raise CodecError(path, f"has {len(document)} items, not {len(inner)}")
        pairs = zip(inner, document, strict=True)
        return tuple(_decode(kind, each, f"{path}[{at}]") for at, (kind, each) in enumerate(pairs))
    return origin(_decode(inner[0], each, f"{path}[{at}]") for at, each in enumerate(document))


def _object(kind: Any, document: Json, path: str) -> Any:  # noqa: ANN401  # as above
    if not isinstance(document, Mapping):
        raise CodecError(path, "is no object")
    hints = _hints(kind)
    given = {name: each for name, each in document.items() if name != TAG}
    if strange := [name for name in given if name not in hints]:
        raise CodecError(path, f"{strange[0]!r} is unknown")
    if missing := [name for name in _required(kind) if name not in given]:
        raise CodecError(path, f"{missing[0]!r} is missing")
    values = {name: _decode(hints[name], each, f"{path}.{name}".lstrip(".")) for name, each in given.items()}
    return kind(**values)


@cache
def _hints(kind: Any) -> Mapping[str, Any]:  # noqa: ANN401  # as above
    resolved = typing.get_type_hints(kind)
    return {each.name: resolved[each.name] for each in fields(kind)}


@cache
def _required(kind: Any) -> tuple[str, ...]:  # noqa: ANN401  # as above
    """An earlier version knew fewer fields; those that came later have a default."""
    return tuple(
        each.name for each in fields(kind) if each.default is MISSING and each.default_factory is MISSING
    )


def _enum(kind: Callable[[Json], Any], document: Json, path: str) -> Any:  # noqa: ANN401  # as above
    try:
        return kind(document)
    except ValueError as error:
        raise CodecError(path, str(error)) from None


def _plain(kind: type, document: Json, path: str) -> Json:
    if kind is float and isinstance(document, int | float) and not isinstance(document, bool):
        if not abs(document) < _LATEST:  # what is not a number is not less either
            raise CodecError(path, f"{_shown(document)} is no time and no duration")
        return float(document)
    if type(document) is not kind:
        raise CodecError(path, f"{_shown(document)} is no {kind.__name__}")
    return document


def _shown(document: object) -> str:
    text = repr(document)
    return text if len(text) <= 40 else f"{text[:37]}..."  # noqa: PLR2004  # enough to recognise it by


def as_object(document: Json) -> JsonObject:
    """For what `encode` made of a dataclass."""
    if not isinstance(document, Mapping):
        raise TypeError(document)
    return document
