"""Reference of a file format, from the JSON Schema of its models."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.support.pages.markers import cell

_REFERENCE = "#/$defs/"
_PLAIN = {"string": "text", "integer": "number", "number": "number", "boolean": "`true`, `false`"}


@dataclass(frozen=True)
class Sections:
    """One table for each model.

    Attributes:
        titles: Title of each model by its name, in the order of the page.
    """

    titles: Mapping[str, str]

    def text(self, schema: Mapping[str, Any]) -> str:
        models: Mapping[str, Any] = schema["$defs"]
        sections = (self._section(self.titles[name], models[name]) for name in self.titles)
        return "\n".join((self._section("The file", schema), *sections))

    def _section(self, title: str, model: Mapping[str, Any]) -> str:
        """A table; without a column of meanings if the models have them in their description only."""
        required = frozenset(model.get("required", ()))
        is_described = any("description" in field for field in model["properties"].values())
        rows = [
            [
                f"`{key}`{' (required)' if key in required else ''}",
                self._value(field),
                _default(field) if is_described or field.get("default") else "",
                *([cell(field.get("description", ""))] if is_described else []),
            ]
            for key, field in model["properties"].items()
        ]
        heads = ["key", "value", "default", *(["meaning"] if is_described else [])]
        table = "".join(f"| {' | '.join(row)} |\n" for row in (heads, *rows))
        line, _, rest = table.partition("\n")
        return f"## {title}\n\n{model.get('description', '')}\n\n{line}\n{'|---' * len(heads)}|\n{rest}"

    def _value(self, field: Mapping[str, Any]) -> str:
        return ", ".join(dict.fromkeys(self._kinds(field)))

    def _kinds(self, field: Mapping[str, Any]) -> Iterator[str]:
        if "$ref" in field:
            yield self._link(field["$ref"].removeprefix(_REFERENCE))
        elif "const" in field:
            yield f"`{str(field['const']).lower()}`"
        elif "enum" in field:
            yield from (f"`{one}`" for one in field["enum"])
        elif several := field.get("anyOf") or field.get("oneOf"):
            for one in several:
                yield from self._kinds(one)
        elif field.get("type") == "array":
            inner = " or ".join(dict.fromkeys(self._kinds(field["items"]))) if field.get("items") else ""
            yield f"list of {inner}" if inner else "list"
        elif field.get("type") == "object" or "patternProperties" in field:
            yield from self._mapping(field)
        elif isinstance(kinds := field.get("type"), list):
            yield from ("`null`" if kind == "null" else _PLAIN[kind] for kind in kinds)
        elif field.get("type") == "null":
            yield "`null`"
        else:
            yield _PLAIN.get(field.get("type", ""), "any value") + _bounds(field)

    def _mapping(self, field: Mapping[str, Any]) -> Iterator[str]:
        inner = [*field.get("patternProperties", {}).values()]
        if isinstance(field.get("additionalProperties"), Mapping):
            inner.append(field["additionalProperties"])
        kinds = " or ".join(dict.fromkeys(kind for one in inner for kind in self._kinds(one)))
        yield f"mapping of names to {kinds}" if kinds else "mapping"

    def _link(self, model: str) -> str:
        title = self.titles[model]
        anchor = "".join(one for one in title.lower().replace(" ", "-") if one.isalnum() or one in "-_")
        return f"[{title}](#{anchor})"


def _default(field: Mapping[str, Any]) -> str:
    if "default" not in field:
        return ""
    value = field["default"]
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _bounds(field: Mapping[str, Any]) -> str:
    """The same text for 0 and 0.0: releases of pydantic differ."""
    low, high = (None if each is None else f"{each:.15g}" for each in map(field.get, ("minimum", "maximum")))
    if low is not None and high is not None:
        return f" {low} to {high}"
    if low is not None:
        return f" from {low}"
    return "" if high is None else f" up to {high}"
