"""The JSON Schema (draft 2020-12) of `codec`'s output, derived from the same type hints."""

import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import field, is_dataclass
from enum import Enum
from typing import Annotated, Any, get_args, get_origin

from eksaddon.domain.encoding.codec import TAG, Form, Member, members
from eksaddon.domain.json import Json, JsonObject
from eksaddon.frozen import dataclass

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_PLAIN: Mapping[Any, JsonObject] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    types.NoneType: {"type": "null"},
}


@dataclass(frozen=True, eq=False, slots=True)
class Keywords:
    """Additional schema keywords for `Annotated`; hashable by identity, as `Annotated` requires."""

    keywords: JsonObject


@dataclass(slots=True)
class Schemas:
    """Collects the schemas of dataclasses.

    Attributes:
        definitions: Schema of every visited class by its name, for `$defs`.
    """

    form: Form = Form.RECORD
    definitions: dict[str, Json] = field(default_factory=dict)

    def of(self, hint: Any) -> JsonObject:  # noqa: ANN401  # a type hint
        """Schema of a value of this type."""
        origin = get_origin(hint)
        if origin is Annotated:
            return self._annotated(*get_args(hint))
        if origin in (typing.Union, types.UnionType):
            return self._union(get_args(hint))
        if origin is typing.Literal:
            words = get_args(hint)
            return {"const": words[0]} if len(words) == 1 else {"enum": list(words)}
        if origin is not None:
            return self._collection(origin, get_args(hint))
        if is_dataclass(hint) and isinstance(hint, type):
            return self._reference(hint)
        if isinstance(hint, type) and issubclass(hint, Enum):
            return {"enum": [each.value for each in hint]}
        return _PLAIN[hint]

    def _annotated(self, hint: Any, *notes: object) -> JsonObject:  # noqa: ANN401  # as above
        schema = dict(self.of(hint))
        for note in notes:
            schema |= note.keywords if isinstance(note, Keywords) else {"description": str(note)}
        return schema

    def _union(self, kinds: tuple[Any, ...]) -> JsonObject:
        """Schema of a union; `Json` allows any value."""
        if any(get_origin(kind) is Sequence for kind in kinds):
            return {}
        if all(kind in _PLAIN for kind in kinds):
            return {"type": [_PLAIN[kind]["type"] for kind in kinds]}
        return {"anyOf": [self.of(kind) for kind in kinds]}

    def _collection(self, origin: Any, inner: tuple[Any, ...]) -> JsonObject:  # noqa: ANN401  # as above
        if issubclass(origin, Mapping):
            return {"type": "object", "additionalProperties": self.of(inner[1])}
        if origin is tuple and Ellipsis not in inner:
            count = len(inner)
            parts: list[Json] = [self.of(kind) for kind in inner]
            return {"type": "array", "prefixItems": parts, "minItems": count, "maxItems": count}
        return {"type": "array", "items": self.of(inner[0])}

    def _reference(self, kind: type) -> JsonObject:
        name = kind.__name__
        if name not in self.definitions:
            self.definitions[name] = {}  # marks the class as visited, for recursive types
            self.definitions[name] = self.of_object(kind)
        return {"$ref": f"#/$defs/{name}"}

    def of_object(self, kind: type) -> JsonObject:
        """Schema of a dataclass, inline instead of by reference; documents may have additional keys."""
        hints = typing.get_type_hints(kind, include_extras=True)
        known = members(kind, self.form)
        if self.form is Form.DOCUMENT:
            properties = {each.key: self.of(_present(hints[each.name], each)) for each in known}
            required = [each.key for each in known if each.is_required]
            return {"type": "object", "required": required, "properties": properties}
        properties = {each.key: self.of(hints[each.name]) for each in known}
        return {
            "type": "object",
            "required": [TAG, *properties],
            "properties": {TAG: {"const": kind.__name__}, **properties},
            "additionalProperties": False,
        }


def _present(hint: Any, member: Member) -> Any:  # noqa: ANN401  # as above
    """Type of an attribute that is present: if its default is None it is omitted instead of null."""
    if member.default is not None:
        return hint
    if get_origin(hint) is Annotated:
        inner, *notes = get_args(hint)
        return Annotated[_present(inner, member), *notes]
    return typing.Union[tuple(kind for kind in get_args(hint) if kind is not types.NoneType)]  # noqa: UP007  # built at run time
