"""The JSON Schema (draft 2020-12) of what `codec` writes, from the same type hints that it reads by."""

import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from enum import Enum
from typing import Any, get_args, get_origin

from eksaddon.domain.codec import TAG
from eksaddon.domain.json import Json, JsonObject

_PLAIN: Mapping[Any, JsonObject] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    types.NoneType: {"type": "null"},
}


@dataclass(slots=True)
class Schemas:
    """Attributes: definitions: Of every class that was met, by its name; for `$defs`."""

    definitions: dict[str, Json] = field(default_factory=dict)

    def of(self, hint: Any) -> JsonObject:  # noqa: ANN401  # what a type hint says
        """The schema of a value of this type."""
        origin = get_origin(hint)
        if origin in (typing.Union, types.UnionType):
            return self._union(get_args(hint))
        if origin is not None:
            return self._collection(origin, get_args(hint))
        if is_dataclass(hint) and isinstance(hint, type):
            return self._reference(hint)
        if isinstance(hint, type) and issubclass(hint, Enum):
            return {"enum": [each.value for each in hint]}
        return _PLAIN[hint]

    def _union(self, kinds: tuple[Any, ...]) -> JsonObject:
        """Any JSON where that is what the hint means."""
        if any(get_origin(kind) is Sequence for kind in kinds):
            return {}
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
            self.definitions[name] = {}  # met already, should it hold itself
            hints = typing.get_type_hints(kind)
            named: dict[str, Json] = {each.name: self.of(hints[each.name]) for each in fields(kind)}
            self.definitions[name] = {
                "type": "object",
                "required": [TAG, *named],
                "properties": {TAG: {"const": name}, **named},
                "additionalProperties": False,
            }
        return {"$ref": f"#/$defs/{name}"}
