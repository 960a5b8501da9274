"""Encodes frozen dataclasses as JSON and back; a decoded value equals the encoded one, or decoding fails."""

import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, TypeVar, get_args, get_origin

from eksaddon.domain.json import Json, JsonObject
from eksaddon.frozen import dataclass

T = TypeVar("T")

TAG = "type"
"""Key with the name of an object's class."""

KEY = "key"
"""Metadata key of a field: its key in a document, if that is not its name in camelCase."""


class Form(Enum):
    """How objects are encoded.

    Attributes:
        RECORD: For plan files and journals. Each object names its class, keys are attribute names, and
            unknown keys are errors.
        DOCUMENT: For other programs. Keys are in camelCase, an attribute that equals its default is
            omitted, and unknown keys are ignored because a later release may add some.
    """

    RECORD = "record"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Member:
    """An attribute of a dataclass as a key of an object."""

    name: str
    key: str
    hint: Any
    default: object
    is_required: bool


@cache
def members(kind: Any, form: Form) -> tuple[Member, ...]:  # noqa: ANN401  # a class
    """The attributes of a dataclass in order; hints without `Annotated`."""
    hints = typing.get_type_hints(kind)
    return tuple(
        Member(each.name, _key_in(each, form), hints[each.name], default, default is MISSING)
        for each in fields(kind)
        for default in [_default(each)]
    )


def _key_in(each: "Field[Any]", form: Form) -> str:
    if form is Form.RECORD:
        return each.name
    first, *rest = each.name.split("_")
    return str(each.metadata.get(KEY, first + "".join(word.capitalize() for word in rest)))


def _default(each: "Field[Any]") -> object:
    return each.default if each.default_factory is MISSING else each.default_factory()


_LATEST = 253402300800.0
"""Seconds; every float of the domain is a time or a duration, and the calendar ends with the year 9999."""


class CodecError(Exception):
    """The document does not match the expected type.

    Attributes:
        path: Position in the document, such as `clusters[3].write.text`.
    """

    def __init__(self, path: str, message: str) -> None:
        super().__init__(f"{path or 'the document'}: {message}")
        self.path = path
        self.message = message


_PLAIN_TYPES = frozenset({str, bool, int, float, types.NoneType})
"""Most values of a document; tested first because a fleet has about a million of them."""


def encode(value: Any, form: Form = Form.RECORD) -> Json:  # noqa: ANN401  # see Raises
    """Encode a value as JSON.

    Raises:
        TypeError: The type has no JSON encoding.
    """
    if type(value) in _PLAIN_TYPES:
        return typing.cast("Json", value)
    if isinstance(value, list | tuple):
        return [encode(each, form) for each in value]
    if isinstance(value, Enum):
        return encode(value.value)
    if is_dataclass(value) and not isinstance(value, type):
        return _encode_object(value, form)
    if isinstance(value, Mapping):
        return {str(key): encode(each, form) for key, each in value.items()}
    if isinstance(value, frozenset):
        return [encode(each, form) for each in sorted(value)]
    raise TypeError(f"{type(value).__name__} cannot be encoded as JSON")


def _encode_object(value: Any, form: Form) -> JsonObject:  # noqa: ANN401  # a dataclass
    kind: Any = type(value)
    is_record = form is Form.RECORD
    found: dict[str, Json] = {TAG: kind.__name__} if is_record else {}
    for each in members(kind, form):
        inner = getattr(value, each.name)
        if is_record and each.hint is float and type(inner) is int:
            inner = float(inner)  # decoding returns a float, and digests of saved documents must not change
        if is_record or each.is_required or inner != each.default:
            found[each.key] = inner if type(inner) in _PLAIN_TYPES else encode(inner, form)
    return found


def decode(kind: type[T], document: Json, path: str = "", form: Form = Form.RECORD) -> T:
    """Decode a value.

    Raises:
        CodecError: The document does not match `kind`.
    """
    result: T = _Decoder(form).value(kind, document, path)
    return result


def decode_one_of(kinds: Sequence[type[T]], document: Json, path: str = "") -> T:
    """Decode a value of the class that its tag names.

    Raises:
        CodecError: The document does not match its class, or the tag names none of `kinds`.
    """
    classes = {kind.__name__: kind for kind in kinds}
    return typing.cast("T", _Decoder(Form.RECORD).tagged(classes, document, path))


@dataclass(frozen=True, slots=True)
class _Decoder:
    """Decodes by type hints, which are only known at run time, hence `Any`."""

    form: Form

    def value(self, hint: Any, document: Json, path: str) -> Any:  # noqa: ANN401  # see the class
        origin = get_origin(hint)
        if origin in (typing.Union, types.UnionType):
            is_json = any(get_origin(kind) is Sequence for kind in get_args(hint))
            return document if is_json else self._union(get_args(hint), document, path)
        if origin is typing.Literal:
            return _decode_literal(get_args(hint), document, path)
        if origin is not None:
            return self._collection(hint, document, path)
        if is_dataclass(hint):
            return self._object(hint, document, path)
        if issubclass(hint, Enum):
            return _decode_enum(hint, document, path)
        return _decode_plain(hint, document, path)

    def _union(self, kinds: tuple[Any, ...], document: Json, path: str) -> Any:  # noqa: ANN401  # see the class
        classes = [kind for kind in kinds if is_dataclass(kind) and isinstance(kind, type)]
        if isinstance(document, Mapping) and classes:
            if self.form is Form.DOCUMENT and len(classes) == 1:
                return self._object(classes[0], document, path)
            return self.tagged({kind.__name__: kind for kind in classes}, document, path)
        for kind in kinds:
            if is_dataclass(kind):
                continue
            try:
                return self.value(kind, document, path)
            except CodecError:
                continue
        raise CodecError(path, f"unexpected value {_abbreviated(document)}")

    def tagged(self, classes: Mapping[str, Any], document: Json, path: str) -> Any:  # noqa: ANN401  # see the class
        tag = document.get(TAG) if isinstance(document, Mapping) else None
        if not isinstance(tag, str) or tag not in classes:
            raise CodecError(path, f"{_abbreviated(tag)} is not one of {', '.join(sorted(classes))}")
        return self._object(classes[tag], document, path)

    def _collection(self, hint: Any, document: Json, path: str) -> Any:  # noqa: ANN401  # see the class
        origin, inner = get_origin(hint), get_args(hint)
        if issubclass(origin, Mapping):
            if not isinstance(document, Mapping):
                raise CodecError(path, "is not an object")
            return types.MappingProxyType(
                {key: self.value(inner[1], each, f"{path}.{key}") for key, each in document.items()}
            )
        if not isinstance(document, list):
            raise CodecError(path, "is not a list")
        if origin is tuple and Ellipsis not in inner:
            if len(document) != len(inner):
                raise CodecError(path, f"has {len(document)} items, expected {len(inner)}")
            pairs = zip(inner, document, strict=True)
            return tuple(self.value(kind, each, f"{path}[{at}]") for at, (kind, each) in enumerate(pairs))
        return origin(self.value(inner[0], each, f"{path}[{at}]") for at, each in enumerate(document))

    def _object(self, kind: Any, document: Json, path: str) -> Any:  # noqa: ANN401  # see the class
        if not isinstance(document, Mapping):
            raise CodecError(path, "is not an object")
        known = members(kind, self.form)
        keys = {each.key for each in known} | {TAG}
        if self.form is Form.RECORD and (unknown := [key for key in document if key not in keys]):
            raise CodecError(path, f"unknown key {unknown[0]!r}")
        if missing := [each.key for each in known if each.is_required and each.key not in document]:
            raise CodecError(path, f"{missing[0]!r} is missing")
        values = {
            each.name: self.value(each.hint, document[each.key], f"{path}.{each.key}".lstrip("."))
            for each in known
            if each.key in document
        }
        return kind(**values)


def _decode_literal(allowed: tuple[Any, ...], document: Json, path: str) -> Json:
    if not any(document == one and type(document) is type(one) for one in allowed):
        raise CodecError(path, f"{_abbreviated(document)} is none of {', '.join(map(str, allowed))}")
    return document


def _decode_enum(kind: Callable[[Json], Any], document: Json, path: str) -> Any:  # noqa: ANN401  # see `_Decoder`
    try:
        return kind(document)
    except ValueError as error:
        raise CodecError(path, str(error)) from None


def _decode_plain(kind: type, document: Json, path: str) -> Json:
    if kind is float and isinstance(document, int | float) and not isinstance(document, bool):
        if not abs(document) < _LATEST:  # NaN fails this comparison too
            raise CodecError(path, f"{_abbreviated(document)} is neither a time nor a duration")
        return float(document)
    if type(document) is not kind:
        raise CodecError(path, f"{_abbreviated(document)} is not of type {kind.__name__}")
    return document


def _abbreviated(document: object) -> str:
    text = repr(document)
    return text if len(text) <= 40 else f"{text[:37]}..."  # noqa: PLR2004  # limit for messages


def as_object(document: Json) -> JsonObject:
    """Narrow the result of `encode` for a dataclass."""
    if not isinstance(document, Mapping):
        raise TypeError(document)
    return document
