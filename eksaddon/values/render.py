"""Renders values as JSON or YAML text."""

import json
from collections.abc import Iterator, Mapping, Sequence

from eksaddon.domain.json import Json, JsonObject
from eksaddon.frozen import dataclass
from eksaddon.regex import regex
from eksaddon.values.scalars import is_safe_plain

_UNPRINTABLE = regex("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
"""Characters that YAML does not allow verbatim, or reads as a line break."""

_NO_LITERAL = regex("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class YamlStyle:
    """Style of new YAML lines.

    Attributes:
        unit: Number of spaces of one indentation level.
        quote_all: Use no literal blocks; quote every string that could be read as another type.
    """

    unit: int = 2
    quote_all: bool = False


@dataclass(frozen=True, slots=True)
class Rendered:
    """The rendered value of a key.

    Attributes:
        inline: Text on the key's line; can be empty.
        lines: The following lines, with indentation, without line breaks.
        needs_break: The last line belongs to a literal block whose text ends with a line break.
    """

    inline: str
    lines: tuple[str, ...] = ()
    needs_break: bool = False


def json_text(value: Json, *, ascii_only: bool = False, spaced: bool = True, step: str | None = None) -> str:
    """Render JSON that every YAML parser reads the same way, unless `ascii_only` is set.

    Args:
        step: One level of indentation; None for a single line.
    """
    separators = (", " if spaced and step is None else ",", ": " if spaced else ":")
    text = json.dumps(value, ensure_ascii=ascii_only, separators=separators, indent=step)
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def yaml_text(values: JsonObject) -> str:
    """Render a document."""
    return "".join(f"{line}\n" for line in entry_lines(values, 0, YamlStyle())) if values else "{}\n"


def entry_lines(values: JsonObject, column: int, style: YamlStyle) -> Iterator[str]:
    for key, value in values.items():
        found = rendered(value, column, style)
        yield f"{' ' * column}{plain_or_quoted(key)}:{f' {found.inline}' if found.inline else ''}"
        yield from found.lines


def plain_or_quoted(text: str) -> str:
    return text if is_safe_plain(text) else json_text(text)


def rendered(value: Json, column: int, style: YamlStyle) -> Rendered:
    """Render a value in block style.

    Args:
        column: Column of the parent mapping or list, from 0.
    """
    inner = column + style.unit
    match value:
        case str():
            literal = None if style.quote_all or "\n" not in value else literal_block(value, column, inner)
            return literal or Rendered(plain_or_quoted(value))
        case Mapping() if value:
            return _multi_line(value, tuple(entry_lines(value, inner, style)), style)
        case Sequence() if value:
            return _multi_line(value, tuple(_item_lines(value, inner, style)), style)
        case _:
            return Rendered(json.dumps(value))


def _multi_line(value: Json, lines: tuple[str, ...], style: YamlStyle) -> Rendered:
    return Rendered("", lines, needs_break=not style.quote_all and _ends_with_break(value))


def _ends_with_break(value: Json) -> bool:
    match value:
        case str():
            return value.endswith("\n")
        case Mapping() if value:
            return _ends_with_break(list(value.values())[-1])
        case Sequence() if value:
            return _ends_with_break(value[-1])
        case _:
            return False


def _item_lines(items: Sequence[Json], column: int, style: YamlStyle) -> Iterator[str]:
    for item in items:
        dash = f"{' ' * column}- "
        if isinstance(item, Mapping) and item:
            first, *others = entry_lines(item, column + 2, style)
        elif isinstance(item, Sequence) and not isinstance(item, str) and item:
            first, *others = _item_lines(item, column + 2, style)
        else:
            found = rendered(item, column, style)
            first, others = found.inline, list(found.lines)
        yield dash + first.lstrip(" ")
        yield from others


def literal_block(text: str, parent: int, column: int) -> Rendered | None:
    """Render a string as a literal block (`|`); None if that is not possible.

    Args:
        parent: Column of the parent mapping or list.
        column: Column of the block's lines.
    """
    content = text.strip("\n")
    if not content or _NO_LITERAL.search(text) or not 1 <= column - parent <= 9:  # noqa: PLR2004  # one digit
        return None
    indicator = str(column - parent) if text.lstrip("\n").startswith(" ") else ""
    chomping = "-" if not text.endswith("\n") else "+" if text.endswith("\n\n") else ""
    lines = text.removesuffix("\n").split("\n")
    indented = tuple(f"{' ' * column}{line}" if line else "" for line in lines)
    return Rendered(f"|{indicator}{chomping}", indented, needs_break=text.endswith("\n"))
